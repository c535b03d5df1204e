// From a list of layers to what they do to the stream: repetitions are unrolled, numbers filled in, and the layers of a branch gathered into stages,
// each [norm] [activation or gate] [dropout] dense. What does not fit into a stage is refused with its path: the theory has a place for it nowhere else.

using System.Globalization;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Symbolic.Layers;

/// <summary>A program of layers that the theory does not take: one sentence that names the layer by its path, the reason and the mend.</summary>
/// <param name="message">The sentence.</param>
public sealed class LayerProgramException(string message) : Exception(message);

/// <summary>A network as a program of layers.</summary>
/// <param name="Layers">The layers, outermost first.</param>
public sealed record LayerProgram(IReadOnlyList<Layer> Layers)
{
    /// <summary>As many steps of the stream as a program may unroll to.</summary>
    public const int MostSteps = 1_000_000;

    // Expressions of activations of activations grow with each.
    private const int MostInARow = 3;

    // Each update inside a branch has equations of its own.
    private const int MostInBranch = 24;

    // Each dense layer of a branch has equations of its own, and each that is not a copy of another numbers of its own.
    private const int MostDenseInBranch = 1000, MostDense = 4_000_000;

    /// <summary>phi' = alpha phi + eps (W sigma(phi) + b), L times: what the flat keys of a specification say.</summary>
    /// <param name="activation">sigma.</param>
    /// <param name="weightVariance">C_W.</param>
    /// <param name="biasVariance">C_b.</param>
    /// <param name="skip">alpha.</param>
    /// <param name="step">eps.</param>
    /// <param name="depth">L.</param>
    public static LayerProgram Plain(string activation, double weightVariance, double biasVariance, double skip, double step, int depth)
    {
        Layer[] branch = [new Activate(activation), new Dense(weightVariance) { BiasVariance = biasVariance }];
        return new([new Repeat(depth, skip == 0 && step == 1 ? branch : [new Residual(branch) { Skip = skip, Step = step }])]);
    }

    /// <summary>What the program does to the stream, layer of the results by layer.</summary>
    /// <param name="inputs">N, which positions of taps are counted around.</param>
    /// <exception cref="LayerProgramException">A layer cannot stand where it stands, or a number is out of its range.</exception>
    public IReadOnlyList<StreamStep> Unroll(int inputs) => new Unrolling(inputs).Of(this);

    private sealed class Unrolling(int inputs)
    {
        private readonly List<StreamStep> _steps = [];
        private readonly Dictionary<string, ActivationDefinition> _activations = new(StringComparer.Ordinal);
        private double _width = 1;
        private int _dense;
        private StageBuilder? _open;

        public IReadOnlyList<StreamStep> Of(LayerProgram program)
        {
            if (program.Layers.Count == 0)
                throw new LayerProgramException("layers is empty; a program has at least one layer, such as {dense: {weightVariance: 2}}.");
            RequireLengths(program.Layers, "layers", 1);
            Outermost(program.Layers, "layers", 0);
            if (_open is not null)
                throw new LayerProgramException($"{_open.Path} acts on the stream with no dense layer after it, and its law is then not Gaussian; end the list with a dense layer.");
            return _steps;
        }

        private void Outermost(IReadOnlyList<Layer> layers, string path, int repetition)
        {
            for (int at = 0; at < layers.Count; at++)
            {
                Layer layer = layers[at];
                string here = $"{path}[{at}]";
                if (layer is Repeat repeat)
                {
                    Repeated(repeat, $"{here}.repeat");
                    continue;
                }

                if (_open is not null && layer is Residual or ParallelBranches or PostNorm)
                    throw new LayerProgramException($"{_open!.Path} acts on the stream itself, whose law is then not Gaussian, before {here}.{layer.Kind}; put a dense layer between them, or the activation into the branch.");
                switch (layer)
                {
                    case Residual or ParallelBranches:
                        StreamUpdate update = Update(layer, here, repetition, _width);
                        Add(update);
                        _width = update.Width;
                        break;
                    case PostNorm norm:
                        (double gain, double epsilon) = Norm(norm.Gain, norm.Epsilon, repetition, $"{here}.postNorm");
                        if (gain < 0)
                            throw new LayerProgramException(Text($"{here}.postNorm.gain is {gain:R}, which turns the sign of the stream; use {-gain:R}, and activations of -x after it."));
                        Add(new StreamNorm($"{here}.postNorm", gain, epsilon));
                        break;
                    default:
                        _open ??= new StageBuilder(this, here, null, _width);
                        if (_open.Take(layer, here, repetition, null) is { } stage)
                        {
                            if (stage.Copies != 1)
                                throw new LayerProgramException($"{here}.dense makes 2 copies, and the stream is one field; copies belong into a branch, before a gate.");
                            Add(new StreamUpdate($"{here}.dense", 0, 1, stage.Width, [new Branch([stage])]));
                            (_width, _open) = (stage.Width, null);
                        }

                        break;
                }
            }
        }

