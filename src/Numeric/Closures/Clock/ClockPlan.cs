// The terms of the clock equations for one input, where every pair is the same: derivatives are numbers of derivatives in x, f_p = f''/2, and terms that differ
// by the names of legs are one.
//   Means of two functions with four derivatives in all are brought to two each by integration by parts, so that f = sigma^2 may have corners; with
//   w = x^2/K^2 - 1/K:   E[f f''''] = E[f''^2] + E[w (f f'' - f'^2)],   E[f' f'''] = -E[f''^2] + E[w f'^2]/2.
//   In every sum of order 1 E[f''^2], which is infinite where f' jumps, has the coefficient 0: together they are the derivatives of E f^2 in K.

using SymbolicEft.Symbolic.Derivation.Clock;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>A derivative of f = sigma^2 in x.</summary>
/// <param name="Order">Its order.</param>
/// <param name="Centred">Whether its mean is taken away.</param>
internal readonly record struct SigmaKernelDerivative(int Order, bool Centred);

/// <summary>What a product is multiplied by.</summary>
internal enum ProductWeight
{
    /// <summary>1.</summary>
    One,

    /// <summary>w (f f'' - f'^2), and no other function.</summary>
    Curvature,

    /// <summary>w f'^2, and no other function.</summary>
    Slope,
}

/// <summary>A product of functions of a neuron.</summary>
/// <param name="SigmaKernels">Derivatives of f.</param>
/// <param name="Pairs">Derivatives of x^2 - K, by their orders.</param>
/// <param name="Mode">The number of the mode among the legs; -1 for none.</param>
/// <param name="ModeOrder">How often the mode is differentiated.</param>
/// <param name="Weight">What stands for a product that was integrated by parts.</param>
internal sealed record LineProduct(IReadOnlyList<SigmaKernelDerivative> SigmaKernels, IReadOnlyList<int> Pairs, int Mode, int ModeOrder, ProductWeight Weight = ProductWeight.One)
{
    /// <summary>Nothing but functions of x: no mode.</summary>
    public bool IsScalar => Mode < 0;

    /// <summary>A mode alone.</summary>
    public bool IsMode => Mode >= 0 && SigmaKernels.Count == 0 && Pairs.Count == 0;

    /// <summary>A derivative of f alone, with a mode or without.</summary>
    public bool IsSigmaKernel => SigmaKernels.Count == 1 && Pairs.Count == 0;

    /// <summary>Of the functions but for the mode.</summary>
    public string FunctionsKey => $"{Weight} {string.Join(',', SigmaKernels.Select(each => (each.Centred ? "c" : "f") + RowFunction.Text(each.Order)))} {string.Join(',', Pairs)}";

    /// <summary>A text that is the same for the same product.</summary>
    public string Key => FunctionsKey + (Mode < 0 ? "" : $" A{RowFunction.Text(Mode)}/{RowFunction.Text(ModeOrder)}");
}

/// <summary>A factor of a term: the mean of a product, or a cumulant of the state.</summary>
/// <param name="Cumulant">Which cumulant; null for a mean.</param>
/// <param name="Products">The product averaged, or that of each average in the cumulant.</param>
internal sealed record LineFactor(ClockVariable? Cumulant, IReadOnlyList<LineProduct> Products)
{
    /// <summary>The modes that it has as legs, in the order of its products.</summary>
    public IEnumerable<int> Modes => Products.Where(product => !product.IsScalar).Select(product => product.Mode);

    /// <summary>A text that is the same for the same factor.</summary>
    public string Key => $"{Cumulant}{string.Join('|', Products.Select(product => product.Key))}";
}

/// <summary>A term for one input.</summary>
/// <param name="Coefficient">A number.</param>
/// <param name="Steps">The power of h C_W.</param>
/// <param name="Responses">The power of lam.</param>
/// <param name="Factors">The factors, those without modes first.</param>
internal sealed record LineTerm(Rational Coefficient, int Steps, int Responses, IReadOnlyList<LineFactor> Factors);

