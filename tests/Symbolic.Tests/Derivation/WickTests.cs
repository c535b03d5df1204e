using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Tests.Derivation;

public class WickTests
{
    private static readonly Tensor Field = new("u", "u", 1), Matrix = new("k", "k", 2, TensorSymmetry.Symmetric);

    private static readonly GaussianFields Law = new(tensor => tensor == Field, (left, right) => Matrix[left.Indices[0], right.Indices[0]]);

    private static Expression U(string letter) => Field[TensorIndex.Input(letter)];

    private static Expression K(string first, string second) => Matrix[TensorIndex.Input(first), TensorIndex.Input(second)];

    [Fact]
    public void The_fourth_moment_has_three_pairings() =>
        Assert.Same(
            (K("a", "b") * K("c", "d")) + (K("a", "c") * K("b", "d")) + (K("a", "d") * K("b", "c")),
            WickTheorem.JointCumulant(Law, U("a") * U("b") * U("c") * U("d")));

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    [InlineData(6, 15)]
    [InlineData(8, 105)]
    public void Even_moments_are_double_factorials(int power, int count) =>
        Assert.Same(count * K("a", "a").Pow(power / 2), WickTheorem.JointCumulant(Law, U("a").Pow(power)));

    [Fact]
    public void Odd_moments_vanish() => Assert.True(WickTheorem.JointCumulant(Law, U("a").Pow(3)).IsZero);

    // kappa_m(u^2, ..., u^2) = 2^(m-1) (m-1)! k^m: the cumulants of a chi-squared variable.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 8)]
    [InlineData(4, 48)]
    public void Joint_cumulants_of_a_square_are_those_of_chi_squared(int order, int expected) =>
        Assert.Same(expected * K("a", "a").Pow(order), WickTheorem.JointCumulant(Law, [.. Enumerable.Repeat(U("a").Pow(2), order)]));
}
