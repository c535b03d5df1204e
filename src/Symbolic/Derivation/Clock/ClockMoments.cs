// Moments of the random clock. What is exact, at every n, for any number of inputs (Khat the kernel that the layers have fed in, Khat' = alpha^2 Khat + h Qhat;
// Delta = Khat - K0; Y_(F1..Fb) = n^-b times the sum over *different* neurons i1..ib of F1(phi_i1) ... Fb(phi_ib), functions held at their coefficients in
// H_A(phi; Khat)):
//   1. Given phi, rows of u are independent N(0, Qhat), so E[H_A(phi'; Khat') | phi] = alpha^|A| H_A(phi; Khat), and Delta' is known:
//        E[Delta'^m Y'_(A..) | phi] = alpha^(sum |A|) Delta'^m Y_(A..),    E Y = 0.
//   2. Delta'_r = lam_rp Delta_p + h sum over d >= 2 of E f_(r,p1..pd) Delta_p1 ... Delta_pd / d! + h sum over d >= 0 of <f_(r,p1..pd)> Delta ... Delta / d!:
//      the Taylor series of Qhat_r = Q_r(Khat) + <f_r> in Khat (Price).
//   3. <F1> ... <Fk> Y_(A..) is the sum over the ways to say which of them are of the same neuron: 1/n for each coincidence, and the functions of a neuron
//      are multiplied point by point. A product at fixed coefficients moves with Khat: FG -> exp(Delta_p d_a^F d_b^G) FG for each two functions of it.
//      Its mean is taken out; a constant instead of the j-th of b + j averages is the constant times (1 - (b + j - 1)/n).
//   4. A moment of Delta and Y is the sum over set partitions of products of cumulants.

using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Derivation.Clock;

/// <summary>What a leg that is no mode is.</summary>
internal enum ClockLeg
{
    /// <summary>A component of Delta at the next layer.</summary>
    NextDelta,

    /// <summary>A component of G - K0 = Delta + &lt;H&gt;, at this layer.</summary>
    Kernel,

    /// <summary>A component of the row covariance less that of infinite width, at this layer.</summary>
    RowCovariance,
}

/// <summary>Joint moments and cumulants of legs as polynomials in the cumulants of the state, power by power of 1/n.</summary>
/// <param name="leg">What the legs that are no modes are.</param>
/// <param name="highest">The highest power of 1/n.</param>
internal sealed class ClockMoments(ClockLeg leg, int highest)
{
    private readonly Dictionary<string, ClockSum[]> _moments = new(StringComparer.Ordinal);

    /// <summary>The order n^-power of the joint cumulant of legs 0..m-1 and modes 0..b-1 (but for the powers of alpha of the modes).</summary>
    /// <param name="legs">m.</param>
    /// <param name="modes">b.</param>
    /// <param name="power">The power of 1/n.</param>
    public ClockSum Cumulant(int legs, int modes, int power)
    {
        var sum = new ClockSum();
        foreach (IReadOnlyList<IReadOnlyList<int>> blocks in SetPartitions.All(legs + modes))
        {
            // An average alone has no mean.
            if (blocks.Any(block => block.All(member => member >= legs)))
                continue;
            ClockSum[] product = [Unit(), .. Enumerable.Range(0, power).Select(_ => new ClockSum())];
            foreach (IReadOnlyList<int> block in blocks)
                product = Times(product, Moment([.. block.Where(member => member < legs)], [.. block.Where(member => member >= legs).Select(member => member - legs)]));
            Rational weight = Rational.Factorial(blocks.Count - 1);
            sum.Add(product[power], blocks.Count % 2 == 0 ? -weight : weight);
        }

        return sum;
    }

    private static ClockSum Unit()
    {
        var one = new ClockSum();
        one.Add(ClockTerm.One);
        return one;
    }

    private static ClockSum[] Times(ClockSum[] left, ClockSum[] right)
    {
        ClockSum[] product = [.. left.Select(_ => new ClockSum())];
        for (int a = 0; a < left.Length; a++)
        {
            for (int b = 0; a + b < left.Length && b < right.Length; b++)
                product[a + b].Add(left[a].Times(right[b]), Rational.One);
        }

        return product;
    }

