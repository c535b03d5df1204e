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
/// DiagramSet set = DiagramGenerator.Generate(external: 1, loops: 3, drift: "2", noise: "0");
/// </code>
/// </example>
public static class DiagramGenerator
{
    /// <summary>Enumerates and stores the connected diagrams of a theory of one kernel, external legs labelled, tadpoles kept.</summary>
    /// <param name="external">E: external kernel legs, at least 1.</param>
    /// <param name="loops">L: loops; the diagrams are of order n^-(L + E - 1).</param>
    /// <param name="drift">Kernel legs of the drift vertices (1, m): a list such as "2,3", or "all" (from 2).</param>
    /// <param name="noise">Kernel legs of the noise vertices (2, m): a list such as "0,1", or "all" (from 0).</param>
    /// <exception cref="ArgumentException">No external leg, or a negative number of loops.</exception>
    /// <exception cref="FormatException">Legs are no such list.</exception>
    /// <exception cref="DiagramLimitException">There are more than a million diagrams, or more than 63 nodes in one.</exception>
    public static DiagramSet Generate(int external, int loops, string drift = "all", string noise = "all") => Generate(OneKernel(external, loops, drift, noise));

    /// <summary>Counts and weighs those diagrams without storing them.</summary>
    /// <param name="external">E: external kernel legs, at least 1.</param>
    /// <param name="loops">L: loops; the diagrams are of order n^-(L + E - 1).</param>
    /// <param name="drift">Kernel legs of the drift vertices (1, m): a list such as "2,3", or "all" (from 2).</param>
    /// <param name="noise">Kernel legs of the noise vertices (2, m): a list such as "0,1", or "all" (from 0).</param>
    /// <exception cref="ArgumentException">No external leg, or a negative number of loops.</exception>
    /// <exception cref="FormatException">Legs are no such list.</exception>
    /// <exception cref="DiagramLimitException">There are more than a million diagrams, or more than 63 nodes in one.</exception>
    public static DiagramCount Count(int external, int loops, string drift = "all", string noise = "all") => Count(OneKernel(external, loops, drift, noise));

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

    /// <summary>Enumerates the diagrams one by one without storing them, in a fixed order that need not be that of <see cref="Generate(DiagramRequest, IProgress{DiagramProgress}?, CancellationToken)"/>.</summary>
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
        new DiagramSearch(context, progress).Run((graph, labelling) =>
        {
            Diagram diagram = DiagramAssembly.FromCanonical(graph, labelling, context.Types, request.ExternalFields, request.LabelledExternals);
            if (!request.Theory.IsZero(diagram)) visit(diagram);
        });
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
        void Add(BigInteger automorphisms) => tally[automorphisms] = tally.GetValueOrDefault(automorphisms) + 1;
        if (request.Theory.HasZeros)
            Visit(request, diagram => Add(diagram.Automorphisms), progress, cancellation);
        else
            new DiagramSearch(context, progress).Run((graph, labelling) => Add(labelling.Automorphisms * LinePermutations(graph, context.Code)));
        return new DiagramCount(tally.Values.Sum(), SumOfInverses(tally));
    }

    private static DiagramRequest OneKernel(int external, int loops, string drift, string noise) =>
        DiagramRequest.OneField(FieldTheory.OneField(LegCounts.Parse(drift, 2), LegCounts.Parse(noise, 0)), external, loops);

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