        // Where nothing depends on l, a repetition that begins like the one before it does the same: its steps are those, not copies.
        private void Repeated(Repeat repeat, string path)
        {
            if (repeat.Count < 1 || repeat.Of.Count == 0)
                throw new LayerProgramException($"{path} has count {repeat.Count} and {repeat.Of.Count} layers; both must be at least 1.");
            RequireLengths(repeat.Of, $"{path}.of", repeat.Count);
            RequireSteps(_steps.Count + (long)repeat.Count, path); // a repetition adds a layer, or is refused soon
            bool isConstant = repeat.Of.All(IsConstant);
            (int Steps, double Width, object? Open)? last = null;
            for (int l = 0; l < repeat.Count; l++)
            {
                (int Steps, double Width, object? Open) now = (_steps.Count, _width, _open?.Contents);
                if (isConstant && last is { } before && before.Width == now.Width && Equals(before.Open, now.Open))
                {
                    int length = now.Steps - before.Steps;
                    RequireSteps(now.Steps + ((long)length * (repeat.Count - l)), path);
                    for (; length > 0 && l < repeat.Count; l++) _steps.AddRange(_steps.GetRange(before.Steps, length));
                    return;
                }

                last = now;
                Outermost(repeat.Of, $"{path}.of", l);
            }
        }

        private static bool IsConstant(Layer layer) =>
            layer is Repeat || (layer.Numbers.All(each => each.Number?.IsConstant ?? true) && layer.Inner.All(inner => inner.Layers.All(IsConstant)));

        private void Add(StreamStep step)
        {
            RequireSteps(_steps.Count + 1, step.Path);
            _steps.Add(step);
        }

        private static void RequireSteps(long steps, string path)
        {
            if (steps > MostSteps)
                throw new LayerProgramException($"{path} brings the program to more than {MostSteps} layers, which is as many as are solved; repeat less.");
        }

        // A residual, or parallel branches, of a field of some width.
        private StreamUpdate Update(Layer layer, string here, int repetition, double read)
        {
            string path = $"{here}.{layer.Kind}";
            if (layer is Residual residual)
            {
                double skip = Number(residual.Skip, repetition, $"{path}.skip", double.NegativeInfinity), step = Number(residual.Step, repetition, $"{path}.step", double.NegativeInfinity);
                return new(path, skip, step, read, [.. Branches(residual.Branch, $"{path}.branch", repetition, read, read)]);
            }

            var parallel = (ParallelBranches)layer;
            double width = parallel.Width is null ? 1 : Number(parallel.Width, repetition, $"{path}.width", 0, isOpen: true);
            return new(path, 0, 1, width, [.. Branches(parallel, path, repetition, read, width)]);
        }

        // The branches of a residual or a parallel layer, whose outputs add.
        private IEnumerable<Branch> Branches(IReadOnlyList<Layer> layers, string path, int repetition, double read, double width) =>
            layers is [ParallelBranches parallel] ? Branches(parallel, $"{path}[0].parallel", repetition, read, width) : [Chain(layers, path, repetition, read, width)];

        private IEnumerable<Branch> Branches(ParallelBranches parallel, string path, int repetition, double read, double width)
        {
            if (parallel.Branches.Count == 0)
                throw new LayerProgramException($"{path} has no branches; give it at least one list of layers.");
            if (parallel.Width is not null && Number(parallel.Width, repetition, $"{path}.width", 0, isOpen: true) is var own && own != width)
                throw new LayerProgramException(Text($"{path} has width {own:R}, and the stream that it is added to {width:R}; leave width out."));
            return parallel.Branches.SelectMany((branch, at) => Branches(branch, $"{path}.branches[{at}]", repetition, read, width));
        }

