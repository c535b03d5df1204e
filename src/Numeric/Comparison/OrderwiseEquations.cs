using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>The equations of g alone, and of g with the modes of one other order, for several orders side by side.</summary>
internal sealed class OrderwiseEquations : IDepthEquations
{
    private readonly Part[] _parts;
    private readonly int _pairs;

    /// <summary>Prepares the equations.</summary>
    /// <param name="fluctuations">The fluctuation equation, to an order not below any of the orders.</param>
    /// <param name="layer">alpha, eps, C_W, C_b.</param>
    /// <param name="orders">The other orders.</param>
    /// <param name="discrete">Whether depth advances layer by layer.</param>
    public OrderwiseEquations(FluctuationEquation fluctuations, LayerParameters layer, IReadOnlyList<int> orders, bool discrete)
    {
        _pairs = PairIndexing.Count(fluctuations.Inputs);
        EquationSystem system = MomentDerivation.Of(new HermiteModes(fluctuations.HighestOrder), discrete ? DepthForm.Discrete : DepthForm.Continuous);
        _parts = new Part[orders.Count + 1];
        for (var at = 0; at < _parts.Length; at++)
        {
            int[] own = at == 0 ? [] : [orders[at - 1]];
            var equations = new MomentEquations(system, new ModeRecipes(fluctuations, own), layer, [Notation.Covariance, MomentLetters.SourceOnly]);
            _parts[at] = new Part(at == 0 ? 2 : own[0], equations, Length, new double[equations.Length], new double[equations.Length]);
            Length += equations.Length;
        }
    }

    public int Length { get; }

    public double? RelativeError => FluctuationEquation.Target;

    public IEnumerable<Unproved> Unproved => _parts[0].Equations.Unproved;

    /// <summary>The record of V4 of g with the modes of an order.</summary>
    public static string Covariance(int order) => FormattableString.Invariant($"V4_{order}");

    /// <summary>The record of the transport of g with the modes of an order; of g alone for 2.</summary>
    public static string Transport(int order) => FormattableString.Invariant($"transport_{order}");

    public double[] Initial(ReadOnlySpan<double> kernel)
    {
        var state = new double[Length];
        foreach (Part part in _parts) part.Equations.Initial(kernel).CopyTo(state, part.Offset);
        return state;
    }

    public void Next(double[] state, double[] next) => Advance(state, next, (equations, from, to) => equations.Next(from, to));

    public void Slope(double[] state, double[] slope) => Advance(state, slope, (equations, from, to) => equations.Slope(from, to));

    public void Scales(double[] state, double[] scales) => Advance(state, scales, (equations, from, to) => equations.Scales(from, to));

    public void Record(double[] state, Action<string, double[]> add)
    {
        foreach (Part part in _parts)
        {
            var tensors = new Dictionary<string, double[]>(StringComparer.Ordinal);
            state.AsSpan(part.Offset, part.State.Length).CopyTo(part.State);
            part.Equations.Record(part.State, (name, values) => tensors[name] = values);
            if (part.Order == 2)
            {
                add("K0", tensors["K0"]);
                add("V4", tensors["V4"]);
                add("V4_source", tensors["V4_source"]);
            }
            else
            {
                add(Covariance(part.Order), tensors["V4"]);
            }

            add(Transport(part.Order), KernelPart.UpperOf(part.Equations.ValueOf("transport"), _pairs));
        }
    }

    public string Describe(int component)
    {
        Part part = _parts.Last(each => each.Offset <= component);
        return part.Equations.Describe(component - part.Offset);
    }

    private void Advance(double[] state, double[] target, Action<MomentEquations, double[], double[]> step)
    {
        foreach (Part part in _parts)
        {
            state.AsSpan(part.Offset, part.State.Length).CopyTo(part.State);
            step(part.Equations, part.State, part.Target);
            part.Target.CopyTo(target, part.Offset);
        }
    }

    private sealed record Part(int Order, MomentEquations Equations, int Offset, double[] State, double[] Target);
}
