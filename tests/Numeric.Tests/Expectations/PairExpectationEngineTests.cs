using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Tests.Expectations;

public sealed class PairExpectationEngineTests
{
    private static readonly string[] Smooth = ["tanh", "sigmoid", "softplus", "silu", "gelu", "erf", "sin"];

    [Fact]
    public void TanhAtThePaperKernelGivesTheConvergedResponse()
    {
        var engine = new PairExpectationEngine(TestActivations.Tanh(), 4);
        var values = new double[engine.ValuesPerPair];
        engine.Evaluate(4.37, 4.37, 4.37, values, out var bound);
        Assert.Equal(0.64867510362258, values[engine.IndexOf(0, 0)], 13);
        Assert.Equal(0.0685, 2 * (values[engine.IndexOf(1, 1)] + values[engine.IndexOf(2, 0)]), 4);
        Assert.True(bound < 1e-13);
        Assert.True(double.IsNaN(values[engine.IndexOf(3, 3)]));
    }

    /// <summary>Mehler's series and direct integration are two routes to the same number.</summary>
    [Property(MaxTest = 6, Replay = "17,23", Arbitrary = [typeof(Cases)])]
    public bool MehlerAgreesWithDirectIntegration(Case test)
    {
        var quadrature = new SampledQuadrature();
        var activation = TestActivations.Named(test.Activation);
        var engine = new PairExpectationEngine(activation, 2);
        var values = new double[engine.ValuesPerPair];
        var bounds = new double[engine.ValuesPerPair];
        engine.Evaluate(test.Kaa, test.Kab, test.Kbb, values, bounds);
        var f = activation.Derivative(1)!;
        var direct = quadrature.Expect((x, y) => f(x) * f(y), test.Kaa, test.Kab, test.Kbb);
        var slot = engine.IndexOf(1, 1);
        return Math.Abs(values[slot] - direct.Value) <= bounds[slot] + direct.ErrorBound;
    }

    /// <summary>Price's theorem, d E[f g] / dKab = E[f' g'] and d E[f g] / dKaa = E[f'' g] / 2, by differences of fourth order.</summary>
    [Property(MaxTest = 40, Replay = "5,7", Arbitrary = [typeof(Cases)])]
    public bool PriceTheoremHoldsByDifferences(Case test)
    {
        var engine = new PairExpectationEngine(TestActivations.Named(test.Activation), 2);
        var values = new double[engine.ValuesPerPair];
        double At(double aa, double ab)
        {
            engine.Evaluate(test.Kaa + aa, test.Kab + ab, test.Kbb, values, out _);
            return values[0];
        }

        double Difference(Func<double, double> f, double h) =>
            (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);

        var step = 1e-3 * (test.Kaa * test.Kbb - test.Kab * test.Kab) / Math.Max(test.Kaa, test.Kbb);
        var off = Difference(h => At(0, h), step);
        var diagonal = Difference(h => At(h, 0), step);
        engine.Evaluate(test.Kaa, test.Kab, test.Kbb, values, out _);
        var scale = Math.Abs(values[0]) + Math.Abs(values[engine.IndexOf(1, 1)]);
        return Math.Abs(off - values[engine.IndexOf(1, 1)]) < 1e-8 * scale / Math.Min(1, step * 1e3)
            && Math.Abs(diagonal - 0.5 * values[engine.IndexOf(2, 0)]) < 1e-8 * scale / Math.Min(1, step * 1e3);
    }

    [Property(MaxTest = 40, Replay = "11,13", Arbitrary = [typeof(Cases)])]
    public bool ExchangingTheInputsTransposesTheBlock(Case test)
    {
        var engine = new PairExpectationEngine(TestActivations.Named(test.Activation), 3);
        var values = new double[engine.ValuesPerPair];
        var bounds = new double[engine.ValuesPerPair];
        var exchanged = new double[engine.ValuesPerPair];
        var exchangedBounds = new double[engine.ValuesPerPair];
        engine.Evaluate(test.Kaa, test.Kab, test.Kbb, values, bounds);
        engine.Evaluate(test.Kbb, test.Kab, test.Kaa, exchanged, exchangedBounds);
        for (var i = 0; i <= 3; i++)
        {
            for (var j = 0; i + j <= 3; j++)
            {
                var (a, b) = (engine.IndexOf(i, j), engine.IndexOf(j, i));
                if (!(Math.Abs(values[a] - exchanged[b]) <= bounds[a] + exchangedBounds[b])) return false;
            }
        }

        return true;
    }

