using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Tests.Derivation.Closures;

public sealed class ObservableDerivationTests
{
    private static readonly TensorIndex A = Notation.A, B = Notation.B, C = Notation.C, D = Notation.D;

    [Fact]
    public void DriftAndNoiseOfTheKernelAreThoseOfTheBlockLaw()
    {
        Assert.Same(Notation.RowCovariance[A, B], ObservableDynamics.Drift(Observable.Kernel, A, B));
        static Expression Phi(TensorIndex a) => Notation.Preactivation[ModePolynomials.Neuron, a];
        static Expression Q(TensorIndex a, TensorIndex b) => Notation.RowCovariance[a, b];
        Expression expected = (Phi(A) * Phi(C) * Q(B, D)) + (Phi(A) * Phi(D) * Q(B, C)) + (Phi(B) * Phi(C) * Q(A, D)) + (Phi(B) * Phi(D) * Q(A, C));
        Assert.Same(expected, ObservableDynamics.Noise(Observable.Kernel, A, B, Observable.Kernel, C, D));
    }

    [Fact]
    public void DriftOfTheSigmaKernel()
    {
        Expression Sigma(int order, TensorIndex input) => Expression.Apply(ActivationFunction.OfOrder(order), Notation.Preactivation[ModePolynomials.Neuron, input]);
        Expression expected = Expression.Half * (
            (Notation.RowCovariance[A, A] * Sigma(2, A) * Sigma(0, B))
            + (2 * Notation.RowCovariance[A, B] * Sigma(1, A) * Sigma(1, B))
            + (Notation.RowCovariance[B, B] * Sigma(0, A) * Sigma(2, B)));
        Assert.Same(expected.Expand(), ObservableDynamics.Drift(Observable.SigmaKernel, A, B));
    }

    [Fact]
    public void KernelFluctuatesWithTheSigmaKernel()
    {
        Assert.Same(
            Notation.WeightVariance * ObservableDerivation.Fluctuation(Observable.SigmaKernel.Body, A, B),
            ObservableDerivation.FluctuationRate(Observable.Kernel, A, B));
        Assert.Same(Notation.WeightVariance * Notation.SigmaCorrection[A, B], ObservableDerivation.MeanRate(Observable.Kernel, A, B));
        Assert.True(ObservableDerivation.FluctuationRate(Observable.Of(Observable.X), A, B).IsZero);
    }

    [Fact]
    public void DiscreteLayerOfTheKernelIsTheBlockLaw()
    {
        Expression next = ObservableDerivation.NextFluctuation(Observable.Kernel, A, B, 6);
        Assert.Same((Notation.Skip.Pow(2) * Notation.Fluctuation[A, B]) + (Notation.Step.Pow(2) * ModeDynamics.SigmaFluctuation[A, B]), next);
        Assert.Same(
            HermiteDerivation.Noise([A, B], [C, D]),
            ObservableDerivation.NextNoise(Observable.Kernel, A, B, Observable.Kernel, C, D, 2).Expand());
        Assert.True(ObservableDerivation.NextNoise(Observable.Kernel, A, B, Observable.Kernel, C, D, 1).IsZero);
        Assert.Same(
            (Notation.Skip.Pow(2) * Notation.MeanCorrection[A, B]) + (Notation.Step.Pow(2) * Notation.WeightVariance * Notation.SigmaCorrection[A, B]),
            ObservableDerivation.NextMean(Observable.Kernel, A, B, 6));
    }

    [Fact]
    public void CovarianceOfTheKernelAtDepthZeroIsFree()
    {
        Expression covariance = ObservableDerivation.GaussianCovariance(Observable.Kernel.Body, A, B, Observable.Kernel.Body, C, D);
        Expression free = (Notation.MeanKernel[A, C] * Notation.MeanKernel[B, D]) + (Notation.MeanKernel[A, D] * Notation.MeanKernel[B, C]);
        Assert.Same(free, covariance.Expand());
    }

    [Theory]
    [InlineData("g-only")]
    [InlineData("g-connected")]
    [InlineData("sigma-kernel")]
    [InlineData("sigma-kernel(3)")]
    [InlineData("hermite(20)")]
    [InlineData("[x*y, sigma'(x)*sigma(y), x, x^2*y]")]
    public void NamesReadBack(string text)
    {
        IClosure closure = ClosureRegistry.Parse(text);
        Assert.Equal(closure, ClosureRegistry.Parse(closure.Name));
        Assert.NotEmpty(closure.Summary);
    }

    [Theory]
    [InlineData("gonly", "'gonly' is no closure; known are g-only, g-connected, sigma-kernel, sigma-kernel(m), hermite(k), hermite(auto), or a list of observables such as [x*y, sigma(x)*sigma(y), x].")]
    [InlineData("hermite", "hermite needs a number, such as hermite(20).")]
    [InlineData("hermite(0)", "hermite(0) is out of range; the number must be from 1 to 160, or an accuracy below 1 such as 0.001.")]
    [InlineData("hermite(two)", "hermite(two) is out of range; the number must be from 1 to 160, or an accuracy below 1 such as 0.001.")]
    [InlineData("g-only(3)", "g-only takes no number; write g-only.")]
    [InlineData("[sigma(x)*sigma(y)]", "The closure does not contain x*y, which is the kernel G whose statistics are wanted; add it to the list.")]
    [InlineData("[x*y, y*x]", "The observable x*y occurs twice in the closure; f(x, y) stands for f(y, x) as well, so name it once.")]
    [InlineData("[x*y, exp(x*y)]", "The observable exp(x*y) is not a sum of products of functions of one input each, because of exp(x*y); use such sums.")]
    [InlineData("[x*y, sigma]", "In the observable 'sigma' sigma must be applied to x or y, such as sigma(x) or sigma'(y).")]
    [InlineData("[x*y, 3]", "The observable 3 depends on no input; write it in x, or in x and y.")]
    [InlineData("[]", "The list of observables is empty; it needs at least x*y.")]
    [InlineData("[x*y", "The list of observables '[x*y' must stand in one pair of square brackets, such as [x*y, x].")]
    public void MistakesAreExplained(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ClosureSyntaxException>(() => ClosureRegistry.Parse(text)).Message);

    [Fact]
    public void SecondDerivativeKernels()
    {
        string[] two = [.. new SigmaKernel(2).Observables.Select(each => each.ToString())];
        Assert.Equal(4, two.Length);
        Assert.Equal(7, new SigmaKernel(3).Observables.Count);
    }
}
