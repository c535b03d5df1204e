using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Tests.Expectations;

public sealed class PairExpectationEngineTests
{
    [Fact]
    public void TanhAtThePaperKernelGivesTheConvergedResponse()
    {
        var engine = new PairExpectationEngine(TestActivations.Tanh(), 4);
        var values = new double[engine.ValuesPerPair];
        engine.Evaluate(4.37, 4.37, 4.37, values, out var bound);
        Assert.Equal(0.64867510362258, values[engine.IndexOf(0, 0)], 13);
        Assert.Equal(0.0685, 2 * (values[engine.IndexOf(1, 1)] + values[engine.IndexOf(2, 0)]), 4);
        Assert.True(bound < 1e-13);
    }
}