        private Branch Chain(IReadOnlyList<Layer> layers, string path, int repetition, double read, double width)
        {
            var stages = new List<BranchStage>();
            var builder = new StageBuilder(this, $"{path}[0]", null, read);
            int updates = 0;
            Take(layers, path, repetition, width);

            void Take(IReadOnlyList<Layer> list, string at, int l, double? meets)
            {
                for (int place = 0; place < list.Count; place++)
                {
                    string here = $"{at}[{place}]";
                    switch (list[place])
                    {
                        case Repeat repeat:
                            if (repeat.Count < 1 || repeat.Of.Count == 0)
                                throw new LayerProgramException($"{here}.repeat has count {repeat.Count} and {repeat.Of.Count} layers; both must be at least 1.");
                            RequireLengths(repeat.Of, $"{here}.repeat.of", repeat.Count);
                            for (int inner = 0; inner < repeat.Count; inner++)
                                Take(repeat.Of, $"{here}.repeat.of", inner, place == list.Count - 1 && inner == repeat.Count - 1 ? meets : null);
                            continue;
                        case Residual or ParallelBranches:
                            if (++updates > MostInBranch)
                                throw new LayerProgramException($"{here}.{list[place].Kind} is update number {updates} inside one branch, and at most {MostInBranch} are solved; put it into the outermost list, or repeat less.");
                            builder.Before(Update(list[place], here, l, builder.Reads));
                            continue;
                    }

                    // The last dense layer has the width of what it is added to.
                    if (builder.Take(list[place], here, l, place == list.Count - 1 ? meets : null) is { } stage)
                    {
                        if (stages.Count == MostDenseInBranch)
                            throw new LayerProgramException($"{here}.dense brings its branch to more than {MostDenseInBranch} dense layers, which is as many as are solved; put some into the outermost list, or repeat less.");
                        if (++_dense > MostDense)
                            throw new LayerProgramException($"{here}.dense brings the branches of the program to more than {MostDense} dense layers with numbers of their own, which is as many as are solved; repeat less, or leave out what depends on l.");
                        stages.Add(stage);
                        builder = new StageBuilder(this, $"{at}[{place + 1}]", stage, stage.Width);
                    }
                }
            }

            if (layers is [.., Residual or ParallelBranches])
                throw new LayerProgramException($"{path}[{layers.Count - 1}].{layers[^1].Kind} ends a branch, and makes more than the Gaussian rows of one dense layer, which is what can be added to the stream; put a dense layer after it, or let it stand in the outermost list.");
            if (stages.Count == 0 || !builder.IsEmpty)
                throw new LayerProgramException($"{path}{(layers.Count == 0 ? " is empty, and so" : $"[{layers.Count - 1}]")} ends without a dense layer; what is added to the stream must be the Gaussian rows of one, so end the branch with dense.");
            BranchStage last = stages[^1];
            if (last.Width != width)
                throw new LayerProgramException(Text($"{last.Path}.dense has width {last.Width:R}, and what it is added to has width {width:R}; leave width out."));
            if (last.Copies != 1)
                throw new LayerProgramException($"{last.Path}.dense makes 2 copies and no gate follows; leave copies out.");
            return new(stages);
        }

        // A list of numbers serves a repetition each of the repeat around it.
        private static void RequireLengths(IReadOnlyList<Layer> layers, string path, int count)
        {
            for (int at = 0; at < layers.Count; at++)
            {
                if (layers[at] is Repeat)
                    continue;
                string here = $"{path}[{at}].{layers[at].Kind}";
                foreach ((string name, LayerNumber? number) in layers[at].Numbers)
                {
                    if (number?.Count is { } length && length != count)
                        throw new LayerProgramException($"{here}.{name} lists {length} numbers for {count} {(count == 1 ? "repetition" : "repetitions")}; give one number for each, or one for all.");
                }

                foreach ((string name, IReadOnlyList<Layer> inner) in layers[at].Inner)
                    RequireLengths(inner, $"{here}.{name}", count);
            }
        }

        public (double Gain, double Epsilon) Norm(LayerNumber gain, LayerNumber epsilon, int repetition, string path) =>
            (Number(gain, repetition, $"{path}.gain", double.NegativeInfinity), Number(epsilon, repetition, $"{path}.epsilon", 0));

