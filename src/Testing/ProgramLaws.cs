// Laws of closures on programs of layers:
//   * those of plain networks that say nothing of one activation: inputs are labels, they are marginally consistent, V4 is a covariance, initial values are those of Gaussian rows;
//   * a residual of step 0 changes nothing, wherever it stands, and a repetition may be taken apart;
//   * a dense layer of Gaussian weights may be taken apart into two that read the same, with half the variances each: of polynomials, of which modes leave nothing out;
//   * a program that spells a flat network is that network;
//   * networks drawn by the exact law agree with the solution, the next order in 1/n removed.

using FsCheck;
using FsCheck.Fluent;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Testing;

/// <summary>Ready-made laws of closures on programs of layers.</summary>
public static class ProgramLaws
{
    /// <summary>All laws that compare solutions, for a closure on random programs.</summary>
    /// <param name="closure">As a specification names it: g-only, g-connected, or hermite(k) with k at least 4.</param>
    /// <param name="options">On what programs, how exactly.</param>
    public static IReadOnlyList<Law> All(string closure, LawOptions? options = null) => All(ClosureRegistry.Parse(closure), options);

    /// <summary>All laws that compare solutions, for a closure on random programs.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="options">On what programs, how exactly.</param>
    /// <param name="solve">How it is solved; <see cref="ClosureCase.Solve"/> if null.</param>
    public static IReadOnlyList<Law> All(IClosure closure, LawOptions? options = null, SolveCase? solve = null)
    {
        options = (options ?? new()).Checked();
        SolveCase route = ClosureLaws.Checked(solve ?? (each => each.Solve()));
        Arbitrary<ClosureCase> cases = ProgramGenerators.Cases(Gen.Constant(closure), ProgramGenerators.For(closure, isGaussian: false, options), options);
        LawOptions quadratic = options with { Activations = ["x + x^2/4", "x - x^2/3"] };
        double tolerance = options.Tolerance;
        return
        [
            .. ClosureLaws.OfAnyNetwork(cases, route, tolerance),
            new("a residual of step 0 changes nothing", cases, each => Still(each, route, tolerance)),
            new("a repetition may be taken apart", cases, each => Apart(each, route, tolerance)),
            new("a dense layer may be taken apart", ProgramGenerators.Cases(Gen.Constant(closure), ProgramGenerators.For(closure, isGaussian: true, quadratic), quadratic), each => Halved(each, route, tolerance)),
            new("a program that spells a flat network is that network", NetworkGenerators.Cases(Gen.Constant(closure), options), each => Spelled(each, route, tolerance)),
        ];
    }

    /// <summary>Programs drawn by the exact law agree with a closure that is exact at leading order: K1 and V4 from two widths, what is of order 1/n removed.</summary>
    /// <param name="closure">The closure, such as hermite(20), which few modes are missing from.</param>
    /// <param name="width">The smaller width; the other is twice as large. What is of order 1/n^2 stays, and should be small beside error bars.</param>
    /// <param name="samples">Networks at each width.</param>
    /// <param name="largest">The largest distance in error bars.</param>
    /// <param name="options">On what programs.</param>
    /// <param name="solve">How it is solved; <see cref="ClosureCase.Solve"/> if null.</param>
    public static Law Simulated(string closure, int width = 192, long samples = 3000, double largest = 5.5, LawOptions? options = null, SolveCase? solve = null)
    {
        SolveCase route = ClosureLaws.Checked(solve ?? (each => each.Solve()));
        IClosure parsed = ClosureRegistry.Parse(closure);
        return new(
            $"simulation agrees with {closure}",
            ProgramGenerators.Cases(Gen.Constant(parsed), ProgramGenerators.For(parsed, isGaussian: true, options), options),
            each => Distant(each, route, width, samples, largest));
    }

    private static string? Distant(ClosureCase each, SolveCase solve, int width, long samples, double largest)
    {
        TheorySolution solution = solve(each);
        Network last = each.Network with { RecordedLayers = [each.Network.Depth] };
        EnsembleStatistics narrow = last.Simulate(width, samples, seed: 7), wide = last.Simulate(2 * width, samples, seed: 8);
        IReadOnlyList<InputPair> pairs = PairIndexing.All(each.Network.Inputs);
        foreach (InputPair left in pairs)
        {
            int place = PairIndexing.Of(left.First, left.Second, each.Network.Inputs);
            if (Distance($"K1_{left.First}{left.Second}", narrow.K1At(0, left), wide.K1At(0, left), solution.K1[^1][place], solution.K0[^1].Max(Math.Abs)) is { } wrong)
                return wrong;
            foreach (InputPair right in pairs)
            {
                if (Distance($"V4_{left.First}{left.Second},{right.First}{right.Second}", narrow.V4At(0, left, right), wide.V4At(0, left, right), solution.V4At(^1, left, right), solution.V4[^1].Max(Math.Abs)) is { } other)
                    return other;
            }
        }

        return null;

        // What varies by rounding alone has no error bar.
        string? Distance(string name, Estimate at, Estimate atTwice, double expected, double scale)
        {
            double found = (2 * atTwice.Value) - at.Value, error = Math.Sqrt((4 * atTwice.StandardError * atTwice.StandardError) + (at.StandardError * at.StandardError)) + (1e-5 * scale);
            return Math.Abs(found - expected) <= largest * error ? null : FormattableString.Invariant($"{name} is {expected} at the last layer, and {found} +- {error} by simulation");
        }
    }

