namespace SymbolicEft.Cli.Tests.Commands;

// derive with ntk: what is printed is the recursion of Jacot, Gabriel and Hongler in our letters, Theta' = chi Theta + Qhat, and says what is not derived.
public class TangentDeriveTests
{
    private static readonly string[] Perceptron = ["derive", "--activation", "tanh(x)", "--skip", "0", "--step", "1", "--kernel", "[[1]]", "--depth", "4", "--ntk"];

    [Theory]
    [InlineData("g-only")]
    [InlineData("hermite(6)")]
    public void The_mean_goes_with_the_slopes_and_what_the_layer_trains(string closure)
    {
        string text = Text([.. Perceptron, "--closure", closure]);
        Assert.Contains("\n     D_p = <sigma'_a*sigma'_b>_K0\n", text, StringComparison.Ordinal);
        Assert.Contains("\n     Theta_t_p = D_p*Theta0_p\n", text, StringComparison.Ordinal);
        Assert.Contains("\n     Theta_s_p = Q_p + C_W*Theta_t_p\n", text, StringComparison.Ordinal);
        Assert.Contains("\n     Theta0_next_p = alpha^2*Theta0_p + eps^2*Theta_s_p\n", text, StringComparison.Ordinal);
        Assert.Contains("\n     tau_p' = ", text, StringComparison.Ordinal);
        Assert.Contains("Theta and its covariances are 0 there", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_layer_that_is_trained_begins_with_the_kernel() =>
        Assert.Contains("\n     Theta0_p(0) = K0_p\n", Text([.. Perceptron, "--ntk-input", "dense", "--closure", "g-only"]), StringComparison.Ordinal);

    // In units of K(0), and without it K(0) does not say what raw weights of the first layer are.
    [Fact]
    public void A_first_layer_has_a_learning_rate_of_its_own()
    {
        Assert.Contains("\n     Theta0_p(0) = K0_p/2\n", Text([.. Perceptron, "--ntk-first", "0.5", "--ntk-parametrization", "standard", "--closure", "g-only"]), StringComparison.Ordinal);
        (int exit, _, string messages) = Symeft.Run([.. Perceptron, "--ntk-input", "dense", "--ntk-parametrization", "mu-p", "--closure", "g-only"]);
        Assert.Equal(2, exit);
        Assert.Contains("give its learning rate as ntk.first, in units of K(0), or leave input out", messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Learning_rates_stand_before_what_is_trained() =>
        Assert.Contains("rate_W*Q_p", Text([.. Perceptron, "--ntk-parametrization", "standard", "--closure", "g-only"]), StringComparison.Ordinal);

    [Theory]
    [InlineData("csharp", "new double[inputs, inputs, inputs, inputs];")]
    [InlineData("python", "def tangent_products(")]
    public void It_is_written_as_programs(string language, string line)
    {
        string text = Text([.. Perceptron, "--to", language]);
        Assert.Contains("VarTheta", text, StringComparison.Ordinal);
        Assert.Contains(line, text, StringComparison.Ordinal);
    }

    private static string Text(string[] arguments)
    {
        (int exit, string output, string messages) = Symeft.Run(arguments);
        Assert.True(exit == 0, messages);
        return output;
    }
}
