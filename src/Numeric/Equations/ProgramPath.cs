// The linear equations of the fluctuations of a program, followed path by path (for the plain network: PathwiseMap). The equations are those of the derivation, stage by stage;
// here they become maps between vectors over pairs at the K0 of a layer. The means obey the same maps, with remainders of second order for what is new.

using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Closures.Modes;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Equations;

/// <summary>A stage, path by path: s = InKernel (fluctuation of the kernel that is read) + Own nu.</summary>
/// <param name="InKernel">The response of s to the kernel that is read.</param>
/// <param name="InNormed">The response of s to that kernel as it is after the norm; null where there is none.</param>
/// <param name="InMean">The response of s to the mean over neurons, over pairs and inputs, where it is taken off; null where it is not, or makes no difference.</param>
/// <param name="Own">What s takes of nu, which the neurons show.</param>
/// <param name="Expectation">The mean of S that the neurons show at infinite width, masks included, taps not.</param>
/// <param name="RowCovariance">Q of the rows.</param>
internal sealed record StageMaps(PairMap InKernel, PairMap? InNormed, PairMap? InMean, PairMap Own, double[] Expectation, double[] RowCovariance)
{
    /// <summary>K0 after the norm of a field that is read in modes; null where there is none.</summary>
    public double[]? NormedKernel { get; init; }
}

/// <summary>An update of a field, path by path: g' = Keep g + sum over branches of Drive s.</summary>
/// <param name="Keep">The coefficient of g.</param>
/// <param name="Drive">The coefficient of the s of the last stage of each branch.</param>
/// <param name="Kernel">K0 after an update inside a branch; empty for that of the stream.</param>
internal sealed record UpdateMaps(double Keep, double[] Drive, double[] Kernel);

/// <summary>A layer, path by path.</summary>
/// <param name="Updates">Its update and those inside branches, in the order in which they begin; empty where the layer norms the stream.</param>
/// <param name="Stages">The stages, in the order in which they run.</param>
/// <param name="NormOfStream">The map of g where the layer norms the stream; else null.</param>
internal sealed record LayerMaps(UpdateMaps[] Updates, StageMaps[] Stages, PairMap? NormOfStream);

/// <summary>Theta of the rows of a stage, path by path: zeta = InTangent theta + InKernel g (or s), of what is read; after a norm likewise; and what neurons show.</summary>
/// <param name="InTangent">The response of zeta to theta of what is read.</param>
/// <param name="InKernel">The response to its kernel.</param>
/// <param name="NormedTangent">The response to theta after the norm; null where there is none.</param>
/// <param name="NormedKernel">The response to the kernel after it.</param>
/// <param name="OfSlopes">What zeta takes of the fluctuation of &lt;Theta_ii f'f'&gt;.</param>
/// <param name="OfProducts">What it takes of that of &lt;f f&gt;.</param>
/// <param name="Expectation">The mean of &lt;Theta_ii f'f'&gt;.</param>
/// <param name="Rows">Theta of the rows at infinite width.</param>
/// <param name="Read">Theta of what is read, after the norm.</param>
/// <param name="Slope">Of f'f' of fresh rows: the covariance of its noise, and its mean; null where the stream is read.</param>
internal sealed record TangentStageMaps(PairMap InTangent, PairMap InKernel, PairMap? NormedTangent, PairMap? NormedKernel, PairMap OfSlopes, PairMap OfProducts, double[] Expectation, double[] Rows, double[] Read, (double[] Noise, double[] Mean)? Slope);

/// <summary>The tangent kernel of a layer, path by path; it is kept and driven as G is.</summary>
/// <param name="Stages">The stages, in the order in which they run.</param>
/// <param name="Norm">Where the layer norms the stream, theta in theta and in g; else null.</param>
internal sealed record TangentMaps(TangentStageMaps[] Stages, (PairMap InTangent, PairMap InKernel)? Norm);

/// <summary>What a stage reads.</summary>
/// <param name="Kernel">The kernel of the field, over pairs.</param>
/// <param name="Width">r of it.</param>
/// <param name="IsOfStream">Whether it is the stream, or what an update with a skip makes of it.</param>
internal readonly record struct StageReads(double[] Kernel, double Width, bool IsOfStream)
{
    /// <summary>What the stages of a step read, in the order in which they run; none where the stream is normed.</summary>
    /// <param name="step">The step.</param>
    /// <param name="maps">Its maps.</param>
    /// <param name="kernel">The kernel of the stream before it.</param>
    /// <param name="width">r of the stream before it.</param>
    public static IReadOnlyList<StageReads> Of(StreamStep step, LayerMaps maps, double[] kernel, double width)
    {
        var reads = new List<StageReads>();
        int updates = 0;
        if (step is StreamUpdate whole)
            Follow(whole, new(kernel, width, true));
        return reads;

        void Follow(StreamUpdate update, StageReads field)
        {
            updates++;
            foreach (Branch branch in update.Branches)
            {
                StageReads read = field;
                foreach (BranchStage stage in branch.Stages)
                {
                    foreach (StreamUpdate before in stage.Before)
                    {
                        int number = updates;
                        Follow(before, read);
                        read = new(maps.Updates[number].Kernel, before.Width, read.IsOfStream && before.Skip != 0);
                    }

                    reads.Add(read);
                    read = new(maps.Stages[reads.Count - 1].RowCovariance, stage.Width, false);
                }
            }
        }
    }
}

