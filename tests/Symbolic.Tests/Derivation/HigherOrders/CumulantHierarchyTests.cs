using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Tests.Derivation.HigherOrders;

public class CumulantHierarchyTests
{
    private static readonly CumulantHierarchy Discrete = new(new GOnlyProcess(DepthForm.Discrete));
    private static readonly CumulantHierarchy Continuous = new(new GOnlyProcess(DepthForm.Continuous));

    // The leading order is derived elsewhere with other code: moments of a linear and a quadratic polynomial by hand.
    [Theory]
    [InlineData(2, 0)]
    [InlineData(1, 1)]
    public void The_leading_order_is_that_of_the_pipeline(int external, int loops)
    {
        foreach ((DepthForm form, CumulantHierarchy hierarchy) in new[] { (DepthForm.Discrete, Discrete), (DepthForm.Continuous, Continuous) })
        {
            EvolutionEquation known = DerivationPipeline.GOnly(form).System.Equations.Single(each => each.Variable.Tensor == CumulantTensors.Of(external, loops));
            EvolutionEquation derived = HigherOrderEquations.Equation(hierarchy, external, loops);
            Assert.Same(known.RightSide.Expand(), derived.RightSide.Expand());
            Assert.Same(known.Initial.Expand(), derived.Initial.Expand());
        }
    }

    // Discrete depth keeps joint moves of several legs and the cumulants of order 3; the order eps^2 of it must be the
    // differential equations, which were derived without either.
    [Theory]
    [InlineData(3, 0)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    public void The_depth_time_limit_of_the_layer_map_is_the_differential_equation(int external, int loops)
    {
        Indexed present = CumulantTensors.Component(CumulantTensors.Pairs(external), loops);
        Expression rate = DepthTimeLimit.Rate(Discrete.RightSide(external, loops) - present);

        Assert.Same(Continuous.RightSide(external, loops).Expand(), rate.Expand());
    }

    [Fact]
    public void In_depth_time_only_drift_and_noise_are_left()
    {
        var process = new GOnlyProcess(DepthForm.Continuous);
        Assert.Equal([true, true, false, false], Enumerable.Range(1, 4).Select(process.HasCumulants));
        Assert.True(new GOnlyProcess(DepthForm.Discrete).HasCumulants(4));
    }

    // k3' = (linear) + 3 c2 V^2 + 3 d1 V; m2' and V2' likewise: the kinds of vertices that may occur.
    [Theory]
    [InlineData(3, 0, "(1,1) (1,2) (2,1)")]
    [InlineData(2, 1, "(1,1) (1,2) (1,3) (2,1) (2,2)")]
    [InlineData(1, 2, "(1,1) (1,2) (1,3) (1,4)")]
    public void Parts_are_named_by_vertex(int external, int loops, string expected) =>
        Assert.Equal(expected.Split(' '), Continuous.Parts(external, loops).Select(part => part.Name));

    // A Wishart matrix of n rows: n^2 kappa_3(G_aa, G_aa, G_aa) = 8 K_aa^3, and no corrections in 1/n.
    [Fact]
    public void The_initial_third_cumulant_is_that_of_a_wishart_matrix()
    {
        EquationSystem system = HigherOrderEquations.GOnly(DepthForm.Continuous, 2).System;
        Expression initial = Initial("V6").Rename(_ => Notation.A);
        Assert.Same(8 * Notation.MeanKernel[Notation.A, Notation.A].Pow(3), initial.Expand());
        Assert.True(Initial("V4_1").IsZero);
        Assert.True(Initial("K2").IsZero);

        Expression Initial(string name) => system.Equations.Single(each => each.Variable.Tensor.Name == name).Initial;
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 5)]
    [InlineData(5, 52)]
    public void Partitions_are_counted_by_the_bell_numbers(int members, int count) => Assert.Equal(count, SetPartitions.All(members).Count());

    [Fact]
    public void The_mean_path_is_refused() => Assert.Throws<ArgumentException>(() => Continuous.RightSide(1, 0));
}
