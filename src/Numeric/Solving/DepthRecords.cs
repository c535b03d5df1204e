using System.Globalization;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Solving;

/// <summary>A solution as it is found, layer by layer: what was recorded before it stopped is kept with the reason.</summary>
/// <param name="network">The network and its inputs.</param>
/// <param name="settings">How it is solved.</param>
/// <param name="unproved">What the solution rests on so far and nothing proves.</param>
/// <param name="timeOf">Depth time of a layer; that of the network if null.</param>
internal sealed class DepthRecords(Network network, SolverSettings settings, Func<IEnumerable<Unproved>> unproved, Func<int, double>? timeOf = null)
{
    private readonly SortedDictionary<string, List<double[]>> _rows = new(StringComparer.Ordinal);
    private IReadOnlyList<Unproved> _unproved = [];
    private readonly List<RelativeSize> _sizes = [];
    private int _finished;

    /// <summary>The layer reached.</summary>
    public int Layer { get; set; }

    /// <summary>Adds a tensor of the layer being recorded.</summary>
    public void Add(string name, double[] values)
    {
        if (!_rows.TryGetValue(name, out List<double[]>? rows))
            _rows.Add(name, rows = []);
        rows.Add(values);
    }

    /// <summary>Keeps the relative sizes of a layer that is reached, recorded or not, where they are wanted.</summary>
    /// <param name="layer">The layer, after all those kept before.</param>
    /// <param name="part">The results that are parts of the state, by name; null for one that is none.</param>
    public void Keep(int layer, Func<string, double[]?> part)
    {
        if (settings.KeepsSizes && part("K0") is { } kernel && part("V4") is { } covariance && part("K1") is { } correction)
            _sizes.Add(RelativeSize.Of(layer, network.Inputs, kernel, covariance, correction));
    }

    /// <summary>Ends the record of a layer: all its tensors are there, and can be trusted.</summary>
    public void Finish()
    {
        _finished++;
        _unproved = [.. unproved().Distinct()];
    }

    /// <summary>Goes down through the layers.</summary>
    /// <param name="advance">Advances and records.</param>
    /// <param name="relativeError">The bound on the relative error of the expectations used so far.</param>
    /// <exception cref="ComputationException">The solution stopped; the exception has the layers finished before.</exception>
    /// <exception cref="ArgumentException">alpha is not 1 where it must be.</exception>
    public TheorySolution Follow(Action advance, Func<double?> relativeError)
    {
        double skip = network.LayerAt(0).Skip;
        if (settings.Stepping != Stepping.Discrete && skip != 1)
            throw new ArgumentException($"Stepping {settings.Stepping} needs skip = 1, not {skip.ToString("R", CultureInfo.InvariantCulture)}: depth time t = eps^2 l exists only for the ResNet; use discrete.");
        try
        {
            advance();
            return Solution(relativeError());
        }
        catch (ComputationException reason) when (reason.Finished is null && _finished > 0)
        {
            reason.Finished = Solution(relativeError());
            throw;
        }
    }

    /// <summary>Evaluates equations or expectations at the layer reached. They say at which kernel they fail; the user also wants to know how deep.</summary>
    /// <exception cref="ComputationException">They failed; the message begins with the layer.</exception>
    /// <exception cref="UnprovedException">They are not proved, and have to be.</exception>
    public void Evaluate(Action compute)
    {
        try
        {
            compute();
            ProofPolicy.Require(settings.Quadrature, unproved(), network.Sigma.Text, Layer);
        }
        catch (Exception problem) when (problem is QuadratureException or InvalidKernelException)
        {
            throw new ComputationException($"At layer {Layer.ToString(CultureInfo.InvariantCulture)}: {problem.Message}");
        }
    }

    /// <summary>Requires a state to be of finite numbers.</summary>
    /// <param name="state">The state.</param>
    /// <param name="describe">What a component is called.</param>
    /// <param name="layer">Which layer.</param>
    /// <exception cref="ComputationException">It is not.</exception>
    public static void RequireFinite(ReadOnlySpan<double> state, Func<int, string> describe, int layer)
    {
        for (int at = 0; at < state.Length; at++)
        {
            if (!double.IsFinite(state[at]))
                throw new ComputationException($"{describe(at)} left the range of finite numbers at layer {layer.ToString(CultureInfo.InvariantCulture)}; use fewer layers or a smaller step.");
        }
    }

    private TheorySolution Solution(double? relativeError) => new(
        network.Inputs,
        [.. network.RecordedLayers.Take(_finished)],
        [.. network.RecordedLayers.Take(_finished).Select(timeOf ?? network.TimeOf)],
        _rows.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<double[]>)[.. entry.Value.Take(_finished)], StringComparer.Ordinal),
        relativeError)
    {
        Unproved = _unproved,
        Sizes = [.. _sizes.TakeWhile(size => size.Layer <= network.RecordedLayers[_finished - 1])],
    };
}
