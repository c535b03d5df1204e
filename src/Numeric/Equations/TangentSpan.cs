// Tables over the modes of a pair (TwoNeuronModes), projected on the tangents of a list of observables (TangentsOfList): on the span of the functions h(phi_c, phi_d) of the pair (a, b) with
//   a tangent of a      d_x f at (a, a) and (a, b)
//   a tangent of b      at (b, b) and (b, a)
//   two, of a and b     d_x d_y f at (a, b) and (b, a);   of a alone at (a, a), of b alone at (b, b)
// in the modes of the table. Where inputs are nearly proportional, functions of a pair are projected on those of the pair itself, on functions of one input and on x y, as the list
// projects (ObservableSpan).

using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Equations;

/// <summary>The functions that a list of observables keeps with tangents.</summary>
/// <param name="one">Those with a tangent of their first input.</param>
/// <param name="two">Those with tangents of both.</param>
/// <param name="layout">The pairs.</param>
/// <param name="highest">The highest order of a mode of a table, but for pairs of an input with itself.</param>
internal sealed class TangentSpan(ObservableExpansion one, ObservableExpansion two, ModeLayout layout, int highest)
{
    /// <summary>Functions with one tangent of each input; those before it are of the first, of the second, of the first twice, of the second twice.</summary>
    public const int OfBoth = 4;

    private const int OfFirst = 0, OfSecond = 1, OfFirstTwice = 2, OfSecondTwice = 3;

    private readonly int _length = ProductModes.Length(highest, 2);
    private readonly List<(double[] Kernel, (double[][] Functions, SpanProjection Projection)[,] Spans)> _recent = [];

    /// <summary>Projects a table.</summary>
    /// <param name="tangents">Which functions have its tangents: of a, of b, two of a, two of b, or one of each, from 0.</param>
    /// <param name="kernel">K0 over pairs.</param>
    /// <param name="table">Over pairs and modes, or over pairs, directions and modes.</param>
    /// <param name="result">Of the same shape.</param>
    public void Project(int tangents, ReadOnlySpan<double> kernel, ReadOnlySpan<double> table, Span<double> result)
    {
        (double[][] Functions, SpanProjection Projection)[,] spans = At(kernel);
        int rows = result.Length / (layout.Pairs.Length * _length);
        for (int row = 0; row < layout.Pairs.Length * rows; row++)
        {
            (double[][] functions, SpanProjection projection) = spans[row / rows, tangents];
            ReadOnlySpan<double> from = table.Slice(row * _length, _length);
            Span<double> to = result.Slice(row * _length, _length);
            var overlaps = new double[functions.Length];
            for (int at = 0; at < functions.Length; at++)
                overlaps[at] = VectorSums.Dot(functions[at], from);
            double[] coefficients = projection.Coefficients(overlaps);
            for (int at = 0; at < functions.Length; at++)
                VectorSums.AddMultiple(functions[at], coefficients[at], to);
        }
    }

    private (double[][] Functions, SpanProjection Projection)[,] At(ReadOnlySpan<double> kernel)
    {
        foreach ((double[] known, (double[][], SpanProjection)[,] spans) in _recent)
        {
            if (kernel.SequenceEqual(known))
                return spans;
        }

        ExpansionAt ofOne = one.At(kernel), ofTwo = two.At(kernel);
        var made = new (double[][], SpanProjection)[layout.Pairs.Length, OfBoth + 1];
        for (int pair = 0; pair < layout.Pairs.Length; pair++)
        {
            (int a, int b) = layout.Pairs[pair];
            PairFrame frame = ModeNumbers.Frame(kernel, a, b, layout.Inputs);
            bool isNear = a != b && frame.Complement > 0 && frame.Complement * frame.Complement < ObservableSpan.NearlyProportional;
            made[pair, OfFirst] = Span(one, ofOne, place => IsWithTangent(place, a, b));
            made[pair, OfSecond] = Span(one, ofOne, place => IsWithTangent(place, b, a));
            made[pair, OfFirstTwice] = Span(two, ofTwo, place => Inputs(two, place) == (a, a));
            made[pair, OfSecondTwice] = Span(two, ofTwo, place => Inputs(two, place) == (b, b));
            made[pair, OfBoth] = Span(two, ofTwo, place => Inputs(two, place) == (a, b) || Inputs(two, place) == (b, a));

            bool IsWithTangent(int place, int own, int other) => Inputs(one, place) == (own, other) || (Inputs(one, place) == (own, own) && (!isNear || one.IsOfEveryPair(place)));

            (double[][], SpanProjection) Span(ObservableExpansion expansion, ExpansionAt at, Func<int, bool> isMember)
            {
                int[] places = [.. Enumerable.Range(0, expansion.Components.Length).Where(isMember)];
                double[][] functions = [.. places.Select(place => InPair(expansion, place, at, pair, frame))];
                var gram = new double[functions.Length, functions.Length];
                for (int i = 0; i < functions.Length; i++)
                {
                    for (int j = 0; j < functions.Length; j++)
                        gram[i, j] = VectorSums.Dot(functions[i], functions[j]);
                }

                return (functions, new(gram));
            }
        }

        if (_recent.Count == 2)
            _recent.RemoveAt(0);
        _recent.Add((kernel.ToArray(), made));
        return made;
    }

    private static (int First, int Second) Inputs(ObservableExpansion expansion, int place) => (expansion.Components[place].First, expansion.Components[place].Second);

    // The modes of a function in those of a pair, of whose inputs it is a function.
    private double[] InPair(ObservableExpansion expansion, int place, ExpansionAt at, int pair, PairFrame frame)
    {
        (int first, int second) = Inputs(expansion, place);
        double[] all = at.Coefficients[place], result = new double[_length];
        if (at.Frames[expansion.Components[place].Pair].Dimension == 2)
            all.CopyTo(result, 0);
        else
            TwoNeuronModes.OfOneInput(all, first == second && first != layout.Pairs[pair].First, frame, frame.Dimension == 1 ? ObservableExpansion.HighestOfOne : highest, result);
        return result;
    }
}
