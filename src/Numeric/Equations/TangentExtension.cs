// The control variate of networks with tangents. (phi, d, e) is a program of layers whose components are 3 N in number, and its kernel has the blocks G, t1, t2; between blocks infinite
// width has 0. The linear maps of the derivation (ProgramPath) are those of G and, twice, those of theta in theta and g. What stands between blocks is not followed: its prediction
// is what free rows show, of which the covariance is known, Cov(x_ab, x_cd) = Theta0_ac Theta0_bd/n.

namespace SymbolicEft.Numeric.Equations;

/// <summary>Vectors and maps over pairs of inputs, as those over pairs of components.</summary>
internal sealed class TangentExtension
{
    /// <summary>How many directions there are.</summary>
    public const int Directions = 2;

    private readonly int _inputs, _pairs;
    private readonly (int Block, int Pair)[] _places; // of each pair of components: its block, -1 between blocks, and the pair of inputs
    private readonly int[][] _of; // the pair of components of each block and pair

    /// <summary>Prepares N inputs.</summary>
    /// <param name="inputs">N.</param>
    public TangentExtension(int inputs)
    {
        int all = inputs * (1 + Directions);
        (_inputs, _pairs) = (inputs, PairIndexing.Count(inputs));
        _places = [.. PairIndexing.All(all).Select(pair => pair.First / inputs == pair.Second / inputs ? (pair.First / inputs, PairIndexing.Of(pair.First % inputs, pair.Second % inputs, inputs)) : (-1, 0))];
        _of = [.. Enumerable.Range(0, 1 + Directions).Select(block => PairIndexing.All(inputs).Select(pair => PairIndexing.Of((block * inputs) + pair.First, (block * inputs) + pair.Second, all)).ToArray())];
    }

    /// <summary>Number of pairs of components.</summary>
    public int Count => _places.Length;

    /// <summary>The pair of components of a block (0 for G, then the directions) and a pair of inputs.</summary>
    public int Component(int block, int pair) => _of[block][pair];

    /// <summary>A kernel with its tangent kernel in every direction.</summary>
    public double[] Vector(ReadOnlySpan<double> kernel, ReadOnlySpan<double> tangent)
    {
        var result = new double[_places.Length];
        for (int place = 0; place < result.Length; place++)
            result[place] = _places[place] is ( >= 0 and var block, var pair) ? block == 0 ? kernel[pair] : tangent[pair] : 0;
        return result;
    }

    /// <summary>A kernel with its multiple for the tangents of every direction, as a matrix over components.</summary>
    public double[,] Matrix(double[,] kernel, double rate)
    {
        int all = _inputs * (1 + Directions);
        var result = new double[all, all];
        for (int a = 0; a < all; a++)
        {
            for (int b = 0; b < all; b++)
                result[a, b] = a / _inputs != b / _inputs ? 0 : (a < _inputs ? 1 : rate) * kernel[a % _inputs, b % _inputs];
        }

        return result;
    }

    /// <summary>The maps of a layer.</summary>
    /// <param name="maps">Of G.</param>
    /// <param name="tangents">Of Theta.</param>
    public LayerMaps Maps(LayerMaps maps, TangentMaps tangents) => maps with
    {
        Stages = [.. maps.Stages.Zip(tangents.Stages, (stage, tangent) => new StageMaps(
            Map(stage.InKernel, tangent.InTangent, tangent.InKernel),
            stage.InNormed is { } normed ? Map(normed, tangent.NormedTangent!, tangent.NormedKernel!) : null,
            stage.InMean is null ? null : throw new NotSupportedException("Of the mean over neurons no tangents are followed."),
            Map(stage.Own, tangent.OfSlopes, tangent.OfProducts),
            Vector(stage.Expectation, tangent.Expectation),
            Vector(stage.RowCovariance, tangent.Rows))
        {
            NormedKernel = stage.NormedKernel,
        })],
        NormOfStream = maps.NormOfStream is { } norm ? Map(norm, tangents.Norm!.Value.InTangent, tangents.Norm.Value.InKernel) : null,
    };

    /// <summary>The unit map of what is followed, 0 of what stands between blocks.</summary>
    public PairMap UnitOfBlocks() => PairMap.Of([.. _places.Select((place, at) => place.Block < 0 ? [] : new[] { (at, 1.0) })]);

    // G in G, theta in theta and in G.
    private PairMap Map(PairMap ofKernel, PairMap inTangent, PairMap inKernel) => PairMap.Of([.. _places.Select(place => place switch
    {
        (0, var pair) => ofKernel.Row(pair).Select(entry => (_of[0][entry.Column], entry.Value)),
        (> 0 and var block, var pair) => inTangent.Row(pair).Select(entry => (_of[block][entry.Column], entry.Value)).Concat(inKernel.Row(pair).Select(entry => (_of[0][entry.Column], entry.Value))),
        _ => Enumerable.Empty<(int, double)>(),
    })]);
}
