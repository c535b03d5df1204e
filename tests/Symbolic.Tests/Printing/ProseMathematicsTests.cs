using SymbolicEft.Symbolic.Printing;

namespace SymbolicEft.Symbolic.Tests.Printing;

public sealed class ProseMathematicsTests
{
    // What a typesetter makes of the plain notation; articles, possessives, paths and closures stay words.
    [Theory]
    [InlineData("Rows of phi^0 are independent.", @"Rows of $\phi^{0}$ are independent.")]
    [InlineData("covariance Qhat of a row", @"covariance $\hat{Q}$ of a row")]
    [InlineData("the order n^(-1/2), V4_1 and K0", "the order $n^{-1/2}$, $V^{(4),1}$ and $K^{(0)}$")]
    [InlineData("weights W_ij of variance C_W/n", "weights $W_{ij}$ of variance $C_{W}$/$n$")]
    [InlineData("the layer's rows, alpha^k xi(H_M)", @"the layer's rows, $\alpha^{k}$ $\xi$($H_{M}$)")]
    [InlineData("A closure on G, p = (a, b)", "A closure on $G$, $p$ = ($a$, $b$)")]
    [InlineData("hermite(6) keeps layers[0].repeat.of", "hermite(6) keeps layers{[}0{]}.repeat.of")]
    [InlineData("s/sqrt(n), G' at n^-2", @"$s$/$\sqrt{n}$, $G'$ at $n^{-2}$")]
    public void Letters_become_formulas(string prose, string latex) => Assert.Equal(latex, ProseMathematics.Latex(prose));

    [Fact]
    public void A_page_has_them_in_MathML() =>
        Assert.Equal("given <math><msup><mi>ϕ</mi><mn>0</mn></msup></math> &lt; 1", ProseMathematics.Html("given phi^0 < 1"));
}
