// A system of components over definite inputs, in plain variables: what another program integrates that knows nothing of tensors.
//   1. Abbreviations are written out, and numbers put in for the letters of inputs: one equation for each independent component.
//   2. A component becomes a variable. Its name has letters, one underscore, letters and digits, which every system takes for one name:
//      K_0x01 for K0_01, V_4x00x01 for V4_00,01.
//   3. A Gaussian expectation, with sigma put in where it is known, becomes its closed form, or else a variable E_0, E_1, ... with its definition.

using System.Globalization;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>The equation of one component.</summary>
/// <param name="Variable">The component as a plain variable.</param>
/// <param name="Component">The component.</param>
/// <param name="RightSide">Its value at the next layer, or its derivative in depth time, in variables of components, parameters and expectations.</param>
/// <param name="Initial">Its value at depth 0, in the components of K0.</param>
public sealed record ComponentRow(Symbol Variable, Indexed Component, Expression RightSide, Expression Initial);

/// <summary>A Gaussian expectation that right sides refer to by a variable.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="Integrand">A function of x, y, ..., the preactivations of the inputs; sigma, sigma_1, ... stand for the activation and its derivatives.</param>
/// <param name="Inputs">The inputs, in the order of x, y, ...; their covariance is K0.</param>
public sealed record ExpectationVariable(Symbol Variable, Expression Integrand, IReadOnlyList<int> Inputs);

/// <summary>The equations of a closure, component by component, in plain variables.</summary>
/// <param name="Form">Whether right sides are values at the next layer or derivatives in depth time.</param>
/// <param name="Rows">One equation for each independent component, in the order of the state.</param>
/// <param name="Expectations">The expectations that stand in them as variables.</param>
public sealed record ComponentSystem(DepthForm Form, IReadOnlyList<ComponentRow> Rows, IReadOnlyList<ExpectationVariable> Expectations)
{
    private const int MostInputs = 36;

    /// <summary>Writes a system out.</summary>
    /// <param name="system">A system of components.</param>
    /// <param name="inputs">N, at most 36.</param>
    /// <param name="activation">sigma; null leaves every expectation a variable.</param>
    /// <exception cref="NotSupportedException">The system is on modes or observables, or the activation has a kink.</exception>
    internal static ComponentSystem Of(EquationSystem system, int inputs, ActivationDefinition? activation)
    {
        if (!system.IsOfComponents)
            throw new NotSupportedException($"{system.Closure.Name} has equations in modes or observables, whose numbers are computed along the way; g-only and g-connected have them component by component.");
        if (inputs is < 1 or > MostInputs)
            throw new ArgumentOutOfRangeException(nameof(inputs), $"The number of inputs is {inputs.ToString(CultureInfo.InvariantCulture)}; equations are written out for 1 to {MostInputs.ToString(CultureInfo.InvariantCulture)}.");
        // At a = b the derivatives of an expectation in K_aa, K_ab and K_bb do not exist one by one.
        if (activation?.Kinks.Count > 0)
            throw new NotSupportedException($"{activation} has a kink, where second derivatives of expectations exist in the sum only; leave the activation out, and expectations stay variables.");
        var expectations = new List<ExpectationVariable>();
        var known = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
        var rows = new List<ComponentRow>();
        foreach (EvolutionEquation equation in system.Equations)
        {
            Expression rightSide = PriceTheorem.Apply(system.WriteOut(equation.RightSide)), initial = system.WriteOut(equation.Initial);
            foreach (Indexed component in equation.Variable.Tensor.ComponentsOver(inputs))
            {
                var table = new Dictionary<TensorIndex, TensorIndex>();
                for (int at = 0; at < component.Indices.Length; at++)
                    table[equation.Variable.Indices[at]] = component.Indices[at];
                rows.Add(new(Variable(component), component, Plain(rightSide.Rename(table)), Plain(initial.Rename(table))));
            }
        }

        return new(system.Form, rows, expectations);

        Expression Plain(Expression expression) => expression.Rewrite(node => node switch
        {
            Indexed component => Variable(component),
            GaussianMean mean => known.TryGetValue(mean, out Expression? value) ? value : known[mean] = Value(mean),
            _ => null,
        });

        Expression Value(GaussianMean mean)
        {
            Expression integrand = activation is null ? mean.Body : WithActivation(mean.Body, activation.Expression);
            int[] slots = [.. mean.Indices.ToArray().Select(index => index.Value)];
            Symbol[] variables = [.. Enumerable.Range(0, slots.Length).Select(GaussianMean.Slot)];
            Expression Kernel(int first, int second) => Variable(mean.Kernel[TensorIndex.Input(slots[first]), TensorIndex.Input(slots[second])]);
            if (activation is not null && ClosedForm.TryFind(integrand, variables, Kernel) is { } closed)
                return closed.Readable;
            string number = expectations.Count.ToString(CultureInfo.InvariantCulture);
            expectations.Add(new(Symbol.Of("E_" + number, $"E_{{{number}}}"), integrand, slots));
            return expectations[^1].Variable;
        }
    }

    private static Expression WithActivation(Expression body, Expression sigma) => body.Rewrite(node =>
    {
        if (node is not Call { Function: ActivationFunction function } call)
            return null;
        Expression value = sigma;
        for (int order = 0; order < function.Order; order++)
            value = value.Differentiate(KnownActivations.Variable);
        return value.Substitute(KnownActivations.Variable, call.Operands[0]);
    });

    private static Symbol Variable(Indexed component)
    {
        string tensor = component.Tensor.Name, pairs = "";
        int letters = tensor.TakeWhile(char.IsAsciiLetter).Count();
        for (int at = 0; at < component.Indices.Length; at++)
            pairs += (at % 2 == 0 ? "x" : "") + "0123456789abcdefghijklmnopqrstuvwxyz"[component.Indices[at].Value];
        return Symbol.Of($"{tensor[..letters]}_{tensor[letters..].Replace("_", "", StringComparison.Ordinal)}{pairs}", ExpressionPrinter.Latex(component));
    }
}
