using System.Runtime.CompilerServices;
using System.Text.Json;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Tests.Closures.Independent;

// The numbers of leading_order.py (its head says how they come about; leading_order.json is what it wrote): other equations and other integrals than
// the toolkit's, nothing shared. V4 is measured in sqrt(V4_pp V4_qq), K1 and U1 in their largest component.
public sealed class IndependentLeadingOrderTests
{
    private static readonly JsonElement[] Cases = [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), "leading_order.json"))).RootElement.GetProperty("cases").EnumerateArray()];

    public static TheoryData<int, string> All()
    {
        var data = new TheoryData<int, string>();
        for (int at = 0; at < Cases.Length; at++)
            data.Add(at, $"{Cases[at].GetProperty("closure").GetString()} of {Cases[at].GetProperty("activation").GetString()}");
        return data;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void ClosuresHaveTheNumbersOfAnotherRoute(int at, string what)
    {
        JsonElement theirs = Cases[at];
        string closure = theirs.GetProperty("closure").GetString()!;
        bool exact = closure == "exact";
        TheorySolution ours = ClosureSolver.Solve(Problem(theirs), ClosureRegistry.Parse(exact ? "hermite(128)" : closure), Stepping.Discrete);

        // hermite(128) differs from the exact leading order by what higher modes hold; lists of observables say what they leave out of functions of two inputs.
        double allowed = Math.Max(exact ? 1e-7 : 1e-12, ours.Truncation?.RelativeError ?? 0);
        Assert.InRange(allowed, 0, closure == "sigma-kernel" ? 1e-3 : 1e-6);
        double[] kernel = Numbers(theirs, "K0"), correction = Numbers(theirs, "K1"), source = Numbers(theirs, "U1");
        double[][] covariance = theirs.GetProperty("V4").Deserialize<double[][]>()!;
        for (int p = 0; p < kernel.Length; p++)
        {
            Near(kernel[p], ours.K0[^1][p], 1e-13 * kernel.Max(), $"K0 of {what}");
            Near(correction[p], ours.K1[^1][p], allowed * correction.Max(Math.Abs), $"K1 of {what}");
            Near(source[p], ours.U1[^1][p], allowed * source.Max(Math.Abs), $"U1 of {what}");
            for (int q = p; q < kernel.Length; q++)
                Near(covariance[p][q], ours.V4[^1][PairIndexing.Of(p, q, kernel.Length)], allowed * Math.Sqrt(covariance[p][p] * covariance[q][q]), $"V4 of {what}");
        }
    }

    private static void Near(double expected, double actual, double allowed, string what) =>
        Assert.True(Math.Abs(expected - actual) <= allowed, FormattableString.Invariant($"{what}: {actual:R}, other route {expected:R}, allowed {allowed:G2}"));

    private static Network Problem(JsonElement theirs)
    {
        double[][] rows = theirs.GetProperty("kernel").Deserialize<double[][]>()!;
        int depth = theirs.GetProperty("depth").GetInt32();
        double Number(string name) => theirs.GetProperty(name).GetDouble();
        return Networks.Of(
            Activation.Parse(theirs.GetProperty("activation").GetString()!),
            new(Number("skip"), Number("step"), Number("weightVariance"), Number("biasVariance")),
            rows.Length,
            [.. PairIndexing.All(rows.Length).Select(pair => rows[pair.First][pair.Second])],
            depth,
            [0, depth]);
    }

    private static double[] Numbers(JsonElement of, string name) => of.GetProperty(name).Deserialize<double[]>()!;

    private static string Folder([CallerFilePath] string source = "") => Path.GetDirectoryName(source)!;
}
