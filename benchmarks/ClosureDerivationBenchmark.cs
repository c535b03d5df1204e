using BenchmarkDotNet.Attributes;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Benchmarks;

/// <summary>From definitions to the equations of a closure, N symbolic, warm: named closures, growth with k, growth with the number of observables.</summary>
public class ClosureDerivationBenchmark
{
    [Params(
        "g-only", "g-connected", "sigma-kernel", "sigma-kernel(2)", "sigma-kernel(3)", "hermite(1)", "hermite(4)", "hermite(20)", "hermite(80)",
        "[x*y, x]", "[x*y, x, sigma(x)]", "[x*y, x, sigma(x), sigma(x)*sigma(y)]", "[x*y, x, sigma(x), sigma(x)*sigma(y), x*sigma(y)]")]
    public string Closure { get; set; } = "g-only";

    [Benchmark]
    public int Steps() => Size(ClosureDerivation.Steps(ClosureRegistry.Parse(Closure), DepthForm.Discrete));

    /// <summary>The number of formulas.</summary>
    public static int Size(IReadOnlyList<DerivationStep> steps) => steps.Sum(step => step.Formulas.Count);
}
