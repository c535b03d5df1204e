using System.Diagnostics;
using System.Globalization;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Expectations.Proofs;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Benchmarks.Arb;

/// <summary>Our side of compare.py: value, bound and seconds of each expression of a file of lines "expression|variance|...", warm.</summary>
public static class ProofTimes
{
    public static void Run(string file)
    {
        (Expression Integrand, double Variance)[] problems =
            [.. File.ReadLines(file).Select(line => line.Split('|')).Select(parts => (GaussianExpectation.Parse(parts[0]), double.Parse(parts[1], CultureInfo.InvariantCulture)))];
        foreach (var (integrand, variance) in problems) _ = Prove(integrand, variance);
        foreach (var (integrand, variance) in problems)
        {
            long start = Stopwatch.GetTimestamp();
            ApproximateValue? proved = Prove(integrand, variance);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{proved?.Value ?? double.NaN:R} {proved?.ErrorBound ?? double.NaN:R} {seconds:F9}").Replace("NaN", "nan", StringComparison.Ordinal));
        }
    }

    private static ApproximateValue? Prove(Expression integrand, double variance)
    {
        try
        {
            return ProvenExpectation.Of(integrand, [ClosedForm.Variables[0]], new[,] { { variance } });
        }
        catch (QuadratureException)
        {
            return null;
        }
    }
}
