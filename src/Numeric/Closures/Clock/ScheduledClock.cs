using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures.Clock;

/// <summary>The random clock of a network whose numbers differ from layer to layer: the same equations, with the numbers of each.</summary>
/// <param name="layers">The numbers of each layer.</param>
/// <param name="clock">The equations.</param>
internal sealed class ScheduledClock(IReadOnlyList<LayerParameters> layers, IClock clock) : IDepthEquations
{
    private int _layer;

    public int Length => clock.Length;

    public double? RelativeError => clock.RelativeError;

    public IEnumerable<Unproved> Unproved => clock.Unproved;

    public double[] Initial(ReadOnlySpan<double> kernel)
    {
        _layer = 0;
        return clock.Initial(kernel);
    }

    public void Next(double[] state, double[] next)
    {
        clock.Layer = layers[_layer++];
        clock.Next(state, next);
    }

    public void Slope(double[] state, double[] slope) => throw new NotSupportedException("A schedule is followed layer by layer.");

    public void Scales(double[] state, double[] scales) => clock.Scales(state, scales);

    /// <summary>The cumulants of G; E2 and U are of a network that has one layer for all depths.</summary>
    public void Record(double[] state, Action<string, double[]> add) => clock.Record(state, (name, values) =>
    {
        if (name[0] is 'K' or 'V')
            add(name, values);
    });

    public double[]? Part(double[] state, string name) => clock.Part(state, name);

    public string Describe(int component) => clock.Describe(component);
}