/// <summary>Reads the maps off the equations of a program.</summary>
internal sealed class ProgramPath
{
    private const string Next = "g'";

    private readonly ProgramSystem _program;
    private readonly MomentEquations _equations;
    private readonly int _pairs;
    private readonly LayerNumbers[] _numbers;
    private readonly Dictionary<string, Term[]>[] _terms;
    private readonly Dictionary<string, Term[]>?[] _tangents;

    /// <summary>Prepares the equations of all structures.</summary>
    /// <param name="program">The equations.</param>
    /// <param name="equations">They as they run; their tensors are taken at the last layer that they advanced.</param>
    /// <param name="numbers">The numbers of each layer.</param>
    /// <param name="pairs">Number of pairs.</param>
    public ProgramPath(ProgramSystem program, MomentEquations equations, IEnumerable<LayerNumbers> numbers, int pairs)
    {
        (_program, _equations, _pairs, _numbers) = (program, equations, pairs, [.. numbers]);
        _terms = [.. program.Systems.Select(Terms)];
        _tangents = [.. program.Systems.Select(system => system.Tangents is { } tangents ? Terms(tangents.Equations, [], isWhole: false) : null)];
    }

    /// <summary>The maps of a layer, at the state from which the equations were last advanced.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="before">That state.</param>
    /// <exception cref="NotSupportedException">A fluctuation depends on something that no path follows.</exception>
    public LayerMaps At(int layer, double[] before)
    {
        int place = _program.Layers[layer].System;
        EquationSystem system = _program.Systems[place];
        Dictionary<string, Term[]> terms = _terms[place];
        LayerNumbers numbers = _numbers[layer];
        if (system.Stages.Count == 0)
            return new([], [], Map(terms, numbers, Next, Kernel) ?? throw Unfollowed(Next));
        return new(
            [.. system.Updates.Select((update, at) =>
            {
                string after = at == 0 ? Next : update.After.Name;
                return new UpdateMaps(
                    Factor(Map(terms, numbers, after, update.Before.Name, except: update.Total.Name)),
                    [.. update.Drives.Select(drive => Factor(Map(terms, numbers, after, drive.Name)))],
                    at == 0 ? [] : [.. _equations.ValueOf(update.Kernel.Name)]);
            })],
            [.. system.Stages.Select(stage => new StageMaps(
                Map(terms, numbers, stage.Drive.Name, stage.Before.Name) ?? throw Unfollowed(stage.Drive.Name),
                stage.Normed is { } normed ? Map(terms, numbers, stage.Drive.Name, normed.Name) : null,
                stage.Lost is { } lost && Map(terms, numbers, stage.Drive.Name, lost.Name, modes: values => InMean(values, _equations.ValueOf(stage.Kernel.Name, before))) is { Values.Length: > 0 } mean ? mean : null,
                Map(terms, numbers, stage.Drive.Name, stage.Own.Name) ?? throw Unfollowed(stage.Drive.Name),
                [.. _equations.ValueOf(stage.Expectation.Name)],
                [.. _equations.ValueOf(stage.RowCovariance.Name)])
            {
                NormedKernel = stage.NormedKernel is { } after ? [.. _equations.ValueOf(after.Name)] : null,
            })],
            null);
    }

    /// <summary>The maps of the tangent kernel, which is among the equations, at the state from which they were last advanced.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="before">That state.</param>
    public TangentMaps TangentsAt(int layer, double[] before)
    {
        int place = _program.Layers[layer].System;
        (TangentPaths paths, Dictionary<string, Term[]> terms, LayerNumbers numbers) = (_program.Systems[place].Tangents!, _tangents[place]!, _numbers[layer]);
        PairMap Of(Tensor of, Tensor? atom, string? except = null) => (atom is null ? null : Map(terms, numbers, of.Name, atom.Name, except, before)) ?? PairMap.Unit(_pairs, 0);
        double[] Values(Tensor tensor) => [.. _equations.ValueOf(tensor.Name, before)];
        return new(
            [.. paths.Stages.Select(stage => new TangentStageMaps(
                Of(stage.Rows, stage.Before),
                Of(stage.Rows, stage.KernelBefore, except: stage.Before.Name),
                stage.Normed is { } normed ? Of(stage.Rows, normed) : null,
                stage.NormedKernel is { } normedKernel ? Of(stage.Rows, normedKernel) : null,
                Of(stage.Rows, stage.Shown),
                Of(stage.Rows, stage.ShownDrive, except: stage.Before.Name),
                Values(stage.ShownMean),
                Values(stage.RowMean),
                Values(stage.ReadMean),
                stage.Slope is var (noise, mean) ? (Values(noise), Values(mean)) : null))],
            paths.Norm is { } norm ? (Of(norm, TangentDerivation.Fluctuation), Of(norm, MomentLetters.KernelFluctuation)) : null);
    }