    private ClockSum[] Moment(IReadOnlyList<int> legs, IReadOnlyList<int> modes)
    {
        string key = string.Join(',', legs) + "|" + string.Join(',', modes);
        if (_moments.TryGetValue(key, out ClockSum[]? known))
            return known;
        ClockSum[] powers = [.. Enumerable.Range(0, highest + 1).Select(_ => new ClockSum())];
        RowFunction[] averaged = [.. modes.Select(mode => new RowFunction(RowFunctionKind.Mode, mode, [], []))];
        foreach (Monomial monomial in Expand(legs, new(ClockTerm.One, [], averaged, 0), modes.Count))
            AddProducts(monomial, modes.Count, powers);
        return _moments[key] = powers;
    }

    // A product of components of Delta and of averages, the modes first; summed pairs are named 0, 1, ..., Names - 1.
    private sealed record Monomial(ClockTerm Term, IReadOnlyList<int> Deltas, IReadOnlyList<RowFunction> Averages, int Names)
    {
        // A component of Delta and an average are both of the order n^(-1/2).
        public int HalfPowers => Deltas.Count + Averages.Count;
    }

    private IEnumerable<Monomial> Expand(IReadOnlyList<int> legs, Monomial before, int modes)
    {
        if (legs.Count == 0)
            return [before];
        int left = (2 * highest) - before.HalfPowers - (legs.Count - 1);
        return Series(legs[0], before, left).SelectMany(next => Expand([.. legs.Skip(1)], next, modes));
    }

    // One leg as a power series, up to so many factors.
    private IEnumerable<Monomial> Series(int of, Monomial before, int most)
    {
        if (leg == ClockLeg.Kernel)
        {
            yield return before with { Deltas = [.. before.Deltas, -(of + 1)] };
            yield return before with { Averages = [.. before.Averages, new(RowFunctionKind.Pair, of, [], [])] };
            yield break;
        }

        int steps = leg == ClockLeg.NextDelta ? 1 : 0;
        for (int degree = 0; degree <= most; degree++)
        {
            int[] pairs = [.. Enumerable.Range(before.Names, degree)];
            Monomial grown = before with { Deltas = [.. before.Deltas, .. pairs], Names = before.Names + degree };
            var sigmaKernel = new RowFunction(RowFunctionKind.SigmaKernel, of, pairs, []);
            ClockTerm term = before.Term with { Coefficient = before.Term.Coefficient / Rational.Factorial(degree), Steps = before.Term.Steps + steps };
            if (degree == 1 && leg == ClockLeg.NextDelta)
                yield return grown with { Term = before.Term with { Responses = [.. before.Term.Responses, (of, pairs[0])] } };
            else if (degree > 0)
                yield return grown with { Term = term with { Means = [.. term.Means, [sigmaKernel]] } };
            if (degree < most)
                yield return grown with { Term = term, Averages = [.. before.Averages, sigmaKernel] };
        }
    }

    private void AddProducts(Monomial monomial, int modes, ClockSum[] powers)
    {
        foreach (IReadOnlyList<IReadOnlyList<int>> neurons in SetPartitions.All(monomial.Averages.Count))
        {
            if (neurons.Any(members => members.Count(member => member < modes) > 1))
                continue;
            int coincidences = monomial.Averages.Count - neurons.Count;
            IReadOnlyList<RowFunction>[] alone = [.. neurons.Where(members => members.Count == 1).Select(members => (IReadOnlyList<RowFunction>)[monomial.Averages[members[0]]])];
            IReadOnlyList<RowFunction>[] products = [.. neurons.Where(members => members.Count > 1).Select(members => members.Select(member => monomial.Averages[member]).ToArray())];
            foreach (Moved moved in Move(products, new(monomial.Term.Coefficient, monomial.Deltas, [], monomial.Names), 2 * (highest - coincidences)))
            {
                for (int constants = 0; constants < 1 << products.Length; constants++)
                {
                    bool IsConstant(int at) => (constants >> at & 1) == 1;
                    IReadOnlyList<RowFunction>[] averages = [.. alone, .. moved.Products.Where((_, at) => !IsConstant(at))];
                    ClockTerm term = monomial.Term with { Coefficient = moved.Coefficient, Means = [.. monomial.Term.Means, .. moved.Products.Where((_, at) => IsConstant(at))] };
                    foreach ((int power, Rational factor) in Fewer(averages.Length, moved.Products.Count - averages.Length + alone.Length))
                        AddMoment(term with { Coefficient = term.Coefficient * factor }, moved.Deltas, averages, coincidences + power, powers);
                }
            }
        }
    }

