using SymbolicEft.Numeric.Activations;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>Expectations in closed form, for activations with features too narrow for any grid: erf(100 x), say. Slower than sums over grids.</summary>
internal sealed class ClosedExpectations
{
    private readonly int _inputs;
    private readonly (ExpectationAtom Atom, ClosedFormExpectation Form)[] _forms;

    private ClosedExpectations(int inputs, (ExpectationAtom, ClosedFormExpectation)[] forms) => (_inputs, _forms) = (inputs, forms);

    /// <summary>Finds the closed forms of a list of atoms.</summary>
    /// <param name="activation">sigma.</param>
    /// <param name="inputs">N.</param>
    /// <param name="atoms">The expectations wanted, without formal kernel derivatives.</param>
    /// <returns>Null if one of them has none, or sigma has kinks.</returns>
    public static ClosedExpectations? TryFind(Activation activation, int inputs, IReadOnlyList<ExpectationAtom> atoms)
    {
        if (activation.Definition.Kinks.Count > 0)
            return null;
        var found = new Dictionary<(int, int, bool), ClosedFormExpectation?>();
        var forms = new List<(ExpectationAtom, ClosedFormExpectation)>();
        foreach (ExpectationAtom atom in atoms)
        {
            (int i, int j, bool same) shape = (atom.FirstOrder, atom.SecondOrder, atom.FirstInput == atom.SecondInput);
            if (!found.TryGetValue(shape, out ClosedFormExpectation? form))
            {
                Symbol x = ClosedForm.Variables[0], other = ClosedForm.Variables[shape.same ? 0 : 1];
                Expression integrand = activation.Derivative(shape.i).Substitute(Activation.Variable, x) * activation.Derivative(shape.j).Substitute(Activation.Variable, other);
                found.Add(shape, form = ClosedForm.TryFind(integrand, shape.same ? [x] : [x, other], ClosedForm.KernelEntry));
            }

            if (form is null)
                return null;
            forms.Add((atom, form));
        }

        return new(inputs, [.. forms]);
    }

    /// <summary>Evaluates them.</summary>
    /// <param name="kernel">K over pairs.</param>
    /// <param name="relativeTarget">What rounding may leave open, as a share of each value.</param>
    /// <param name="put">Receives the number of each atom, its value and the bound of its rounding error.</param>
    /// <returns>False if one of them does not exist, or its rounding exceeds the target.</returns>
    public bool TryEvaluate(ReadOnlySpan<double> kernel, double relativeTarget, Action<int, double, double> put)
    {
        for (int at = 0; at < _forms.Length; at++)
        {
            (ExpectationAtom atom, ClosedFormExpectation form) = _forms[at];
            int a = atom.FirstInput, b = atom.SecondInput;
            double first = kernel[PairIndexing.Of(a, a, _inputs)], cross = kernel[PairIndexing.Of(a, b, _inputs)], second = kernel[PairIndexing.Of(b, b, _inputs)];
            try
            {
                double value = form.Evaluate(a == b ? new[,] { { first } } : new[,] { { first, cross }, { cross, second } }, out double rounding);
                if (!(rounding <= relativeTarget * Math.Abs(value)))
                    return false;
                put(at, value, rounding);
            }
            catch (DivergentExpectationException)
            {
                return false;
            }
        }

        return true;
    }
}