    /// <summary>relu(c x) = c relu(x): E[relu relu] scales with the deviations; and sigma(c x) at K is sigma at c^2 K.</summary>
    [Theory]
    [InlineData(1e-8, 0.7)]
    [InlineData(2.5, -0.3)]
    [InlineData(1e6, 0.9)]
    public void ReluScalesWithTheDeviationsOfItsInputs(double scale, double rho)
    {
        var engine = new PairExpectationEngine(TestActivations.Named("relu"), 0);
        var unit = new double[1];
        var scaled = new double[1];
        engine.Evaluate(1, rho, 1, unit, out var unitBound);
        engine.Evaluate(scale, rho * Math.Sqrt(scale), 1, scaled, out var scaledBound);
        Assert.InRange(Math.Abs(scaled[0] / Math.Sqrt(scale) - unit[0]), 0, unitBound + scaledBound / Math.Sqrt(scale) + 4e-16);
    }

    /// <summary>relu'' is a delta function: E[relu''(x) relu''(y)] is the joint density at 0, E[relu''(x) relu(y)] half a mean absolute value.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(-0.8)]
    [InlineData(0.0)]
    public void WeakDerivativesOfReluComeOutByParts(double rho)
    {
        var engine = new PairExpectationEngine(TestActivations.Named("relu"), 4, 1e-11);
        var values = new double[engine.ValuesPerPair];
        var bounds = new double[engine.ValuesPerPair];
        engine.Evaluate(2, 2 * rho, 2, values, bounds);
        var s = Math.Sqrt(1 - rho * rho);
        var joint = 1 / (2 * Math.PI * 2 * s);
        var single = 1 / Math.Sqrt(2 * Math.PI * 2) * Math.Sqrt(2) * s / Math.Sqrt(2 * Math.PI);
        Assert.InRange(Math.Abs(values[engine.IndexOf(2, 2)] - joint), 0, bounds[engine.IndexOf(2, 2)]);
        Assert.InRange(Math.Abs(values[engine.IndexOf(2, 0)] - single), 0, bounds[engine.IndexOf(2, 0)]);
    }

    [Fact]
    public void EqualInputsOfReluUseTheFunctionsThatExist()
    {
        var engine = new PairExpectationEngine(TestActivations.Named("relu"), 2);
        var values = new double[engine.ValuesPerPair];
        var bounds = new double[engine.ValuesPerPair];
        engine.Evaluate(3, 3, 3, values, bounds);
        Assert.Equal(1.5, values[engine.IndexOf(0, 0)], 13);
        Assert.Equal(0.5, values[engine.IndexOf(1, 1)], 13);
        Assert.InRange(Math.Abs(values[engine.IndexOf(2, 0)]), 0, bounds[engine.IndexOf(2, 0)]);
        Assert.Throws<QuadratureException>(() => new PairExpectationEngine(TestActivations.Named("relu"), 4).Evaluate(3, 3, 3, new double[25], out _));
    }

    /// <summary>A kink away from zero: hard tanh, against the one- and two-dimensional adaptive integration.</summary>
    [Fact]
    public void KinksAwayFromZeroMoveWithTheKernel()
    {
        var activation = new ActivationDescription("hardtanh(x)", x => Math.Clamp(x, -1, 1))
        {
            Kinks = [new Kink(-1, 1), new Kink(1, 1)],
        };
        var engine = new PairExpectationEngine(activation, 0);
        var values = new double[1];
        double[] kinks = [-1, 1];
        foreach (var (kaa, kab, kbb) in new[] { (2.0, 1.0, 2.0), (2.0, 1.9999, 2.0), (0.01, 0.005, 3.0), (50.0, 50.0, 50.0) })
        {
            engine.Evaluate(kaa, kab, kbb, values, out var bound);
            var direct = new SampledQuadrature().Expect((x, y) => Math.Clamp(x, -1, 1) * Math.Clamp(y, -1, 1), kaa, kab, kbb, kinks, kinks);
            Assert.InRange(Math.Abs(values[0] - direct.Value), 0, bound + direct.ErrorBound);
        }
    }

