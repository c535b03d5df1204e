// The cumulants of G of a program of layers to the next order in 1/n, where kernels are a Markov process of their own: the levels of each step (KernelChain), taken one after
// another (JointCumulants). K0 is compared with that of the moment systems at every layer: another derivation, with proved expectations.

using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>The cumulants of a program of layers over depth.</summary>
internal sealed class KernelProcess : IDepthEquations
{
    // What the two routes to K0 may differ by, of its size.
    private const double Agreement = 1e-8;

    private readonly int _inputs, _pairs, _power;
    private readonly KernelLaws _laws;
    private readonly IReadOnlyList<LevelEquation> _equations;
    private readonly IReadOnlyList<StreamStep> _steps;
    private readonly MomentEquations _means;
    private readonly KernelChain[] _chains;
    private readonly ChainField[] _fields;
    private readonly KernelChain[] _draws;
    private int _layer;

    /// <summary>Prepares the levels.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="inputs">N.</param>
    /// <param name="order">Powers of 1/n beyond the leading one.</param>
    /// <param name="means">The equations of K0 alone.</param>
    /// <exception cref="LayerProgramException">A layer makes more of the stream than kernels.</exception>
    public KernelProcess(IReadOnlyList<StreamStep> steps, int inputs, int order, MomentEquations means)
    {
        (_steps, _inputs, _pairs, _power, _means) = (steps, inputs, PairIndexing.Count(inputs), order + 1, means);
        _laws = new KernelLaws(inputs, _power);
        _equations = LevelEquation.UpTo(_power);
        Length = JointCumulants.Length(_power, _pairs);
        (_chains, _draws, _fields) = (new KernelChain[steps.Count], new KernelChain[steps.Count + 1], new ChainField[steps.Count + 1]);
        var field = new ChainField(0, true, 1);
        for (int layer = 0; layer <= steps.Count; layer++)
        {
            bool isSame = layer > 1 && field == _fields[layer - 1];
            (_fields[layer], _draws[layer]) = (field, isSame ? _draws[layer - 1] : new KernelChain(_laws, field));
            if (layer == steps.Count)
                break;
            _chains[layer] = isSame && ReferenceEquals(steps[layer], steps[layer - 1]) ? _chains[layer - 1] : new KernelChain(_laws, steps[layer], field);
            field = _chains[layer].Result with { Kernel = 0 };
        }
    }

    /// <inheritdoc/>
    public int Length { get; }

    /// <inheritdoc/>
    public double RelativeError => _laws.Accuracy;

    /// <inheritdoc/>
    public IEnumerable<Unproved> Unproved { get; } = [new("the cumulants of kernels at the next order", "the means of neurons in them rest on grids that agree") { IsEstimated = true }];

    /// <inheritdoc/>
    public double[] Initial(ReadOnlySpan<double> kernel)
    {
        _layer = 0;
        var state = new double[Length];
        JointCumulants.Certain(_power, kernel).CopyTo(state);
        return state;
    }

    /// <inheritdoc/>
    public void Next(double[] state, double[] next)
    {
        JointCumulants after = Through(_chains[_layer++], state);
        after.CopyTo(next);
        var expected = new double[_pairs];
        _means.Next(state[.._pairs], expected);
        double size = Enumerable.Range(0, _inputs).Max(input => expected[PairIndexing.Of(input, input, _inputs)]);
        for (int pair = 0; pair < _pairs; pair++)
        {
            if (Math.Abs(expected[pair] - next[pair]) > Agreement * size)
                throw new QuadratureException(FormattableString.Invariant($"The grids of the next order have {next[pair]:G10} for K0, which is {expected[pair]:G10}; use order 0, or smaller kernels."));
        }
    }

    /// <inheritdoc/>
    public void Slope(double[] state, double[] slope) => throw new NotSupportedException("Levels are followed layer by layer.");

    /// <inheritdoc/>
    public void Scales(double[] state, double[] scales) => throw new NotSupportedException("Levels are followed layer by layer.");

    /// <inheritdoc/>
    public void Record(double[] state, Action<string, double[]> add)
    {
        JointCumulants kernel = Through(_draws[_layer], state);
        add("K0", kernel.Mean);
        foreach ((int external, int loops) in JointCumulants.All(_power))
            add(CumulantTensors.Of(external, loops).Name, Ascending(kernel, external, loops));
    }

    /// <inheritdoc/>
    public double[]? Part(double[] state, string name)
    {
        JointCumulants kernel = Through(_draws[_layer], state);
        return name == "K0" ? kernel.Mean : JointCumulants.All(_power).Where(each => CumulantTensors.Of(each.External, each.Loops).Name == name).Select(each => Ascending(kernel, each.External, each.Loops)).FirstOrDefault();
    }

    /// <inheritdoc/>
    public string Describe(int component)
    {
        int offset = _pairs;
        if (component < offset)
            return "K0";
        foreach ((int external, int loops) in JointCumulants.All(_power))
        {
            offset += (int)Math.Pow(_pairs, external);
            if (component < offset)
                return CumulantTensors.Of(external, loops).Name;
        }

        return "A cumulant";
    }

    // Each component once: ascending pairs, the last running fastest.
    private double[] Ascending(JointCumulants kernel, int external, int loops) =>
        [.. Level.Ascending(_pairs, external).Select(legs => kernel[external, loops] is { } tensor ? tensor[legs.Aggregate(0, (place, leg) => (place * _pairs) + leg)] : 0)];

    private JointCumulants Through(KernelChain chain, double[] state)
    {
        JointCumulants joint = JointCumulants.From(_power, _pairs, state);
        List<int> live = [0];
        for (int at = 0; at < chain.Levels.Count; at++)
        {
            ChainLevel level = chain.Levels[at];
            int[] reads = Places(level.Reads);
            int[] kept = [.. live.Where(number => number == chain.Result.Kernel || chain.Levels.Skip(at + 1).Any(later => later.Reads.Contains(number)))];
            joint = joint.After(_equations, level.Law([.. reads.Select(place => joint.Mean[place])]), reads, Places(kept));
            live = [.. kept, at + 1];
        }

        return joint;

        int[] Places(IEnumerable<int> numbers) => [.. numbers.SelectMany(number => Enumerable.Range(live.IndexOf(number) * _pairs, _pairs))];
    }
}
