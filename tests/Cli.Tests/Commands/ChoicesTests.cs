using System.Globalization;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Cli.Tests.Commands;

// Closure, quadrature, stepping, order, skip and activation go together, or do not: the command and the library say so in one sentence, word for word.
public class ChoicesTests
{
    [Theory]
    [InlineData("tanh")]
    [InlineData("relu")]
    public void The_command_and_the_library_refuse_the_same_in_the_same_words(string activation)
    {
        int solved = 0, refused = 0;
        foreach (string closure in new[] { "g-only", "g-connected", "hermite(3)", "[x*y]" })
        {
            foreach (QuadratureChoice quadrature in new[] { QuadratureChoice.Certified, QuadratureChoice.GaussHermite(8) })
            {
                foreach (Stepping stepping in Enum.GetValues<Stepping>())
                {
                    foreach ((int order, double skip) in new[] { (0, 1), (1, 1), (0, 0.5), (1, 0.5) })
                    {
                        var network = new Network { Activation = activation, WeightVariance = 1, Skip = skip, Step = 0.3, Depth = 1, Kernel = new[,] { { 1.0 } } };
                        (int code, string output, string messages) = Symeft.Run(
                            "solve", "--activation", activation, "--weight-variance", "1", "--skip", skip.ToString(CultureInfo.InvariantCulture), "--step", "0.3", "--depth", "1", "--kernel", "1", "--record", "2",
                            "--closure", closure, "--quadrature", $"{quadrature}", "--stepping", stepping.ToString().ToLowerInvariant(), "--order", $"{order}", "--format", "csv");
                        string? library = null;
                        try
                        {
                            TheorySolution solution = network.Solve(closure, quadrature, stepping, order);
                            Assert.Contains($",{solution.V4[^1][0].ToString("R", CultureInfo.InvariantCulture)},", output, StringComparison.Ordinal);
                            solved++;
                        }
                        catch (NotSupportedException refusal)
                        {
                            library = refusal.Message;
                            refused++;
                        }

                        Assert.Equal(library is null ? "" : $"symeft: {library}", messages.Trim());
                        Assert.Equal(library is null ? 0 : 2, code);
                        Assert.Equal(!GoTogether(activation, closure, quadrature, stepping, order, skip), library is not null);
                    }
                }
            }
        }

        Assert.Equal(96, solved + refused);
    }

    // Written from the documentation, not from the code.
    private static bool GoTogether(string activation, string closure, QuadratureChoice quadrature, Stepping stepping, int order, double skip)
    {
        bool nodes = quadrature.Nodes is not null, kink = activation == "relu";
        return (stepping == Stepping.Discrete || skip == 1)
            && (order == 0 || (closure == "g-only" && !nodes && !kink))
            && (!nodes || (closure == "g-only" && !kink));
    }
}
