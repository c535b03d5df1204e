using System.Globalization;
using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Expectations;

/// <summary>A Gaussian expectation in closed form.</summary>
public sealed class ClosedFormExpectation
{
    private readonly Func<int, int, Expression> _kernel;

    internal ClosedFormExpectation(
        Expression integrand,
        IReadOnlyList<Symbol> variables,
        Func<int, int, Expression> kernel,
        Expression value,
        IReadOnlyList<Expression> conditions,
        IReadOnlyList<string> laws) =>
        (Integrand, Variables, _kernel, Value, Conditions, Laws) = (integrand, variables, kernel, value, conditions, laws);

    /// <summary>The integrand.</summary>
    public Expression Integrand { get; }

    /// <summary>The Gaussian variables.</summary>
    public IReadOnlyList<Symbol> Variables { get; }

    /// <summary>The expectation in terms of the kernel entries, made for evaluation: see <see cref="CompoundFunctions"/>.</summary>
    public Expression Value { get; }

    /// <summary>The expectation in terms of the kernel entries in plain functions, made for readers.</summary>
    public Expression Readable => CompoundFunctions.WriteOut(Value);

    /// <summary>What must be positive for the expectation to exist, such as 1 - 2 Kxx for exp(x^2).</summary>
    public IReadOnlyList<Expression> Conditions { get; }

    /// <summary>The laws that were used, in alphabetical order.</summary>
    public IReadOnlyList<string> Laws { get; }

    /// <summary>
    /// The value at a definite kernel, also at its edges: a variable of variance 0 is put to 0, and of two variables of
    /// correlation 1 or -1 one is put in terms of the other, before the closed form is taken.
    /// </summary>
    /// <param name="kernel">The covariance of the variables; positive semidefinite.</param>
    /// <exception cref="ArgumentException">The matrix is not a covariance.</exception>
    /// <exception cref="DivergentExpectationException">The expectation does not exist at this kernel.</exception>
    public double Evaluate(double[,] kernel) => Evaluate(kernel, out _);

    /// <summary>The value at a definite kernel, with a bound of its rounding error; see <see cref="Evaluate(double[,])"/>.</summary>
    /// <param name="kernel">The covariance of the variables; positive semidefinite.</param>
    /// <param name="roundingError">
    /// What rounding can have done at most, in interval arithmetic; the kernel is taken as exact. It is large where terms nearly cancel and
    /// where exponents are large, and infinite where nothing is known.
    /// </param>
    /// <exception cref="ArgumentException">The matrix is not a covariance.</exception>
    /// <exception cref="DivergentExpectationException">The expectation does not exist at this kernel.</exception>
    public double Evaluate(double[,] kernel, out double roundingError)
    {
        Check(kernel);
        var atoms = new Dictionary<Expression, double>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < Variables.Count; i++)
        {
            for (int j = i; j < Variables.Count; j++)
            {
                if (_kernel(i, j) is Symbol entry)
                    atoms[entry] = kernel[i, j];
            }
        }

        foreach (Expression condition in Conditions)
        {
            double margin = condition.Evaluate(atoms);
            if (!(margin > 0))
                throw new DivergentExpectationException($"E[{Integrand}] does not exist at this kernel: {condition} must be positive, and is {margin.ToString("R", CultureInfo.InvariantCulture)}.");
        }

        if (Reduced(kernel) is var (integrand, kept))
        {
            if (kept.Count == 0)
                return Rounded(integrand, atoms, out roundingError);
            var less = new double[kept.Count, kept.Count];
            for (int i = 0; i < kept.Count; i++)
            {
                for (int j = 0; j < kept.Count; j++)
                    less[i, j] = kernel[kept[i], kept[j]];
            }

            ClosedFormExpectation reduced = ClosedForm.TryFind(integrand, [.. kept.Select(index => Variables[index])], (i, j) => _kernel(kept[i], kept[j]))
                ?? throw new DivergentExpectationException($"E[{Integrand}] does not exist at this kernel, where {integrand} would have to be integrated.");
            return reduced.Evaluate(less, out roundingError);
        }

