namespace SymbolicEft.Symbolic.Layers;

/// <summary>A layer of a program, or a layer that is made of others. Numbers may differ from repetition to repetition: <see cref="LayerNumber"/>.</summary>
public abstract record Layer
{
    /// <summary>As specifications name it, such as dense or rmsNorm.</summary>
    public abstract string Kind { get; }

    // Its numbers, and the lists of layers that it is made of, under the names that specifications give them.
    internal virtual IReadOnlyList<(string Name, LayerNumber? Number)> Numbers => [];

    internal virtual IReadOnlyList<(string Name, IReadOnlyList<Layer> Layers)> Inner => [];
}

/// <summary>The laws that the weights of a dense layer may have: all with mean 0 and variance C_W over the width of what is read.</summary>
public enum WeightKind
{
    /// <summary>Normal.</summary>
    Gaussian,

    /// <summary>Uniform: excess kurtosis -6/5.</summary>
    Uniform,

    /// <summary>+ or - with equal chance: excess kurtosis -2.</summary>
    Rademacher,

    /// <summary>A Haar-distributed orthogonal matrix times sqrt(C_W).</summary>
    Orthogonal,

    /// <summary>Independent with an excess kurtosis that is given.</summary>
    Kurtosis,
}

/// <summary>u_ia = sum_j W_ij x_ja + b_i: fresh weights, which turn what is read into Gaussian rows.</summary>
/// <param name="WeightVariance">C_W, the variance of a weight times the width of what is read.</param>
public sealed record Dense(LayerNumber WeightVariance) : Layer
{
    /// <summary>C_b.</summary>
    public LayerNumber BiasVariance { get; init; } = 0;

    /// <summary>r, the number of rows over n; null: that of the stream where its output meets the stream, else 1.</summary>
    public LayerNumber? Width { get; init; }

    /// <summary>The law of the weights.</summary>
    public WeightKind Weights { get; init; }

    /// <summary>The excess kurtosis of the weights where <see cref="Weights"/> says that it is given.</summary>
    public double ExcessKurtosis { get; init; }

    /// <summary>Inputs are positions on a ring, and u_a = sum over taps of W_tap x_(a + tap), weights of variance C_W over width and number of taps; empty: u_a = W x_a.</summary>
    public IReadOnlyList<int> Taps { get; init; } = [];

    /// <summary>How many independent outputs, for the gate that follows: 1, or 2.</summary>
    public int Copies { get; init; } = 1;

    /// <inheritdoc/>
    public override string Kind => "dense";

    internal override IReadOnlyList<(string Name, LayerNumber? Number)> Numbers => [("weightVariance", WeightVariance), ("biasVariance", BiasVariance), ("width", Width)];
}

/// <summary>x = sigma(phi), neuron by neuron.</summary>
/// <param name="Function">sigma: a known name, or an expression in x.</param>
public sealed record Activate(string Function) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "activation";
}

/// <summary>x = p sigma(q) of the two copies p, q of the dense layer before it.</summary>
/// <param name="Function">sigma: a known name, or an expression in x.</param>
public sealed record Gate(string Function) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "gate";
}

/// <summary>x_a = gain phi_a / sqrt(G_aa + epsilon), G_aa the mean square over the neurons.</summary>
/// <param name="Gain">gain.</param>
/// <param name="Epsilon">epsilon, not negative.</param>
public sealed record RmsNorm(LayerNumber Gain, LayerNumber Epsilon) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "rmsNorm";

    internal override IReadOnlyList<(string Name, LayerNumber? Number)> Numbers => [("gain", Gain), ("epsilon", Epsilon)];
}

/// <summary>x_a = gain (phi_a - M_a) / sqrt(G_aa - M_a^2 + epsilon), M_a the mean over the neurons.</summary>
/// <param name="Gain">gain.</param>
/// <param name="Epsilon">epsilon, not negative.</param>
public sealed record LayerNorm(LayerNumber Gain, LayerNumber Epsilon) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "layerNorm";

    internal override IReadOnlyList<(string Name, LayerNumber? Number)> Numbers => [("gain", Gain), ("epsilon", Epsilon)];
}

/// <summary>The RMS norm of the stream itself.</summary>
/// <param name="Gain">gain.</param>
/// <param name="Epsilon">epsilon, not negative.</param>
public sealed record PostNorm(LayerNumber Gain, LayerNumber Epsilon) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "postNorm";

    internal override IReadOnlyList<(string Name, LayerNumber? Number)> Numbers => [("gain", Gain), ("epsilon", Epsilon)];
}

/// <summary>x = mu x / keep, mu = 1 with chance keep and 0 else, neuron by neuron.</summary>
/// <param name="Keep">keep, in (0, 1].</param>
/// <param name="IsShared">One mask for all inputs, or one of its own for each.</param>
public sealed record Dropout(LayerNumber Keep, bool IsShared = true) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "dropout";

    internal override IReadOnlyList<(string Name, LayerNumber? Number)> Numbers => [("keep", Keep)];
}

/// <summary>phi' = skip phi + step branch(phi).</summary>
/// <param name="Branch">The layers of the branch; the last is dense.</param>
public sealed record Residual(IReadOnlyList<Layer> Branch) : Layer
{
    /// <summary>alpha.</summary>
    public LayerNumber Skip { get; init; } = 1;

    /// <summary>eps.</summary>
    public LayerNumber Step { get; init; } = 1;

    /// <inheritdoc/>
    public override string Kind => "residual";

    internal override IReadOnlyList<(string Name, LayerNumber? Number)> Numbers => [("skip", Skip), ("step", Step)];

    internal override IReadOnlyList<(string Name, IReadOnlyList<Layer> Layers)> Inner => [("branch", Branch)];
}

/// <summary>phi' = the sum of the outputs of branches that read the same field.</summary>
/// <param name="Branches">The branches; each ends in a dense layer.</param>
public sealed record ParallelBranches(IReadOnlyList<IReadOnlyList<Layer>> Branches) : Layer
{
    /// <summary>r of the outputs; null: as of a dense layer.</summary>
    public LayerNumber? Width { get; init; }

    /// <inheritdoc/>
    public override string Kind => "parallel";

    internal override IReadOnlyList<(string Name, LayerNumber? Number)> Numbers => [("width", Width)];

    internal override IReadOnlyList<(string Name, IReadOnlyList<Layer> Layers)> Inner => [.. Branches.Select((branch, at) => ($"branches[{at}]", branch))];
}

/// <summary>The same layers several times.</summary>
/// <param name="Count">How often.</param>
/// <param name="Of">The layers.</param>
public sealed record Repeat(int Count, IReadOnlyList<Layer> Of) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "repeat";

    internal override IReadOnlyList<(string Name, IReadOnlyList<Layer> Layers)> Inner => [("of", Of)];
}