/// <summary>A sum of terms for one input.</summary>
internal static class ClockPlan
{
    /// <summary>The terms of a sum, each once.</summary>
    public static IReadOnlyList<LineTerm> Of(ClockSum sum)
    {
        var terms = new SortedDictionary<string, LineTerm>(StringComparer.Ordinal);
        foreach (LineTerm term in sum.Terms.SelectMany(Read))
        {
            string key = $"{RowFunction.Text(term.Steps)} {RowFunction.Text(term.Responses)} {string.Join(' ', term.Factors.Select(factor => factor.Key))}";
            Rational together = term.Coefficient + (terms.TryGetValue(key, out LineTerm? known) ? known.Coefficient : Rational.Zero);
            terms[key] = term with { Coefficient = together };
        }

        return [.. terms.Values.Where(term => !term.Coefficient.IsZero)];
    }

    private static IEnumerable<LineTerm> Read(ClockTerm term)
    {
        int halves = term.Means.Concat(term.Cumulants.SelectMany(each => each.Functions)).Sum(product => product.Sum(function => function.Kernel.Count));
        IEnumerable<LineTerm> terms = [new LineTerm(term.Coefficient / Rational.Pow(2, halves), term.Steps, term.Responses.Count, [])];
        foreach (IReadOnlyList<RowFunction> mean in term.Means)
        {
            (Rational Factor, LineProduct[] Means)[] parts = InParts(Product(mean));
            terms = from before in terms from part in parts select part.Means.Aggregate(With(before, part.Factor), (product, each) => With(product, Rational.One, new LineFactor(null, [each])));
        }

        foreach (ClockCumulant each in term.Cumulants)
        {
            // The axes of a cumulant are alike, those of a part of it are not.
            IEnumerable<LineProduct> products = each.Functions.Select(Product);
            LineProduct[] axes = each.Part == 0 ? [.. products.OrderBy(product => product.Key, StringComparer.Ordinal)] : [.. products];
            terms = terms.Select(before => With(before, Rational.One, new LineFactor(new ClockVariable(each.Pairs.Count, each.Functions.Count, each.Loops, each.Part), axes)));
        }

        // What vanishes: a quadratic function differentiated three times.
        return terms
            .Where(each => !each.Factors.Any(factor => factor.Products.Any(product => product.Pairs.Any(order => order > 2))))
            .Select(each => each with { Factors = [.. each.Factors.OrderBy(factor => factor.Modes.Count()).ThenBy(factor => factor.Key, StringComparer.Ordinal)] });
    }

    private static LineTerm With(LineTerm term, Rational factor, params LineFactor[] added) => term with { Coefficient = term.Coefficient * factor, Factors = [.. term.Factors, .. added] };

    private static LineProduct Product(IReadOnlyList<RowFunction> functions)
    {
        RowFunction? mode = functions.FirstOrDefault(function => function.Kind == RowFunctionKind.Mode);
        return new(
            [
                .. functions.Where(function => function.Kind == RowFunctionKind.SigmaKernel)
                    .Select(function => new SigmaKernelDerivative((2 * function.Kernel.Count) + function.Shared.Count, functions.Count > 1 && function.Shared.Count == 0))
                    .OrderBy(each => each.Order).ThenBy(each => each.Centred),
            ],
            [.. functions.Where(function => function.Kind == RowFunctionKind.Pair).Select(function => function.Shared.Count).Order()],
            mode?.Leg ?? -1,
            mode?.Shared.Count ?? 0);
    }

    private static (Rational Factor, LineProduct[] Means)[] InParts(LineProduct mean)
    {
        if (!mean.IsScalar || mean.Pairs.Count > 0 || mean.SigmaKernels.Count != 2 || mean.SigmaKernels.Sum(each => each.Order) != 4)
            return [(Rational.One, [mean])];
        LineProduct second = new([new(2, false)], [], -1, 0), square = new([new(2, false), new(2, false)], [], -1, 0);
        return (mean.SigmaKernels[0].Order, mean.SigmaKernels[0].Centred) switch
        {
            (0, _) => [(Rational.One, [square]), (Rational.One, [new([], [], -1, 0, ProductWeight.Curvature)])],
            (1, _) => [(-Rational.One, [square]), (Rational.Half, [new([], [], -1, 0, ProductWeight.Slope)])],
            (_, true) => [(Rational.One, [square]), (-Rational.One, [second, second])],
            _ => [(Rational.One, [square])],
        };
    }
}
