using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>The random clock of a network whose numbers differ from layer to layer: the same state, and the equations of each layer.</summary>
internal sealed class ScheduledClock : IDepthEquations
{
    private readonly IReadOnlyList<LayerParameters> _layers;
    private readonly Func<LayerParameters, IDepthEquations> _ofLayer;
    private IDepthEquations _clock;
    private int _layer;

    /// <summary>Prepares the equations.</summary>
    /// <param name="layers">The numbers of each layer, at least one.</param>
    /// <param name="ofLayer">The equations of a layer of such numbers.</param>
    public ScheduledClock(IReadOnlyList<LayerParameters> layers, Func<LayerParameters, IDepthEquations> ofLayer)
    {
        (_layers, _ofLayer) = (layers, ofLayer);
        _clock = ofLayer(layers[0]);
    }

    /// <inheritdoc/>
    public int Length => _clock.Length;

    /// <inheritdoc/>
    public double RelativeError => _clock.RelativeError;

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved => _clock.Unproved;

    /// <inheritdoc/>
    public double[] Initial(ReadOnlySpan<double> kernel) => _clock.Initial(kernel);

    /// <inheritdoc/>
    public void Next(double[] state, double[] next)
    {
        if (_layer > 0 && _layers[_layer] != _layers[_layer - 1])
            _clock = _ofLayer(_layers[_layer]);
        _layer++;
        _clock.Next(state, next);
    }

    /// <inheritdoc/>
    public void Slope(double[] state, double[] slope) => throw new NotSupportedException("A schedule is followed layer by layer.");

    /// <inheritdoc/>
    public void Scales(double[] state, double[] scales) => _clock.Scales(state, scales);

    /// <summary>The cumulants of G; E2 and U are of a network that has one layer for all depths.</summary>
    public void Record(double[] state, Action<string, double[]> add) => _clock.Record(state, (name, values) =>
    {
        if (name[0] is 'K' or 'V')
            add(name, values);
    });

    /// <inheritdoc/>
    public double[]? Part(double[] state, string name) => _clock.Part(state, name);

    /// <inheritdoc/>
    public string Describe(int component) => _clock.Describe(component);
}
