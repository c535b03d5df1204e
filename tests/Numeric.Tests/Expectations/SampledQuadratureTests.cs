using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Tests.Expectations;

public sealed class SampledQuadratureTests
{
    private static readonly SampledQuadrature Quadrature = new();

    [Fact]
    public void TanhSquaredAndNearlyEqualSilusComeOutAsPublished()
    {
        Assert.Equal(0.64867510362258, Quadrature.Expect(x => Math.Tanh(x) * Math.Tanh(x), 4.37).Value, 13);
        static double Silu(double x) => x / (1 + Math.Exp(-x));
        Assert.Equal(0.355396109374, Quadrature.Expect((x, y) => Silu(x) * Silu(y), 1, 0.999, 1).Value, 12);
    }

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(1005.309649148734, 1)]
    [InlineData(402.1238596594935, 1)]
    [InlineData(37.5, 100)]
    public void FastOscillationDoesNotResonateWithTheGrid(double frequency, double k)
    {
        var result = Quadrature.Expect(x => 1 + Math.Cos(frequency * x), k);
        var exact = 1 + Math.Exp(-0.5 * frequency * frequency * k);
        Assert.InRange(Math.Abs(result.Value - exact), 0, result.ErrorBound);
    }

    [Theory]
    [InlineData(100, 0.3)]
    [InlineData(1000, -1.7)]
    [InlineData(3, 6)]
    public void NarrowPeaksAreResolved(double sharpness, double centre)
    {
        // E exp(-c (x-m)^2) = exp(-c m^2 / (1 + 2c)) / sqrt(1 + 2c)
        var c = sharpness;
        var result = Quadrature.Expect(x => Math.Exp(-c * (x - centre) * (x - centre)), 1);
        var exact = Math.Exp(-c * centre * centre / (1 + 2 * c)) / Math.Sqrt(1 + 2 * c);
        Assert.InRange(Math.Abs(result.Value - exact), 0, result.ErrorBound);
    }

    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(-2.123456, 4)]
    [InlineData(0, 1)]
    public void AnUndeclaredKinkIsFoundOrRefused(double kink, double k)
    {
        var z = kink / Math.Sqrt(k);
        var density = Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI);
        var exact = Math.Sqrt(k) * (2 * density + z * MathNet.Numerics.SpecialFunctions.Erf(z / Math.Sqrt(2)));
        var result = Quadrature.Expect(x => Math.Abs(x - kink), k);
        Assert.InRange(Math.Abs(result.Value - exact), 0, result.ErrorBound + 2e-16);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(-1.234)]
    public void AnUndeclaredJumpIsFoundOrRefused(double jump)
    {
        var exact = 0.5 * MathNet.Numerics.SpecialFunctions.Erfc(jump / Math.Sqrt(2));
        var result = Quadrature.Expect(x => x > jump ? 1 : 0, 1);
        Assert.InRange(Math.Abs(result.Value - exact), 0, result.ErrorBound + 1e-16);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.7)]
    [InlineData(3)]
    public void ExpectationsThatDoNotExistAreRefusedByName(double k)
    {
        var failure = Assert.Throws<QuadratureException>(() => Quadrature.Expect(x => Math.Exp(x * x), k, name: "exp(x^2)"));
        Assert.Contains("The expectation of exp(x^2) does not exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SlowTailsOfSuperGaussianGrowthAreRefused()
    {
        Assert.Throws<QuadratureException>(() => Quadrature.Expect(x => Math.Exp(x * x * x * x / 1000), 1));
        Assert.Throws<QuadratureException>(() => Quadrature.Expect(x => Math.Exp(x * x * x * x / 1e4), 1));
        Assert.Throws<QuadratureException>(() => Quadrature.Expect(x => Math.Exp(Math.Exp(x)), 1));
        Assert.Throws<QuadratureException>(() => Quadrature.Expect(x => 1 / (x * x), 1, [0.0]));
        Assert.Throws<QuadratureException>(() => Quadrature.Expect(x => 1 / x, 1));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 4)]
    [InlineData(10, 1)]
    [InlineData(-0.001, 100)]
    public void ExponentialsAreIntegratedWhereTheirWeightIs(double rate, double k)
    {
        var result = Quadrature.Expect(x => Math.Exp(rate * x), k);
        var exact = Math.Exp(0.5 * rate * rate * k);
        Assert.InRange(Math.Abs(result.Value - exact), 0, result.ErrorBound + 4e-16 * exact);
    }

    [Fact]
    public void GaussianGrowthBelowTheLimitIsIntegrated()
    {
        foreach (var rate in new[] { 0.1, 0.3, 0.4 })
        {
            var result = Quadrature.Expect(x => Math.Exp(rate * x * x), 1);
            Assert.InRange(Math.Abs(result.Value - 1 / Math.Sqrt(1 - 2 * rate)), 0, result.ErrorBound + 1e-15);
        }
    }

    [Fact]
    public void PolynomialMomentsAreExact()
    {
        var moment = 1.0;
        for (var n = 0; n <= 20; n++)
        {
            var result = Quadrature.Expect(x => Math.Pow(x, 2 * n), 1);
            Assert.InRange(Math.Abs(result.Value - moment), 0, result.ErrorBound);
            moment *= 2 * n + 1;
        }
    }

    [Fact]
    public void IntegrableSingularitiesAreServedWhenDeclared()
    {
        // E ln|x| = -(gamma + ln 2) / 2
        var result = Quadrature.Expect(x => Math.Log(Math.Abs(x)), 1, [0.0]);
        Assert.InRange(Math.Abs(result.Value + 0.5 * (0.57721566490153286 + Math.Log(2))), 0, result.ErrorBound + 1e-16);
    }

    [Fact]
    public void AnExpectationThatVanishesMeetsTheDefaultTargetButNotTheStrictOne()
    {
        Assert.InRange(Math.Abs(Quadrature.Expect(Math.Tanh, 2).Value), 0, 1e-15);
        Assert.Throws<QuadratureException>(() => new SampledQuadrature(QuadratureTarget.Strict).Expect(x => Math.Sin(x + 0.5) - Math.Sin(0.5) * Math.Exp(-1), 2));
    }

    [Fact]
    public void KernelsThatAreNoCovarianceAreRefused()
    {
        Assert.Throws<InvalidKernelException>(() => Quadrature.Expect(x => x, -1));
        Assert.Throws<InvalidKernelException>(() => Quadrature.Expect(x => x, double.NaN));
        Assert.Throws<InvalidKernelException>(() => Quadrature.Expect((x, y) => x * y, 1, 1.1, 1));
        Assert.Throws<InvalidKernelException>(() => Quadrature.Expect((x, y) => x * y, 0, 0.1, 1));
        Assert.Equal(0.25, Quadrature.Expect((x, y) => (x + 0.5) * (y + 0.5), 0, 0, 1).Value, 14);
        Assert.Equal(2.0, Quadrature.Expect(x => x + 2, 0).Value);
    }

    [Fact]
    public void EqualAndOppositeInputsReduceToOneDimension()
    {
        var equal = Quadrature.Expect((x, y) => Math.Tanh(x) * Math.Tanh(y), 2, 2, 2).Value;
        Assert.Equal(Quadrature.Expect(x => Math.Tanh(x) * Math.Tanh(x), 2).Value, equal, 15);
        Assert.Equal(-equal, Quadrature.Expect((x, y) => Math.Tanh(x) * Math.Tanh(y), 2, -2, 2).Value, 15);
    }

    [Fact]
    public void ProductsThatGrowAreHandledInTwoDimensions()
    {
        // E exp(t x y) at unit variances and no correlation is (1 - t^2)^{-1/2}; at t = 1 it does not exist.
        var result = Quadrature.Expect((x, y) => Math.Exp(0.5 * x * y), 1, 0, 1);
        Assert.InRange(Math.Abs(result.Value - 1 / Math.Sqrt(0.75)), 0, result.ErrorBound + 2e-16);
        Assert.Throws<QuadratureException>(() => Quadrature.Expect((x, y) => Math.Exp(x * y), 1, 0, 1));
    }
}