    private sealed record Moved(Rational Coefficient, IReadOnlyList<int> Deltas, IReadOnlyList<IReadOnlyList<RowFunction>> Products, int Names);

    // exp(Delta_p d_a d_b) for each two functions of each product, up to so many components of Delta.
    private static IEnumerable<Moved> Move(IReadOnlyList<IReadOnlyList<RowFunction>> products, Moved before, int most)
    {
        if (products.Count == 0)
            return [before];
        return Rest(products[0], before, 1);

        IEnumerable<Moved> Rest(IReadOnlyList<RowFunction> product, Moved at, int next)
        {
            foreach (Moved done in Move([.. products.Skip(1)], at with { Products = [.. at.Products, product] }, most))
                yield return done;
            if (at.Deltas.Count >= most)
                yield break;
            for (int first = 0; first < product.Count; first++)
            {
                for (int second = first + 1; second < product.Count; second++)
                {
                    IReadOnlyList<RowFunction> shared =
                        [.. product.Select((function, place) => place == first || place == second ? function with { Shared = [.. function.Shared, at.Names] } : function)];
                    Moved grown = at with { Coefficient = at.Coefficient / next, Deltas = [.. at.Deltas, at.Names], Names = at.Names + 1 };
                    foreach (Moved done in Rest(shared, grown, next + 1))
                        yield return done;
                }
            }
        }
    }

    // (1 - b/n)(1 - (b+1)/n)...: constants among averages over different neurons.
    private static IEnumerable<(int Power, Rational Factor)> Fewer(int averages, int constants)
    {
        Rational[] factors = [Rational.One, .. Enumerable.Repeat(Rational.Zero, constants)];
        for (int each = 0; each < constants; each++)
        {
            for (int power = constants; power > 0; power--)
                factors[power] -= (averages + each) * factors[power - 1];
        }

        return factors.Select((factor, power) => (power, factor)).Where(each => !each.factor.IsZero);
    }

    // The moment of components of Delta and of averages in cumulants, each with at least one Delta.
    private void AddMoment(ClockTerm term, IReadOnlyList<int> deltas, IReadOnlyList<IReadOnlyList<RowFunction>> averages, int power, ClockSum[] powers)
    {
        int rest = highest - power;
        if (rest < 0)
            return;
        foreach (IReadOnlyList<IReadOnlyList<int>> blocks in SetPartitions.All(deltas.Count + averages.Count))
        {
            if (blocks.Any(block => block[0] >= deltas.Count) || blocks.Sum(block => Math.Max(1, block.Count - 1)) > rest)
                continue;
            ClockCumulant[] cumulants =
            [
                .. blocks.Select(block => new ClockCumulant(
                    0, [.. block.Where(member => member < deltas.Count).Select(member => deltas[member])], [.. block.Where(member => member >= deltas.Count).Select(member => averages[member - deltas.Count])])),
            ];
            Share(0, rest, term, cumulants, powers);
        }
    }

    private void Share(int at, int rest, ClockTerm term, ClockCumulant[] cumulants, ClockSum[] powers)
    {
        if (at == cumulants.Length)
        {
            powers[highest - rest].Add(term);
            return;
        }

        ClockCumulant leading = cumulants[at];
        for (int loops = leading.Pairs.Count + leading.Functions.Count == 1 ? 1 : 0; leading.Power + loops <= rest; loops++)
            Share(at + 1, rest - leading.Power - loops, term with { Cumulants = [.. term.Cumulants, leading with { Loops = loops }] }, cumulants, powers);
    }
}
