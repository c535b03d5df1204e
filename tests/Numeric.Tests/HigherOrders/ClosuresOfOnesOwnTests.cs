using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Tests;

namespace SymbolicEft.Numeric.Tests.HigherOrders;

// What the next orders ask of a closure is what it keeps and its law of a layer, not who wrote it.
public class ClosuresOfOnesOwnTests
{
    private static readonly Network Tanh = new() { Activation = "tanh", WeightVariance = 1.5, Step = 0.4, Depth = 6, Kernel = new[,] { { 1, 0.3 }, { 0.3, 0.8 } } };

    [Theory]
    [InlineData("hermite(6)", 1)]
    [InlineData("g-only", 2)]
    public void A_closure_that_keeps_the_same_of_the_network_has_the_same_next_orders(string closure, int order)
    {
        IClosure named = ClosureRegistry.Parse(closure), own = new Own(named.Keeps);
        QuadratureChoice quadrature = order == 1 ? QuadratureChoice.Estimated : QuadratureChoice.Certified;

        TheorySolution expected = Tanh.Solve(named, quadrature, order: order), solution = Tanh.Solve(own, quadrature, order: order);

        Assert.Contains("V4_1", expected.Tensors.Keys);
        Assert.Equal(expected.Tensors.Keys, solution.Tensors.Keys);
        Assert.All(expected.Tensors, tensor => Assert.Equal(tensor.Value[^1], solution.Tensors[tensor.Key][^1]));
        Assert.Equal(Tanh.Derive(named, order: order).Steps.Count, Tanh.Derive(own, order: order).Steps.Count);
    }

    [Theory]
    [InlineData("hermite(6)")]
    [InlineData("g-only")]
    public void A_law_of_its_own_has_none(string closure)
    {
        var driven = new DrivenClosure(ClosureRegistry.Parse(closure), 2);

        NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => Tanh.Solve(driven, QuadratureChoice.Estimated, order: 1));
        Assert.Contains("order is 1", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => Tanh.Derive(driven, order: 1));
    }

    private sealed record Own(KeptAverages Keeps) : IClosure
    {
        public string Name => "own";

        public string Summary => "Written by a user.";
    }
}