    [Fact]
    public void AnUndeclaredKinkIsRefused()
    {
        var careless = new ActivationDescription("relu(x - 0.1)", x => Math.Max(x - 0.1, 0));
        var failure = Assert.Throws<QuadratureException>(() => new PairExpectationEngine(careless, 0).Evaluate(1, 0.5, 1, new double[1], out _));
        Assert.Contains("where the function has a kink, write it with abs, relu, sign or step, whose kinks are located; otherwise use a smaller kernel", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ActivationsWithoutGaussianMomentsAreRefused()
    {
        var engine = new PairExpectationEngine(new ActivationDescription("exp(x^2)", x => Math.Exp(x * x)), 0);
        Assert.Throws<QuadratureException>(() => engine.Evaluate(0.5, 0.1, 0.5, new double[1], out _));
    }

    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(1, 1.0001, 1)]
    [InlineData(1, double.NaN, 1)]
    [InlineData(0, 0.1, 1)]
    public void KernelsThatAreNoCovarianceAreRefused(double kaa, double kab, double kbb)
    {
        var engine = new PairExpectationEngine(TestActivations.Tanh(), 2);
        Assert.Throws<InvalidKernelException>(() => engine.Evaluate(kaa, kab, kbb, new double[9], out _));
    }

    [Fact]
    public void AVanishingVarianceEvaluatesAtThePoint()
    {
        var engine = new PairExpectationEngine(TestActivations.Tanh(), 4);
        var values = new double[25];
        engine.Evaluate(0, 0, 0, values, out _);
        Assert.Equal(0, values[engine.IndexOf(0, 0)]);
        Assert.Equal(1, values[engine.IndexOf(1, 1)]);
        Assert.Equal(-2, values[engine.IndexOf(3, 1)]);
        engine.Evaluate(1e-60, 0.5e-60, 1e-60, values, out _);
        Assert.Equal(0.5, values[engine.IndexOf(0, 0)] / 1e-60, 13);
        Assert.Equal(-2, values[engine.IndexOf(3, 1)], 13);
    }

    [Fact]
    public void WithoutDerivativesTheLossNearEqualInputsIsRefused()
    {
        var engine = new PairExpectationEngine(new ActivationDescription("tanh(x)", Math.Tanh), 2);
        var values = new double[9];
        engine.Evaluate(4.37, 2, 4.37, values, out _);
        Assert.Equal(0.13407366575953614, values[engine.IndexOf(1, 1)], 13);
        Assert.Throws<QuadratureException>(() => engine.Evaluate(4.37, 4.37 * (1 - 1e-12), 4.37, values, out _));
    }

    /// <summary>The result is a pure function of the kernel: no history, no neighbours.</summary>
    [Fact]
    public void ResultsDoNotDependOnWhatWasComputedBefore()
    {
        var fresh = new double[25];
        new PairExpectationEngine(TestActivations.Tanh(), 4).Evaluate(3.3, 1.1, 2.2, fresh, out _);
        var engine = new PairExpectationEngine(TestActivations.Tanh(), 4);
        var values = new double[25];
        foreach (var k in new[] { 0.1, 80.0, 3.25, 2.21 }) engine.Evaluate(k, 0.99 * k, k, values, out _);
        engine.Evaluate(3.3, 1.1, 2.2, values, out _);
        Assert.Equal(fresh, values);
        double[] kernel = [3.3, 3.2, 1.1, 3.2, 3.3, 1.0, 1.1, 1.0, 2.2];
        var all = new double[6 * 25];
        engine.EvaluateKernel(kernel, 3, all, new double[6 * 25]);
        Assert.Equal(fresh, all[50..75]);
    }

    [Fact]
    public void RepeatedUseDoesNotAllocate()
    {
        var engine = new PairExpectationEngine(TestActivations.Tanh(), 4);
        var values = new double[3 * 25];
        var bounds = new double[3 * 25];
        double[] kernel = [2.0, 0.6, 0.6, 2.1];
        for (var n = 0; n < 10; n++)
        {
            // The spare workspaces are made one by one.
            kernel[0] -= 1e-4;
            engine.EvaluateKernel(kernel, 2, values, bounds);
        }

        // What allocates does so in every round; the runtime, which compiles a method anew once it is used often, does in one.
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var n = 0; n < 100; n++)
            {
                kernel[0] -= 1e-4;
                engine.EvaluateKernel(kernel, 2, values, bounds);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    public sealed record Case(string Activation, double Kaa, double Kab, double Kbb);

    public static class Cases
    {
        public static Arbitrary<Case> All() => Arb.From(
            from name in Gen.Elements(Smooth)
            from a in Gen.Choose(-200, 150)
            from b in Gen.Choose(-200, 150)
            from rho in Gen.Choose(-99, 99)
            let kaa = Math.Pow(10, a / 100.0)
            let kbb = Math.Pow(10, b / 100.0)
            select new Case(name, kaa, rho / 100.0 * Math.Sqrt(kaa * kbb), kbb));
    }
}