        return Rounded(Value, atoms, out roundingError);
    }

    /// <inheritdoc/>
    public override string ToString() => Readable.ToString();

    private double Rounded(Expression expression, Dictionary<Expression, double> atoms, out double roundingError)
    {
        double value = Finite(expression.Evaluate(atoms));
        var program = EnclosureProgram.OfClosedForm(expression, [.. atoms.Keys.Cast<Symbol>()]);
        roundingError = program.Range([.. atoms.Values.Select(Interval.At)]).Reach(value);
        return value;
    }

    /// <summary>An interval that holds the values at all variances of an interval, where there is one variable.</summary>
    internal Interval Range(Interval variance) => _kernel(0, 0) is Symbol entry ? EnclosureProgram.OfClosedForm(Value, entry).Range(variance) : Interval.Everything;

    private double Finite(double value) =>
        double.IsFinite(value)
            ? value
            : throw new DivergentExpectationException($"E[{Integrand}] = {Value} is {value.ToString("R", CultureInfo.InvariantCulture)} at this kernel; use smaller variances, or a function that grows less.");

    // The integrand with the variables removed that the others, or nothing, determine; null if all are needed.
    private (Expression Integrand, List<int> Kept)? Reduced(double[,] kernel)
    {
        Expression integrand = Integrand;
        var kept = new List<int>();
        for (int j = 0; j < Variables.Count; j++)
        {
            Expression? value = kernel[j, j] == 0 ? Expression.Zero : null;
            foreach (int i in kept)
            {
                if (value is null && SpecialFunctions.GramDeterminant(kernel[i, i], kernel[i, j], kernel[j, j]) == 0)
                    value = Rational.FromShortestDecimal(kernel[i, j] / kernel[i, i]) * (Expression)Variables[i];
            }

            if (value is null)
                kept.Add(j);
            else
                integrand = integrand.Substitute(Variables[j], value);
        }

        return kept.Count == Variables.Count ? null : (integrand, kept);
    }

    // Pivots of the Cholesky decomposition, with room for rounding.
    private void Check(double[,] kernel)
    {
        int n = Variables.Count;
        if (kernel.GetLength(0) != n || kernel.GetLength(1) != n)
            throw new ArgumentException($"The kernel has {kernel.GetLength(0)} x {kernel.GetLength(1)} entries; {n} x {n} are needed.", nameof(kernel));
        var rest = (double[,])kernel.Clone();
        for (int k = 0; k < n; k++)
        {
            for (int i = 0; i < n; i++)
            {
                if (!double.IsFinite(kernel[k, i]) || kernel[k, i] != kernel[i, k])
                    throw new ArgumentException("The kernel must be finite and symmetric.", nameof(kernel));
            }

            double room = 1e-13 * kernel[k, k];
            if (!(rest[k, k] >= -room) || kernel[k, k] < 0)
                throw new ArgumentException($"The kernel is not positive semidefinite: pivot {k} is {rest[k, k].ToString("R", CultureInfo.InvariantCulture)}.", nameof(kernel));
            for (int i = k + 1; i < n; i++)
            {
                if (rest[k, k] <= room)
                {
                    if (Math.Abs(rest[i, k]) > 1e-6 * Math.Sqrt(kernel[i, i] * kernel[k, k]))
                        throw new ArgumentException("The kernel is not positive semidefinite.", nameof(kernel));
                    continue;
                }

                for (int j = k + 1; j < n; j++)
                    rest[i, j] -= rest[i, k] * rest[j, k] / rest[k, k];
            }
        }
    }
}

/// <summary>An expectation does not exist, or is infinite, at the kernel in question.</summary>
/// <param name="message">Which, and why.</param>
public sealed class DivergentExpectationException(string message) : ArithmeticException(message);
