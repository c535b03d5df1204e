// Closed forms of Gaussian expectations, found from the integrand:
//
//   1. IntegrandReader writes the integrand as a sum of products of known factors.
//   2. For each product, exponential factors tilt the Gaussian (ExponentialTilt); each Phi(u) becomes a step(u + z) with one
//      more independent standard normal z, because Phi(u) = E_z[step(u + z)]; every argument becomes a component of one
//      Gaussian vector.
//   3. The laws listed in Laws take the factors off, one kind after the other: deltas by conditioning, powers by Isserlis'
//      theorem with boundary terms at steps, waves by the characteristic function, steps by orthant probabilities.
//
// So relu gives the arc-cosine kernels, erf and GELU the arcsine ones, sin, cos and exp their exponentials, and so does
// every product and derivative of them: no law knows the name of an activation.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Expectations;

/// <summary>Finds closed forms of expectations over centred Gaussian variables.</summary>
public static class ClosedForm
{
    // Polynomials in so many variables that nobody would read them, and no time suffices to make them.
    private const double MostMoments = 10_000;

    private static readonly Symbol[] StandardVariables = [Symbol.Of("x"), Symbol.Of("y"), Symbol.Of("z"), Symbol.Of("w")];

    /// <summary>The laws, in the order in which they are tried.</summary>
    internal static IReadOnlyList<IGaussianLaw> Laws { get; } = [new DeltaLaw(), new WaveLaw(), new MomentLaw(), new OrthantLaw()];

    /// <summary>The variables x, y, z, w.</summary>
    public static IReadOnlyList<Symbol> Variables => StandardVariables;

    /// <summary>The symbol of a kernel entry of the standard variables, such as Kxy.</summary>
    public static Symbol KernelEntry(int first, int second)
    {
        (int low, int high) = first <= second ? (first, second) : (second, first);
        string names = StandardVariables[low].Name + StandardVariables[high].Name;
        return Symbol.Of("K" + names, $"K_{{{names}}}");
    }

    /// <summary>
    /// The expectation of the integrand over the standard variables that occur in it, in terms of <see cref="KernelEntry"/>;
    /// null if there is no closed form.
    /// </summary>
    public static ClosedFormExpectation? TryFind(Expression integrand)
    {
        int count = 1;
        for (int at = 0; at < StandardVariables.Length; at++)
            count = integrand.Contains(StandardVariables[at]) ? at + 1 : count;
        return TryFind(integrand, StandardVariables[..count], KernelEntry);
    }

    /// <summary>The expectation of the integrand over jointly Gaussian variables of mean 0; null if there is no closed form.</summary>
    /// <param name="integrand">F(x, y, ...).</param>
    /// <param name="variables">The variables, up to four.</param>
    /// <param name="kernel">The covariance of two variables by their numbers; symmetric.</param>
    public static ClosedFormExpectation? TryFind(Expression integrand, IReadOnlyList<Symbol> variables, Func<int, int, Expression> kernel)
    {
        var conditions = new SortedSet<Expression>();
        var used = new SortedSet<string>(StringComparer.Ordinal);
        Expression? value = Find(integrand, variables, kernel, conditions, used);
        return value is null ? null : new(integrand, [.. variables], kernel, value, [.. conditions], [.. used]);
    }

    /// <summary>
    /// The derivative of an expectation with respect to a kernel entry, by Price's theorem: d/dK_xy E[F] = E[d_x d_y F] for
    /// different variables, and E[d_x d_x F]/2 for one. Null if there is no closed form.
    /// </summary>
    public static ClosedFormExpectation? TryFindDerivative(
        Expression integrand, IReadOnlyList<Symbol> variables, Func<int, int, Expression> kernel, int first, int second)
    {
        Expression twice = integrand.Differentiate(variables[first]).Differentiate(variables[second]);
        return TryFind(first == second ? twice / 2 : twice, variables, kernel);
    }

    private static Expression? Find(
        Expression integrand, IReadOnlyList<Symbol> variables, Func<int, int, Expression> kernel, ISet<Expression> conditions, ISet<string> used)
    {
        if (IntegrandReader.TryRead(integrand, variables) is not { } terms || terms.Sum(Moments) > MostMoments)
            return null;
        int n = variables.Count;
        var covariance = new Expression[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                covariance[i, j] = kernel(Math.Min(i, j), Math.Max(i, j));
        }

        var sum = new List<Expression>();
        foreach (IntegrandTerm term in terms)
        {
            var definitions = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
            if (ExponentialTilt.TryApply(term.Exponent, variables, covariance, conditions, definitions) is not var (vector, exponent, weight))
                return null;
            if (!term.Exponent.IsZero)
                used.Add(ExponentialTilt.Name);
            if (Value(Prepare(term, vector, exponent), used) is not { } value)
                return null;
            sum.Add(term.Coefficient * weight * value.Substitute(definitions));
        }

        return DeterminantCollector.Collect(Expression.Add(sum).Expand());
    }

    // Moments that Isserlis' theorem goes through; each is a polynomial in the kernel.
    private static double Moments(IntegrandTerm term) => term.Powers.Aggregate(1.0, (product, power) => product * (power + 1));

    // Every variable with a power and every argument of a function as a component of one Gaussian vector.
    private static GaussianTerm Prepare(IntegrandTerm term, GaussianVector vector, Expression exponent)
    {
        var forms = new List<AffineForm>();
        var powers = new List<int>();
        for (int i = 0; i < term.Powers.Length; i++)
        {
            if (term.Powers[i] == 0)
                continue;
            var slopes = new Expression[term.Powers.Length];
            Array.Fill(slopes, Expression.Zero);
            slopes[i] = 1;
            forms.Add(new(slopes, Expression.Zero));
            powers.Add(term.Powers[i]);
        }

        var steps = new List<int>();
        var waves = new List<(int, bool)>();
        var deltas = new List<(int, int)>();
        foreach ((AffineForm form, _) in term.Steps)
            steps.Add(Component(form));
        for (int at = 0; at < term.Distributions.Count; at++)
            steps.Add(Component(term.Distributions[at].PlusVariable(vector.Count + at)));
        foreach ((AffineForm form, bool isSine) in term.Waves)
            waves.Add((Component(form), isSine));
        foreach ((AffineForm form, int order) in term.Deltas)
            deltas.Add((Component(form), order));
        while (powers.Count < forms.Count)
            powers.Add(0);
        return new(exponent, vector.Extended(term.Distributions.Count).Of(forms), [.. powers], [.. waves], [.. steps], [.. deltas]);

        // Equal forms are one component, so that conditioning on one fixes the other exactly.
        int Component(AffineForm form)
        {
            int known = forms.FindIndex(other => other.Equals(form));
            if (known >= 0)
                return known;
            forms.Add(form);
            return forms.Count - 1;
        }
    }

    private static Expression? Value(GaussianTerm term, ISet<string> used)
    {
        foreach (IGaussianLaw law in Laws)
        {
            if (!law.Applies(term))
                continue;
            used.Add(law.Name);
            return law.Expect(term, rest => Value(rest, used));
        }

        return Expression.Apply(ElementaryFunctions.Exp, term.Exponent);
    }
}
