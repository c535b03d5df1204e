using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Expectations;

/// <summary>A linear form of the variables plus a constant: a_1 x_1 + ... + a_n x_n + c.</summary>
internal sealed class AffineForm(Expression[] slopes, Expression constant)
{
    /// <summary>The coefficient of each variable.</summary>
    public Expression[] Slopes { get; } = slopes;

    /// <summary>The constant.</summary>
    public Expression Constant { get; } = constant;

    /// <summary>The form as an affine function of the variables; null if it is none.</summary>
    public static AffineForm? TryRead(Expression expression, IReadOnlyList<Symbol> variables)
    {
        var slopes = new Expression[variables.Count];
        Expression rest = expression.Expand();
        Expression constant = Expression.Zero;
        Array.Fill(slopes, Expression.Zero);
        foreach (Expression term in rest.Terms)
        {
            int variable = -1;
            Expression coefficient = Expression.One;
            foreach (Expression factor in term.Factors)
            {
                int which = IndexOf(factor, variables);
                if (which >= 0 && variable < 0)
                    variable = which;
                else if (variables.Any(factor.Contains))
                    return null;
                else
                    coefficient *= factor;
            }

            if (variable < 0)
                constant += term;
            else
                slopes[variable] += coefficient;
        }

        return new(slopes, constant);
    }

    /// <summary>True if both are the same form.</summary>
    public bool Equals(AffineForm other) =>
        ReferenceEquals(Constant, other.Constant)
        && Enumerable.Range(0, Math.Max(Slopes.Length, other.Slopes.Length)).All(i => ReferenceEquals(Slope(i), other.Slope(i)));

    /// <summary>The negative.</summary>
    public AffineForm Mirrored() => new([.. Slopes.Select(slope => -slope)], -Constant);

    /// <summary>True if only the constants may differ.</summary>
    public bool IsParallelTo(AffineForm other) => Equals(new(other.Slopes, Constant));

    private Expression Slope(int i) => i < Slopes.Length ? Slopes[i] : Expression.Zero;

    /// <summary>The form plus a variable that comes after all the others.</summary>
    public AffineForm PlusVariable(int index)
    {
        Expression[] slopes = [.. Slopes, .. Enumerable.Repeat(Expression.Zero, index + 1 - Slopes.Length)];
        slopes[index] += 1;
        return new(slopes, Constant);
    }

    private static int IndexOf(Expression factor, IReadOnlyList<Symbol> variables)
    {
        for (int at = 0; at < variables.Count; at++)
        {
            if (ReferenceEquals(variables[at], factor))
                return at;
        }

        return -1;
    }
}

/// <summary>A Gaussian vector with means and covariances that are expressions.</summary>
internal sealed class GaussianVector(Expression[] mean, Expression[,] covariance)
{
    /// <summary>Number of components.</summary>
    public int Count => mean.Length;

    /// <summary>The mean of a component.</summary>
    public Expression Mean(int i) => mean[i];

    /// <summary>The covariance of two components.</summary>
    public Expression Covariance(int i, int j) => covariance[i, j];

    /// <summary>The mean of an affine form.</summary>
    public Expression Mean(AffineForm form)
    {
        Expression sum = form.Constant;
        for (int i = 0; i < form.Slopes.Length; i++)
            sum += form.Slopes[i] * mean[i];
        return sum;
    }

    /// <summary>The covariance of a component with a form.</summary>
    public Expression Covariance(int i, AffineForm form)
    {
        Expression sum = Expression.Zero;
        for (int j = 0; j < form.Slopes.Length; j++)
            sum += form.Slopes[j] * covariance[i, j];
        return sum;
    }

    /// <summary>The covariance of two forms.</summary>
    public Expression Covariance(AffineForm left, AffineForm right)
    {
        Expression sum = Expression.Zero;
        for (int i = 0; i < left.Slopes.Length; i++)
        {
            if (!left.Slopes[i].IsZero)
                sum += left.Slopes[i] * Covariance(i, right);
        }

        return sum.Expand();
    }

    /// <summary>The vector with further components that are independent standard normals.</summary>
    public GaussianVector Extended(int more)
    {
        int count = Count + more;
        Expression[] means = [.. mean, .. Enumerable.Repeat(Expression.Zero, more)];
        var entries = new Expression[count, count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                entries[i, j] = i < Count && j < Count ? covariance[i, j] : i == j ? Expression.One : Expression.Zero;
        }

        return new(means, entries);
    }

    /// <summary>The joint law of affine forms of the vector.</summary>
    public GaussianVector Of(IReadOnlyList<AffineForm> forms)
    {
        var means = new Expression[forms.Count];
        var entries = new Expression[forms.Count, forms.Count];
        for (int i = 0; i < forms.Count; i++)
        {
            means[i] = Mean(forms[i]);
            for (int j = 0; j <= i; j++)
                entries[i, j] = entries[j, i] = Covariance(forms[i], forms[j]);
        }

        return new(means, entries);
    }

    /// <summary>
    /// The vector under the condition that component v has a value t: mean + Cov(., v) (t - E[v]) / Var v and covariance
    /// - Cov(., v) Cov(v, .) / Var v. A variance is written as the determinant of a two by two covariance, which stays
    /// accurate when v nearly fixes the component.
    /// </summary>
    public GaussianVector Given(int v, Expression value)
    {
        Expression variance = covariance[v, v], distance = value - mean[v];
        var means = new Expression[Count];
        var entries = new Expression[Count, Count];
        for (int i = 0; i < Count; i++)
        {
            Expression with = covariance[i, v];
            means[i] = i == v ? value : distance.IsZero || with.IsZero ? mean[i] : (mean[i] + (with * distance / variance)).Expand();
            for (int j = 0; j < Count; j++)
            {
                entries[i, j] = i == v || j == v ? Expression.Zero
                    : with.IsZero || covariance[j, v].IsZero ? covariance[i, j]
                    : i == j ? Expression.Apply(CompoundFunctions.GramDeterminant, covariance[i, i], with, variance) / variance
                    : (covariance[i, j] - (with * covariance[j, v] / variance)).Expand();
            }
        }

        return new(means, entries);
    }

    /// <summary>The positive number to a real power: each factor of a product is known to be positive by itself.</summary>
    public static Expression PositivePower(Expression positive, Rational exponent)
    {
        Expression result = Expression.One;
        foreach (Expression factor in positive.Factors)
        {
            result *= Power.ExponentOf(factor) is Number { Value: { IsInteger: true } p } && p.Numerator.IsEven
                ? Power.Of(factor, exponent) // sqrt(a^2) is |a|
                : Power.Of(Power.BaseOf(factor), Power.ExponentOf(factor) * exponent);
        }

        return result;
    }
}
