// Products of f taken as one function, so that the kernel differentiates the product and not its factors: with p = (a,b), F_p = 1/2 d_a d_b F and
// Gamma_p(F,G) half of d_aF d_bG + d_bF d_aG, the product rule (FG)_p = F_p G + F G_p + Gamma_p(F,G) and what follows from it for more pairs say
//   Gamma_P(F,G) = (FG)_P - sum over the other ways to give each p in P to F, to G or to both.
// It is put in wherever all derivatives of two f are shared. In every sum of order 1 all that is not a derivative of a whole product then cancels: the clock
// moves the mean of a product of functions as one. So a corner of sigma, whose delta functions no term alone could square, meets derivatives of continuous functions only.
//   Without derivatives, products of f less their means are products of f less what the means make of the others.

using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Derivation.Clock;

/// <summary>Writes products of f as whole functions.</summary>
internal static class WholeProducts
{
    /// <summary>The same sum.</summary>
    public static ClockSum In(ClockSum sum)
    {
        var result = new ClockSum();
        foreach (ClockTerm term in sum.Terms)
        {
            IEnumerable<ClockTerm> terms = [term with { Means = [], Cumulants = [] }];
            foreach (IReadOnlyList<RowFunction> mean in term.Means)
            {
                // A mode alone has no mean.
                terms = [.. from before in terms from part in Parts(mean) where part.Product is not [{ Kind: RowFunctionKind.Mode }] select With(before, part, [.. part.Means, part.Product])];
            }

            foreach (ClockCumulant cumulant in term.Cumulants)
            {
                IEnumerable<(ClockTerm Term, IReadOnlyList<RowFunction>[] Functions)> grown = terms.Select(before => (before, (IReadOnlyList<RowFunction>[])[]));
                foreach (IReadOnlyList<RowFunction> product in cumulant.Functions)
                {
                    // Cumulants vanish on constants.
                    grown = [.. from before in grown from part in Parts(product) where part.Product.Count > 0 select (With(before.Term, part, part.Means), (IReadOnlyList<RowFunction>[])[.. before.Functions, part.Product])];
                }

                terms = [.. grown.Select(each => each.Term with { Cumulants = [.. each.Term.Cumulants, cumulant with { Functions = each.Functions }] })];
            }

            foreach (ClockTerm each in terms)
                result.Add(each);
        }

        return result;
    }

    // A coefficient and means times what is left of a product; nothing left is 1.
    private readonly record struct Part(Rational Factor, IReadOnlyList<RowFunction>[] Means, IReadOnlyList<RowFunction> Product);

    private static ClockTerm With(ClockTerm term, Part part, IReadOnlyList<RowFunction>[] means) =>
        term with { Coefficient = term.Coefficient * part.Factor, Means = [.. term.Means, .. means.Where(mean => mean.Count > 0)] };

    private static IEnumerable<Part> Parts(IReadOnlyList<RowFunction> product)
    {
        RowFunction[] sigmaKernels = [.. product.Where(function => function.Kind == RowFunctionKind.SigmaKernel)], rest = [.. product.Where(function => function.Kind != RowFunctionKind.SigmaKernel)];
        if (sigmaKernels.Length < 2)
            return [new(Rational.One, [], product)];
        if (Array.TrueForAll(sigmaKernels, sigmaKernel => sigmaKernel.Kernel.Count + sigmaKernel.Shared.Count == 0))
            return Uncentred(sigmaKernels, rest);
        if (rest.Length == 0 && sigmaKernels is [{ Kernel.Count: 0 }, { Kernel.Count: 0 }] && sigmaKernels[0].Shared.Order().SequenceEqual(sigmaKernels[1].Shared.Order()))
            return Shared(sigmaKernels[0], sigmaKernels[1], [.. sigmaKernels[0].Shared]);
        return [new(Rational.One, [], product)];
    }

    // (F - E F)(G - E G)... times what is left, over all ways to take means.
    private static IEnumerable<Part> Uncentred(RowFunction[] sigmaKernels, RowFunction[] rest)
    {
        for (int taken = 0; taken < 1 << sigmaKernels.Length; taken++)
        {
            RowFunction[] means = [.. sigmaKernels.Where((_, at) => (taken >> at & 1) == 1)], left = [.. sigmaKernels.Where((_, at) => (taken >> at & 1) == 0)];
            RowFunction[] product = [.. left.Length == 0 ? [] : (RowFunction[])[Whole(left, [])], .. rest];
            // What has a mode alone has its mean taken away once more.
            foreach (Part part in product.Length > 1 ? Centred(product) : [new Part(Rational.One, [], product)])
                yield return new(means.Length % 2 == 0 ? part.Factor : -part.Factor, [.. means.Select(mean => (IReadOnlyList<RowFunction>)[mean]), .. part.Means], part.Product);
        }
    }

    // FA = (F - E F)A + E F A: a function that stands beside others is less its mean.
    private static IEnumerable<Part> Centred(RowFunction[] product) => [new(Rational.One, [], product), new(Rational.One, [[product[0]]], product[1..])];

    private static IEnumerable<Part> Shared(RowFunction one, RowFunction two, int[] pairs)
    {
        yield return new(Rational.One, [], [Whole([one, two], pairs)]);
        // 0, 1: to the one or the other; 2: to both.
        int ways = (int)Math.Pow(3, pairs.Length);
        for (int way = 0; way < ways - 1; way++)
        {
            var given = new List<int>[] { [], [], [] };
            for (int at = 0, rest = way; at < pairs.Length; at++, rest /= 3)
                given[rest % 3].Add(pairs[at]);
            RowFunction first = one with { Kernel = given[0], Shared = given[2] }, second = two with { Kernel = given[1], Shared = given[2] };
            yield return new(-Rational.One, [], [first, second]);
            if (given[2].Count > 0)
                continue;
            // Both are less their means where none is shared.
            yield return new(-Rational.One, [[first]], [second]);
            yield return new(-Rational.One, [[second]], [first]);
            yield return new(Rational.One, [[first], [second]], []);
        }
    }

    private static RowFunction Whole(RowFunction[] sigmaKernels, int[] pairs)
    {
        int[] legs = [.. sigmaKernels.Select(sigmaKernel => sigmaKernel.Leg).Order()];
        return new(RowFunctionKind.SigmaKernel, legs[0], pairs, []) { Others = legs[1..] };
    }
}
