// A step of the stream as a chain of levels: what is a Markov process of kernels alone. A field is known by its kernel G, or, where its rows are fresh, by their covariance,
// given which neurons are independent.
//   dense, after an rmsNorm or none     reads G of a field: S is a function of it. Of fresh rows G is drawn first, once
//   an activation, gate or dropout      reads neurons one by one: fresh rows alone have a law of them, and they are not to be read in another way as well
//   skip phi + step u                   G' given G and the covariance of u; without the skip fresh rows again
// The same inside a branch. Kernels that a later level reads are carried on.

using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Numeric.Closures.Levels;

/// <summary>A field of the chain.</summary>
/// <param name="Kernel">The number of its G, or of the covariance of its rows.</param>
/// <param name="IsFresh">Whether it is that of rows.</param>
/// <param name="Width">r.</param>
internal readonly record struct ChainField(int Kernel, bool IsFresh, double Width);

/// <summary>A level of the chain, which makes the kernel of the next number.</summary>
/// <param name="Meaning">What the kernel is.</param>
/// <param name="Law">The law, at values of what is read, kernel by kernel.</param>
/// <param name="Reads">The numbers of the kernels that it reads.</param>
internal sealed record ChainLevel(string Meaning, Func<double[], Level> Law, IReadOnlyList<int> Reads);

/// <summary>The levels of a step.</summary>
internal sealed class KernelChain
{
    // Kinks of one input are lines for two.
    private const int MostInputsWithKinks = 2;

    private readonly KernelLaws _laws;
    private readonly List<ChainLevel> _levels = [];
    private readonly Dictionary<int, int> _drawn = [];
    private readonly Dictionary<int, string> _read = [];

    /// <summary>Finds the levels.</summary>
    /// <param name="laws">Makes levels.</param>
    /// <param name="step">The step.</param>
    /// <param name="stream">The stream before it, kernel number 0.</param>
    /// <exception cref="LayerProgramException">Its law is not one of kernels.</exception>
    public KernelChain(KernelLaws laws, StreamStep step, ChainField stream)
    {
        _laws = laws;
        Result = step switch
        {
            StreamNorm norm => stream with { Kernel = Normed(norm.Gain, norm.Epsilon, KernelOf(stream, norm.Path), norm.Path), IsFresh = false },
            StreamUpdate update => Updated(update, stream),
            _ => throw new NotSupportedException($"{step} is no step of a stream."),
        };
    }

    /// <summary>A chain that draws G of the stream, and nothing else.</summary>
    /// <param name="laws">Makes levels.</param>
    /// <param name="stream">The stream.</param>
    public KernelChain(KernelLaws laws, ChainField stream)
    {
        _laws = laws;
        Result = stream with { Kernel = KernelOf(stream, ""), IsFresh = false };
    }

    /// <summary>The levels, numbers of kernels from 1.</summary>
    public IReadOnlyList<ChainLevel> Levels => _levels;

    /// <summary>Whether the neurons of the stream are read one by one.</summary>
    public bool ReadsStream { get; private set; }

    /// <summary>The stream after them.</summary>
    public ChainField Result { get; }

    /// <summary>The levels in words, such as "1, G of the rows, given 0".</summary>
    public string Text => string.Join("; ", _levels.Select((level, at) => $"{at + 1}, {level.Meaning}, given {string.Join(" and ", level.Reads)}"));

    private ChainField Updated(StreamUpdate update, ChainField field)
    {
        int kernel = update.Skip == 0 ? -1 : KernelOf(field, update.Path);
        ChainField read = update.Skip == 0 ? field : field with { Kernel = kernel, IsFresh = false };
        int[] rows = [.. update.Branches.Select(branch => Chain(branch, read))];
        if (update.Skip == 0)
            return new(rows.Length == 1 && update.Step == 1 ? rows[0] : Add("the covariance of the sum of outputs, with the step", at => _laws.Added(update.Step, at), rows), true, update.Width);
        int sum = rows.Length == 1 ? rows[0] : Add("the covariance of the sum of outputs", at => _laws.Added(1, at), rows);
        return new(Add("G after the update", at => _laws.Updated(update.Skip, update.Step, update.Width, at), kernel, sum), false, update.Width);
    }