    private static string? Still(ClosureCase each, SolveCase solve, double tolerance)
    {
        // A flat network has no list to put it in.
        if (each.Network.Layers is not { } program)
            return null;
        TheorySolution solution = solve(each);
        Layer still = new Residual([new RmsNorm(1.1, 0.2), new Dense(1.3) { Width = 2 }, new Activate("gelu"), new Dense(0.7)]) { Step = 0 };
        TheorySolution before = solve(each with { Network = ProgramGenerators.Of(new([still, .. program.Layers]), each.Network.Kernel) });
        return ClosureLaws.DifferenceAt(solution, solution.Layers.Count - 1, before, before.Layers.Count - 1, tolerance) is { } wrong ? $"with a residual of step 0 in front {wrong}" : null;
    }

    private static string? Apart(ClosureCase each, SolveCase solve, double tolerance)
    {
        if (each.Network.Layers is not { } program)
            return null;
        TheorySolution solution = solve(each);
        TheorySolution apart = solve(each with { Network = ProgramGenerators.Of(new([.. program.Layers.SelectMany(layer => layer is Repeat { Count: > 1 } repeat ? [repeat with { Count = 1 }, repeat with { Count = repeat.Count - 1 }] : new[] { layer })]), each.Network.Kernel) });
        return solution.Layers.SequenceEqual(apart.Layers)
            ? Enumerable.Range(0, solution.Layers.Count).Select(record => ClosureLaws.DifferenceAt(solution, record, apart, record, tolerance)).FirstOrDefault(wrong => wrong is not null)
            : $"there are {apart.Layers.Count} layers where there were {solution.Layers.Count}";
    }

    private static string? Halved(ClosureCase each, SolveCase solve, double tolerance)
    {
        if (each.Network.Layers is not { } program)
            return null;
        TheorySolution whole = solve(each), halved = solve(each with { Network = ProgramGenerators.Of(new([.. Halved(program.Layers, ProgramGenerators.KeepsModes(each.Closure), isBranch: false)]), each.Network.Kernel) });
        return Enumerable.Range(0, whole.Layers.Count).Select(record => ClosureLaws.DifferenceAt(whole, record, halved, record, tolerance)).FirstOrDefault(wrong => wrong is not null);
    }

    // Every stage that may be: masks are drawn for each reader anew, and what ends a branch is one dense layer, or nothing but branches.
    private static IEnumerable<Layer> Halved(IReadOnlyList<Layer> layers, bool makesFields, bool isBranch)
    {
        Layer[] inner = [.. layers.Select(layer => layer switch
        {
            Repeat repeat => repeat with { Of = [.. Halved(repeat.Of, makesFields, isBranch)] },
            Residual residual => residual with { Branch = [.. Halved(residual.Branch, makesFields, isBranch: true)] },
            ParallelBranches parallel => parallel with { Branches = [.. parallel.Branches.Select(branch => Halved(branch, makesFields, isBranch: true).ToArray())] },
            _ => layer,
        })];
        var before = new List<Layer>();
        for (int at = 0, first = 0; at < inner.Length; at++)
        {
            Layer layer = inner[at];
            if (layer is Dense { Copies: 1 } dense && !before.Any(each => each is Dropout or Gate) && (!isBranch || (at < inner.Length - 1 ? makesFields : first == 0)))
            {
                Dense half = dense with { WeightVariance = dense.WeightVariance.At(0) / 2, BiasVariance = dense.BiasVariance.At(0) / 2, Width = null };
                yield return new ParallelBranches([[.. before, half], [.. before, half]]) { Width = dense.Width };
            }
            else if (layer is Dense or Repeat or Residual or ParallelBranches or PostNorm)
            {
                foreach (Layer each in before.Append(layer))
                    yield return each;
            }
            else
            {
                before.Add(layer);
                continue;
            }

            (first, before) = (at + 1, []);
        }
    }

    private static string? Spelled(ClosureCase each, SolveCase solve, double tolerance)
    {
        Network flat = each.Network;
        LayerProgram program = LayerProgram.Plain(flat.Activation, flat.WeightVariance, flat.BiasVariance, flat.Skip, flat.Step, flat.Depth);
        TheorySolution one = solve(each), two = solve(each with { Network = flat.As(program, flat.Depth) });
        return Enumerable.Range(0, one.Layers.Count).Select(record => ClosureLaws.DifferenceAt(one, record, two, record, tolerance)).FirstOrDefault(wrong => wrong is not null);
    }
}
