// A running error analysis: every node gets its value and a bound, to first order, of what rounding has done to it.
//   sum        the errors of the terms, and a unit of each partial sum
//   product    each error times the other factors, and a unit a factor
//   power      |p v / b| of the base's error
//   function   how much its value changes over the error of its argument, and a few units of its own
// The kernel entries are taken as given, without error. Exponents lose digits by their size: e^s is as wrong as s is
// absolutely, which is what makes this more than a multiple of the value.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Expectations;

/// <summary>Evaluates an expression together with a bound of its rounding error.</summary>
internal static class RoundingAnalysis
{
    private const double Unit = 1.1102230246251565e-16;

    /// <summary>The value, and the bound.</summary>
    public static (double Value, double Error) Evaluate(Expression expression, IReadOnlyDictionary<Expression, double> atoms)
    {
        var known = new Dictionary<Expression, (double Value, double Error)>(ReferenceEqualityComparer.Instance);
        foreach (Expression node in Calculus.Nodes(expression, atoms.ContainsKey))
            known.Add(node, atoms.TryGetValue(node, out double given) ? (given, 0) : Measure(node, known));
        return known[expression];
    }

    private static (double Value, double Error) Measure(Expression node, Dictionary<Expression, (double Value, double Error)> known)
    {
        double value, error = 0;
        switch (node)
        {
            case Number number:
                value = number.Value.ToDouble();
                return (value, number.Value.IsInteger && Math.Abs(value) < 1e15 ? 0 : Unit * Math.Abs(value));
            case Constant constant:
                return (constant.Value, Unit * constant.Value);
            case Sum sum:
                value = 0;
                foreach (Expression term in sum.Operands)
                {
                    value += known[term].Value;
                    error += known[term].Error + (Unit * Math.Abs(value));
                }

                return (value, error);
            case Product product:
                value = 1;
                foreach (Expression factor in product.Operands)
                {
                    (double part, double partError) = known[factor];
                    error = (error * (Math.Abs(part) + partError)) + (Math.Abs(value) * partError);
                    value *= part;
                    error += Unit * Math.Abs(value);
                }

                return (value, error);
            case Power power:
                (double @base, double baseError) = known[power.Base];
                (double exponent, double exponentError) = known[power.Exponent];
                value = power.Exponent is Number { Value: var p } && p == Rational.Half ? Math.Sqrt(@base) : Math.Pow(@base, exponent);
                error = 2 * Unit * Math.Abs(value);
                if (baseError > 0)
                    error += Math.Abs(@base) > 2 * baseError ? Math.Abs(exponent * value) * baseError / (Math.Abs(@base) - baseError) : double.PositiveInfinity;
                if (exponentError > 0)
                    error += Math.Abs(Math.Log(Math.Abs(@base)) * value) * exponentError;
                return (value, error);
            case Call call:
                return Call(call, known);
            default:
                throw new InvalidOperationException($"{node} has no value; give it one.");
        }
    }

    private static (double Value, double Error) Call(Call call, Dictionary<Expression, (double Value, double Error)> known)
    {
        var arguments = new double[call.Operands.Length];
        for (int at = 0; at < arguments.Length; at++)
            arguments[at] = known[call.Operands[at]].Value;
        double value = call.Function.Evaluate(arguments);
        double error = 4 * Unit * Math.Abs(value);

        // e^s Phi(t) and its kind add s and t^2/2 on the way; the determinant and the angle are exact to rounding.
        bool mixesExponents = call.Function is CompoundFunction compound
            && (compound == CompoundFunctions.ExpPhi || compound == CompoundFunctions.ExpSinh || compound == CompoundFunctions.ExpCosh);
        for (int at = 0; at < arguments.Length; at++)
        {
            double reach = known[call.Operands[at]].Error + (mixesExponents ? Unit * Math.Abs(arguments[at]) : 0);
            if (reach == 0)
                continue;
            error += Math.Max(Change(call.Function, arguments, at, reach, value), Change(call.Function, arguments, at, -reach, value));
        }

        return (value, double.IsNaN(error) ? double.PositiveInfinity : error);
    }

    // Over a distance at which the difference is not rounding itself, scaled back; the angle and the determinant are rough at
    // the edge of their domains, where only the distance itself will do.
    private static double Change(Function function, double[] arguments, int at, double reach, double value)
    {
        double[] moved = [.. arguments];
        double distance = Math.Sign(reach) * Math.Max(Math.Abs(reach), 1e-9 * Math.Abs(arguments[at]));
        if (function == CompoundFunctions.GramAngle || function == CompoundFunctions.GramDeterminant || !function.IsSmooth)
            distance = reach;
        moved[at] += distance;
        double change = Math.Abs(function.Evaluate(moved) - value);
        return double.IsNaN(change) ? 0 : change * Math.Abs(reach / distance);
    }
}