        public static double Number(LayerNumber number, int repetition, string path, double least, double most = double.PositiveInfinity, bool isOpen = false)
        {
            double value = number.At(repetition);
            if (!double.IsFinite(value) || value < least || value > most || (isOpen && value == least))
            {
                string where = number.IsConstant ? "" : $" in repetition {repetition}", range = double.IsInfinity(least) ? "" : Text($", {(isOpen ? "greater than" : "at least")} {least:R}");
                throw new LayerProgramException(Text($"{path} is {value:R}{where}; it must be a finite number{range}{(double.IsInfinity(most) ? "" : Text($" and at most {most:R}"))}."));
            }

            return value;
        }

        public ActivationDefinition Activation(string text, string path)
        {
            if (_activations.TryGetValue(text, out ActivationDefinition? known))
                return known;
            try
            {
                return _activations[text] = ActivationParser.Parse(text);
            }
            catch (ExpressionSyntaxException reason)
            {
                throw new LayerProgramException($"{path} is no activation: {reason.Message}");
            }
        }

        public ActivationDefinition Composed(ActivationDefinition outer, ActivationDefinition inner)
        {
            string key = $"{outer.Text} of {inner.Text}";
            if (!_activations.TryGetValue(key, out ActivationDefinition? known))
            {
                Expression composed = outer.Expression.Substitute(KnownActivations.Variable, inner.Expression);
                _activations[key] = known = new(composed.ToString(), composed);
            }

            return known;
        }

        public IReadOnlyList<int> Taps(IReadOnlyList<int> taps, string path)
        {
            if (taps.Count > inputs || taps.Any(tap => tap <= -inputs || tap >= inputs))
                throw new LayerProgramException($"{path}.taps [{string.Join(", ", taps)}] do not fit {inputs} {(inputs == 1 ? "position" : "positions")}; there can be as many as positions, each shifted by less than that.");
            if (taps.Select(tap => (tap + inputs) % inputs).Distinct().Count() != taps.Count)
                throw new LayerProgramException($"{path}.taps [{string.Join(", ", taps)}] names a position on the ring of {inputs} twice; once is enough.");
            return taps;
        }

        private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    // One stage of a branch, filled in the order in which its layers stand.
    private sealed class StageBuilder(Unrolling unrolling, string path, BranchStage? before, double read)
    {
        private BranchStage _stage = new(path);
        private int _place; // norm 1, activation or gate 2, dropout 3
        private int _functions;
        private bool _isTurned;

        private static ActivationDefinition Turned { get; } = new("-x", -(Expression)KnownActivations.Variable);

        public string Path => path;

        public bool IsEmpty => _place == 0 && _stage.Before.Count == 0;

        /// <summary>r of the field that the stage reads.</summary>
        public double Reads { get; private set; } = read;

        public object Contents => (_stage, _place, _isTurned);

        public void Before(StreamUpdate update)
        {
            if (_place != 0)
                throw new LayerProgramException($"{path} acts on a field inside a branch, whose law is then not Gaussian, before {update.Path}; put a dense layer between them.");
            if (before?.Copies == 2)
                throw new LayerProgramException($"{update.Path} reads the two copies of the dense layer before it; a gate must come first, or leave copies out.");
            (_stage, Reads) = (_stage with { Before = [.. _stage.Before, update] }, update.Width);
        }

