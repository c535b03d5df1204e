// The cumulants of G of a program of layers to the next order in 1/n, where kernels are a Markov process of their own: the levels of each step (KernelChain), taken one after
// another (JointCumulants).

using System.Globalization;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>The cumulants of a program of layers over depth.</summary>
internal sealed class KernelProcess : IDepthEquations
{
    private readonly int _pairs, _power;
    private readonly KernelLaws _laws;
    private readonly IReadOnlyList<LevelEquation> _equations;
    private readonly KernelChain[] _chains, _draws;
    private readonly KernelChain? _sigmaKernel;
    private int _layer;

    /// <summary>Prepares the levels.</summary>
    /// <param name="steps">What the program does to the stream.</param>
    /// <param name="inputs">N.</param>
    /// <param name="order">Powers of 1/n beyond the leading one.</param>
    /// <param name="isPlain">Whether all steps are that of the plain perceptron, whose E2 and U are recorded, too.</param>
    /// <exception cref="LayerProgramException">A layer makes more of the stream than kernels.</exception>
    public KernelProcess(IReadOnlyList<StreamStep> steps, int inputs, int order, bool isPlain = false)
    {
        (_pairs, _power) = (PairIndexing.Count(inputs), order + 1);
        _laws = new KernelLaws(inputs, _power);
        _equations = LevelEquation.UpTo(_power);
        Length = JointCumulants.Length(_power, _pairs);
        (_chains, _draws) = Chains(steps, _laws);
        // S is the covariance of the rows of unit weights without biases.
        if (isPlain && steps is [StreamUpdate { Branches: [{ Stages: [var stage] }] } update, ..])
            _sigmaKernel = new KernelChain(_laws, update with { Step = 1, Branches = [new Branch([stage with { WeightVariance = 1, BiasVariance = 0 }])] }, new ChainField(0, true, 1));
    }

    /// <summary>The levels of each step, and those that draw G of the stream before each of them and after the last.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="laws">Makes levels.</param>
    /// <exception cref="LayerProgramException">A layer makes more of the stream than kernels.</exception>
    public static (KernelChain[] Steps, KernelChain[] Draws) Chains(IReadOnlyList<StreamStep> steps, KernelLaws laws)
    {
        (KernelChain[] chains, KernelChain[] draws) = (new KernelChain[steps.Count], new KernelChain[steps.Count + 1]);
        var before = default(ChainField);
        var field = new ChainField(0, true, 1);
        for (int layer = 0; layer <= steps.Count; layer++)
        {
            bool isSame = layer > 0 && field == before;
            draws[layer] = isSame ? draws[layer - 1] : new KernelChain(laws, field);
            if (layer == steps.Count)
                break;
            chains[layer] = isSame && ReferenceEquals(steps[layer], steps[layer - 1]) ? chains[layer - 1] : new KernelChain(laws, steps[layer], field);
            (before, field) = (field, chains[layer].Result with { Kernel = 0 });
        }

        return (chains, draws);
    }

    /// <summary>Whether some layer reads the neurons of the stream one by one.</summary>
    public bool ReadsStream => _chains.Any(chain => chain.ReadsStream);

    public int Length { get; }

    public double? RelativeError => _laws.Accuracy;

    public IEnumerable<Unproved> Unproved { get; } = [new("the cumulants of kernels at the next order", "the means of neurons in them rest on grids that agree") { IsEstimated = true }];

    public double[] Initial(ReadOnlySpan<double> kernel)
    {
        _layer = 0;
        var state = new double[Length];
        JointCumulants.Certain(_power, kernel).CopyTo(state);
        return state;
    }

    public void Next(double[] state, double[] next) => Through(_chains[_layer++], state).CopyTo(next);

    public void Slope(double[] state, double[] slope) => throw new NotSupportedException("Levels are followed layer by layer.");

    public void Scales(double[] state, double[] scales) => throw new NotSupportedException("Levels are followed layer by layer.");

    public void Record(double[] state, Action<string, double[]> add)
    {
        JointCumulants kernel = Through(_draws[_layer], state);
        add("K0", kernel.Mean);
        foreach ((int external, int loops) in JointCumulants.All(_power))
            add(CumulantTensors.Of(external, loops).Name, Ascending(kernel, external, loops));
        if (_sigmaKernel is null)
            return;
        JointCumulants sigmaKernel = Through(_sigmaKernel, state);
        add("E2", sigmaKernel.Mean);
        for (int loops = 1; loops <= _power; loops++)
            add("U" + loops.ToString(CultureInfo.InvariantCulture), Ascending(sigmaKernel, 1, loops));
    }

    public double[]? Part(double[] state, string name)
    {
        JointCumulants kernel = Through(_draws[_layer], state);
        return name == "K0" ? kernel.Mean : JointCumulants.All(_power).Where(each => CumulantTensors.Of(each.External, each.Loops).Name == name).Select(each => Ascending(kernel, each.External, each.Loops)).FirstOrDefault();
    }

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
        [.. Multisets.Ascending(_pairs, external).Select(legs => kernel[external, loops] is { } tensor ? tensor[legs.Aggregate(0, (place, leg) => (place * _pairs) + leg)] : 0)];

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