    // d(of)/d(atom), or null where it does not occur; with coefficients of modes as a map of their own.
    private PairMap? Map(Dictionary<string, Term[]> terms, LayerNumbers numbers, string of, string atom, string? except = null, double[]? before = null, Func<double[], PairMap>? modes = null)
    {
        if (of == atom)
            return PairMap.Unit(_pairs);
        if (of == except || !terms.TryGetValue(of, out Term[]? equation))
            return null;
        PairMap? sum = null;
        foreach (Term term in equation)
        {
            bool isOfModes = term.Tensor is { Indices.Length: 3 };
            if ((isOfModes ? term.Fluctuation == atom ? modes?.Invoke(_equations.ValueOf(term.Tensor!.Tensor.Name, before)) : null : Map(terms, numbers, term.Fluctuation, atom, except, before, modes)) is not { } inner)
                continue;
            PairMap whole = inner;
            if (term.Tensor is { } tensor && !isOfModes)
            {
                double[] values = _equations.ValueOf(tensor.Tensor.Name, before);
                whole = (tensor.Indices.Length == 1 ? PairMap.Diagonal(values) : PairMap.Of(values, _pairs)).After(whole);
            }

            whole = whole.Times(numbers.ValueOf(term.Coefficient));
            sum = sum?.Plus(whole) ?? whole;
        }

        return sum;
    }

    // The modes of order 1 of a pair are those of the mean over neurons, M: he_1(z1) = A M_a, he_1(z2) = B M_a + D M_b.
    private PairMap InMean(double[] coefficients, double[] kernel)
    {
        ModeLayout modes = _equations.Modes;
        return PairMap.Of([.. modes.Pairs.Select((pair, at) =>
        {
            if (!modes.Orders.Contains(1))
                return [];
            PairFrame frame = ModeNumbers.Frame(kernel, pair.First, pair.Second, modes.Inputs);
            ReadOnlySpan<double> each = coefficients.AsSpan(modes.Offset(at, 1), modes.CountOf(at, 1));
            return each.Length == 1 ? [(pair.First, each[0] * frame.A)] : (IEnumerable<(int, double)>)[(pair.First, (each[0] * frame.A) + (each[1] * frame.B)), (pair.Second, each[1] * frame.D)];
        })]);
    }

    private static string Kernel => MomentLetters.KernelFluctuation.Name;

    // The maps of g' are the same number for all pairs.
    private static double Factor(PairMap? map) => map?.Values.Length > 0 ? map.Values[0] : 0;

    private static NotSupportedException Unfollowed(string name) => new($"{name} depends on something that no path follows.");

    private static Dictionary<string, Term[]> Terms(EquationSystem system) => Terms(system.Fluctuations, system.Stages.SelectMany(stage => stage.Lost is { } lost ? [stage.Own.Name, lost.Name] : new[] { stage.Own.Name }), isWhole: true);

    // Where equations are not whole, terms in modes and in noise are what neurons show, and no path.
    private static Dictionary<string, Term[]> Terms(IReadOnlyList<ContractedEquation> equations, IEnumerable<string> own, bool isWhole)
    {
        var fluctuations = new HashSet<string>([Kernel, TangentDerivation.Fluctuation.Name, .. equations.Select(equation => equation.Variable.Tensor.Name), .. own], StringComparer.Ordinal);
        return equations.ToDictionary(
            equation => equation.IsNext ? Next : equation.Variable.Tensor.Name,
            equation => equation.RightSide.Expand().Terms.ToArray().Select(term =>
            {
                (Expression coefficient, IReadOnlyList<Indexed> tensors) = EquationTerm.Of(term);
                Indexed? path = isWhole ? tensors.Single(tensor => fluctuations.Contains(tensor.Tensor.Name)) : tensors.SingleOrDefault(tensor => fluctuations.Contains(tensor.Tensor.Name));
                return path is null ? null : new Term(coefficient, tensors.SingleOrDefault(tensor => !ReferenceEquals(tensor, path)), path.Tensor.Name);
            }).OfType<Term>().ToArray(),
            StringComparer.Ordinal);
    }

    // A number, a tensor over pairs or none, and a fluctuation.
    private sealed record Term(Expression Coefficient, Indexed? Tensor, string Fluctuation);
}