        public BranchStage? Take(Layer layer, string here, int repetition, double? meets)
        {
            string name = $"{here}.{layer.Kind}";
            if (before?.Copies == 2 && _place == 0 && layer is not Gate)
                throw new LayerProgramException($"{name} reads the two copies of the dense layer before it; a gate must come first, or leave copies out.");
            switch (layer)
            {
                case RmsNorm norm:
                    Advance(1, name, _place == 1 ? "is the second norm in a row, and one does the same; leave one out" : "norms what an activation or dropout has made of a field; put it before the activation");
                    Norm(norm.Gain, norm.Epsilon, repetition, name, isCentred: false);
                    return null;
                case LayerNorm norm:
                    Advance(1, name, _place == 1 ? "is the second norm in a row, and one does the same; leave one out" : "norms what an activation or dropout has made of a field; put it before the activation");
                    Norm(norm.Gain, norm.Epsilon, repetition, name, isCentred: true);
                    return null;
                case Activate activate:
                    if (_place == 3)
                        throw new LayerProgramException($"{name} comes after dropout; put dropout after it.");
                    ActivationDefinition function = unrolling.Activation(activate.Function, name);
                    if (_functions == 0 && _isTurned)
                        function = unrolling.Composed(function, Turned);
                    if (_stage.IsGate)
                        throw new LayerProgramException($"{name} acts on the product of a gate, which is no function of one field; put a dense layer between them.");
                    if (++_functions > MostInARow)
                        throw new LayerProgramException($"{name} is activation number {_functions} in a row; at most {MostInARow} are composed, so write them as one, such as activation: tanh(gelu(x)).");
                    _stage = _stage with { Activation = _stage.Activation is { } inner ? unrolling.Composed(function, inner) : function };
                    _place = 2;
                    return null;
                case Gate gate:
                    if (before?.Copies != 2)
                        throw new LayerProgramException($"{name} has no two copies to take the product of; the dense layer before it needs copies: 2.");
                    Advance(2, name, "comes after another layer of its stage; put it right after the dense layer with copies: 2");
                    _stage = _stage with { Activation = unrolling.Activation(gate.Function, name), IsGate = true };
                    return null;
                case Dropout dropout:
                    Advance(3, name, "is the second dropout before a dense layer; one with the product of the two numbers does the same");
                    _stage = _stage with { Keep = Unrolling.Number(dropout.Keep, repetition, $"{name}.keep", 0, 1, isOpen: true), IsMaskShared = dropout.IsShared };
                    return null;
                case Dense dense:
                    if (dense.Copies is not (1 or 2))
                        throw new LayerProgramException($"{name}.copies is {dense.Copies}; it must be 1, or 2 before a gate.");
                    double width = dense.Width is null ? meets ?? 1 : Unrolling.Number(dense.Width, repetition, $"{name}.width", 0, isOpen: true);
                    if (dense.Weights == WeightKind.Orthogonal && width != Reads)
                        throw new LayerProgramException(string.Create(CultureInfo.InvariantCulture, $"{name} has orthogonal weights from width {Reads:R} to width {width:R}, and they are square; use the same width, or weights: gaussian."));
                    if (dense.Weights == WeightKind.Orthogonal && dense.Taps.Count > 0)
                        throw new LayerProgramException($"{name} has taps and orthogonal weights, for which the theory has no noise yet; use weights: gaussian.");
                    return _stage with
                    {
                        Path = here,
                        WeightVariance = Unrolling.Number(dense.WeightVariance, repetition, $"{name}.weightVariance", 0),
                        BiasVariance = Unrolling.Number(dense.BiasVariance, repetition, $"{name}.biasVariance", 0),
                        Width = width,
                        Weights = dense.Weights,
                        ExcessKurtosis = dense.Weights switch { WeightKind.Uniform => -1.2, WeightKind.Rademacher => -2, WeightKind.Kurtosis => Kurtosis(dense, name), _ => 0 },
                        Taps = unrolling.Taps(dense.Taps, name),
                        Copies = dense.Copies,
                    };
                default:
                    throw new LayerProgramException($"{name} acts on the stream, and stands inside a branch; use rmsNorm there.");
            }
        }

        // A negative gain turns the sign of what is read: rows of a dense layer have none, an activation is that of -x.
        private void Norm(LayerNumber gain, LayerNumber epsilon, int repetition, string name, bool isCentred)
        {
            (double signed, double positive) = unrolling.Norm(gain, epsilon, repetition, name);
            _isTurned = signed < 0;
            _stage = _stage with { Norm = (Math.Abs(signed), positive), NormPath = name, IsCentred = isCentred };
        }

        private static double Kurtosis(Dense dense, string name) => dense.ExcessKurtosis >= -2 && double.IsFinite(dense.ExcessKurtosis)
            ? dense.ExcessKurtosis
            : throw new LayerProgramException(string.Create(CultureInfo.InvariantCulture, $"{name}.weights has excess kurtosis {dense.ExcessKurtosis:R}; no law has less than -2."));

        private void Advance(int place, string name, string refusal)
        {
            if (_place >= place)
                throw new LayerProgramException($"{name} {refusal}.");
            _place = place;
        }
    }
}
