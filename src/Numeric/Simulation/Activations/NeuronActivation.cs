using SymbolicEft.Numeric.Activations;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>What is built for an activation whose vector kernel is known at compile time.</summary>
/// <typeparam name="TResult">What the use returns.</typeparam>
internal interface IActivationUse<out TResult>
{
    /// <summary>Called with the kernel as its own type, so that generic code over it is specialised.</summary>
    /// <typeparam name="TActivation">The kernel.</typeparam>
    /// <param name="activation">The kernel.</param>
    /// <returns>The result of the use.</returns>
    TResult With<TActivation>(TActivation activation)
        where TActivation : struct, IVectorActivation;
}

/// <summary>An activation as the sampler takes it: a name and a vector kernel.</summary>
internal abstract class NeuronActivation
{
    private static readonly SortedDictionary<string, NeuronActivation> KnownByName = new(StringComparer.Ordinal)
    {
        ["identity"] = FromKernel("identity", new IdentityActivation()),
        ["linear"] = FromKernel("linear", new IdentityActivation()),
        ["relu"] = FromKernel("relu", new ReluActivation()),
        ["abs"] = FromKernel("abs", new LeakyReluActivation(-1)),
        ["tanh"] = FromKernel("tanh", new TanhActivation()),
        ["erf"] = FromKernel("erf", new ErfActivation()),
        ["gelu"] = FromKernel("gelu", new GeluActivation()),
        ["sigmoid"] = FromKernel("sigmoid", new SigmoidActivation()),
        ["silu"] = FromKernel("silu", new SiluActivation()),
        ["swish"] = FromKernel("swish", new SiluActivation()),
        ["softplus"] = FromKernel("softplus", new SoftplusActivation()),
        ["sin"] = FromKernel("sin", new SineActivation()),
        ["cos"] = FromKernel("cos", new CosineActivation()),
        ["exp"] = FromKernel("exp", new ExponentialActivation()),
    };

    private NeuronActivation(string name) => Name = name;

    /// <summary>Name, for messages.</summary>
    public string Name { get; }

    /// <summary>Names with a vector kernel of their own, in ordinal order.</summary>
    public static IReadOnlyCollection<string> KnownNames => KnownByName.Keys;

    /// <summary>The activation of a known name.</summary>
    /// <param name="name">A name of <see cref="KnownNames"/>.</param>
    /// <returns>The activation, or null if the name has no vector kernel: then use <see cref="FromExpression"/>.</returns>
    public static NeuronActivation? Find(string name) => KnownByName.GetValueOrDefault(name);

    /// <summary>The activation of a known name.</summary>
    /// <param name="name">A name of <see cref="KnownNames"/>.</param>
    /// <returns>The activation.</returns>
    /// <exception cref="ArgumentException">The name is not known.</exception>
    public static NeuronActivation Known(string name) => Find(name) ?? throw new ArgumentException(
        $"Activation '{name}' has no vector kernel; known are {string.Join(", ", KnownNames)}; any other is compiled from its expression.", nameof(name));

    /// <summary>The vector kernel of an activation; one written for it where there is one, else one compiled from its expression.</summary>
    /// <param name="activation">The activation.</param>
    /// <returns>The activation as the sampler takes it.</returns>
    /// <remarks>Chosen by what the expression is, not by how it was typed: tanh( x ) is tanh.</remarks>
    public static NeuronActivation From(Activation activation) =>
        KnownNames.FirstOrDefault(name => ReferenceEquals(Activation.Parse(name).Expression, activation.Expression)) is { } known
            ? Known(known)
            : FromExpression(activation.Text, activation.Expression, Activation.Variable);

    /// <summary>Any expression, compiled to vector instructions.</summary>
    /// <param name="name">Name, for messages.</param>
    /// <param name="expression">sigma(x).</param>
    /// <param name="variable">x.</param>
    /// <returns>The activation.</returns>
    /// <exception cref="NotSupportedException">The expression has no values.</exception>
    public static NeuronActivation FromExpression(string name, Expression expression, Symbol variable) =>
        FromKernel(name, new CompiledActivation(expression, variable));

    /// <summary>An activation with a vector kernel of the caller's.</summary>
    /// <typeparam name="TActivation">The kernel.</typeparam>
    /// <param name="name">Name, for messages.</param>
    /// <param name="kernel">The kernel.</param>
    /// <returns>The activation.</returns>
    public static NeuronActivation FromKernel<TActivation>(string name, TActivation kernel)
        where TActivation : struct, IVectorActivation => new Of<TActivation>(name, kernel);

    /// <summary>Calls <paramref name="use"/> with the kernel as its own type.</summary>
    /// <typeparam name="TResult">What the use returns.</typeparam>
    /// <param name="use">What is to be built.</param>
    /// <returns>The result of the use.</returns>
    public abstract TResult Accept<TResult>(IActivationUse<TResult> use);

    private sealed class Of<TActivation>(string name, TActivation kernel) : NeuronActivation(name)
        where TActivation : struct, IVectorActivation
    {
        public override TResult Accept<TResult>(IActivationUse<TResult> use) => use.With(kernel);
    }
}
