using System.Collections.Immutable;
using System.Numerics;
using SymbolicEft.Diagrams.Generation;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams;

/// <summary>The result of counting.</summary>
/// <param name="Count">Number of diagrams.</param>
/// <param name="WeightedSum">Sum of the symmetry factors: the sum of the diagrams when every coupling and line is one.</param>
public sealed record DiagramCount(long Count, Rational WeightedSum);

/// <summary>The diagrams of one request.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Diagrams">The diagrams, by number of vertices, then by key.</param>
/// <param name="WeightedSum">Sum of the symmetry factors.</param>
public sealed record DiagramSet(DiagramRequest Request, ImmutableArray<Diagram> Diagrams, Rational WeightedSum);

/// <summary>
/// Enumerates the diagrams of a causal response-field theory with exact symmetry factors.
/// </summary>
/// <example>
/// The 34 three-loop diagrams of the mean, with total weight 315/16, of dx = c x^2/2 dt + sqrt(d/n) dW:
/// <code>
/// FieldTheory theory = FieldTheory.OneField(drift: LegCounts.Of(2), noise: LegCounts.Of(0));
/// DiagramSet set = DiagramGenerator.Generate(DiagramRequest.OneField(theory, external: 1, loops: 3));
/// </code>
/// </example>
public static class DiagramGenerator
{
    /// <summary>Enumerates and stores the diagrams.</summary>
    /// <param name="request">What to enumerate.</param>
    /// <param name="progress">Told now and then how far the search is; at the end once more.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="ArgumentException">No external leg, a negative number of loops, or an unknown field.</exception>
    /// <exception cref="DiagramLimitException">The request is beyond <see cref="DiagramRequest.MaximumDiagrams"/> or beyond 63 nodes.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static DiagramSet Generate(
        DiagramRequest request, IProgress<DiagramProgress>? progress = null, CancellationToken cancellation = default)
    {
        var diagrams = new List<Diagram>();
        Visit(request, diagrams.Add, progress, cancellation);
        diagrams.Sort((left, right) =>
        {
            int result = left.Vertices.Length.CompareTo(right.Vertices.Length);
            return result != 0 ? result : string.CompareOrdinal(left.Key, right.Key);
        });
        return new DiagramSet(request, [.. diagrams], SumOfInverses(Tally(diagrams.Select(diagram => diagram.Automorphisms))));
    }

    /// <summary>Enumerates the diagrams one by one without storing them, in a fixed order that need not be that of <see cref="Generate"/>.</summary>
    /// <param name="request">What to enumerate.</param>
    /// <param name="visit">Receives every diagram once.</param>
    /// <param name="progress">Told now and then how far the search is.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="ArgumentException">No external leg, a negative number of loops, or an unknown field.</exception>
    /// <exception cref="DiagramLimitException">The request is beyond its limit.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static void Visit(
        DiagramRequest request, Action<Diagram> visit, IProgress<DiagramProgress>? progress = null, CancellationToken cancellation = default)
    {
        var context = new GenerationContext(request, cancellation);
        new DiagramSearch(context, progress).Run((graph, labelling) => visit(DiagramAssembly.FromCanonical(
            graph, labelling, context.Types, request.ExternalFields, request.LabelledExternals)));
    }

    /// <summary>Counts and weighs the diagrams without storing them.</summary>
    /// <param name="request">What to enumerate.</param>
    /// <param name="progress">Told now and then how far the search is.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="ArgumentException">No external leg, a negative number of loops, or an unknown field.</exception>
    /// <exception cref="DiagramLimitException">The request is beyond its limit.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static DiagramCount Count(
        DiagramRequest request, IProgress<DiagramProgress>? progress = null, CancellationToken cancellation = default)
    {
        var context = new GenerationContext(request, cancellation);
        var tally = new SortedDictionary<BigInteger, long>();
        new DiagramSearch(context, progress).Run((graph, labelling) =>
        {
            BigInteger automorphisms = labelling.Automorphisms * LinePermutations(graph, context.Code);
            tally[automorphisms] = tally.GetValueOrDefault(automorphisms) + 1;
        });
        return new DiagramCount(tally.Values.Sum(), SumOfInverses(tally));
    }

    private static BigInteger LinePermutations(PartialDiagram graph, LineCode code)
    {
        BigInteger product = BigInteger.One;
        foreach (ulong lines in graph.Lines)
        {
            if (lines <= 1) continue;
            for (int response = 0; response < graph.Fields; response++)
            {
                for (int kernel = 0; kernel < graph.Fields; kernel++)
                {
                    int count = code.Count(lines, response, kernel);
                    for (int factor = 2; factor <= count; factor++) product *= factor;
                }
            }
        }

        return product;
    }

    // Few different orders of the automorphism group occur, so the rational sum is short.
    private static Rational SumOfInverses(SortedDictionary<BigInteger, long> tally)
    {
        Rational sum = Rational.Zero;
        foreach ((BigInteger automorphisms, long count) in tally) sum += Rational.Of(count, automorphisms);
        return sum;
    }

    private static SortedDictionary<BigInteger, long> Tally(IEnumerable<BigInteger> values)
    {
        var tally = new SortedDictionary<BigInteger, long>();
        foreach (BigInteger value in values) tally[value] = tally.GetValueOrDefault(value) + 1;
        return tally;
    }
}