    // The covariance of the rows that a branch makes.
    private int Chain(Branch branch, ChainField field)
    {
        foreach (BranchStage stage in branch.Stages)
        {
            foreach (StreamUpdate before in stage.Before)
                field = Updated(before, field);
            if (stage.Weights != WeightKind.Gaussian)
                throw new LayerProgramException($"{stage.Path} has {stage.Weights.ToString().ToLowerInvariant()} weights, and the next order in 1/n is derived for Gaussian ones; use weights: gaussian, or order 0.");
            int read = Read(stage, field);
            field = new(Add($"the covariance of the rows of {stage.Path}", at => _laws.Rows(stage, at), read), true, stage.Width);
        }

        return field.Kernel;
    }

    // The mean over neurons of x_a x_b.
    private int Read(BranchStage stage, ChainField field)
    {
        if (stage.IsCentred)
            throw new LayerProgramException($"{stage.NormPath} takes off the mean over neurons, which G does not know, and the next order of a program is that of kernels; use rmsNorm, or order 0.");
        if (stage.Activation is null && stage.Keep == 1)
        {
            int kernel = KernelOf(field, stage.Path);
            return stage.Norm is var (gain, epsilon) ? Normed(gain, epsilon, kernel, stage.NormPath) : kernel;
        }

        string function = stage.Activation is { } activation ? $"the activation {activation.Text}" : "dropout";
        if (stage.Norm is not null)
            throw new LayerProgramException($"{stage.Path} reads {function} after {stage.NormPath}, a norm of the same neurons, and the next order of a program is that of kernels; put a dense layer after the norm, or use order 0.");
        if (!field.IsFresh)
            throw new LayerProgramException($"{stage.Path} reads {function} of neurons that a skip has carried through layers, of which G alone does not tell, and the next order of a program is that of kernels; begin the branch with a dense layer, as transformer-mlp does, let all layers be an activation, the same, and a dense layer, or use order 0.");
        if (_laws.Inputs > MostInputsWithKinks && stage.Activation?.Kinks is [var kink, ..])
            throw new LayerProgramException($"{stage.Path} reads {function}, which has a kink at x = {kink.Position}, of {_laws.Inputs} inputs, and the next order of a program takes functions with kinks of at most two; give fewer, or use a smooth activation, or order 0.");
        Claim(field.Kernel, stage.Path);
        ReadsStream |= field.Kernel == 0;
        return Add($"the mean of x_a x_b over the neurons that {stage.Path} reads", at => _laws.Averaged(stage, field.Width, at), field.Kernel);
    }

    // G of a field; of fresh rows it is drawn, once for all that read it.
    private int KernelOf(ChainField field, string path)
    {
        if (!field.IsFresh)
            return field.Kernel;
        if (!_drawn.TryGetValue(field.Kernel, out int drawn))
        {
            Claim(field.Kernel, path);
            _drawn.Add(field.Kernel, drawn = Add("G of the rows", at => _laws.Updated(0, 1, field.Width, at), field.Kernel));
        }

        return drawn;
    }

    private void Claim(int rows, string path)
    {
        if (!_read.TryAdd(rows, path))
            throw new LayerProgramException($"{path} reads the same neurons as {_read[rows]}, and what two layers see of them is not independent, which the next order of a program needs; begin both branches with a dense layer, or use order 0.");
    }

    private int Normed(double gain, double epsilon, int kernel, string path) => Add($"G after {path}", at => _laws.Normed(gain, epsilon, at), kernel);

    private int Add(string meaning, Func<double[], Level> law, params int[] reads)
    {
        _levels.Add(new(meaning, law, reads));
        return _levels.Count;
    }
}
