// Laws that every closure must obey, whatever it closes:
//   * inputs are only labels: permuting them permutes the statistics;
//   * inputs are marginally consistent: dropping one changes no other number;
//   * V4 is a covariance, and so is the whole covariance of the state (where the solution has it): positive semidefinite at every depth;
//   * the initial values are those of independent Gaussian rows: V4 = free(K), K1 = 0, and, but for g-only, U1 = 0;
//   * sigma(c x) = c^p sigma(x) is a symmetry: K -> c^2 K, C_b -> c^2 C_b, C_W -> c^(2 - 2p) C_W makes V4 -> c^4 V4, K1 -> c^2 K1.
// A law about two closures: they are the same one.

using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Testing;

/// <summary>Solves a network by a closure under test, in discrete depth.</summary>
/// <param name="each">The network; its closure is the name that reports give.</param>
public delegate TheorySolution SolveCase(ClosureCase each);

/// <summary>Ready-made laws of closures.</summary>
public static class ClosureLaws
{
    /// <summary>All laws for a closure.</summary>
    /// <param name="closure">As a specification names it, such as sigma-kernel or [x*y, x].</param>
    /// <param name="options">On what networks, how exactly.</param>
    public static IReadOnlyList<Law> All(string closure, LawOptions? options = null) => All(ClosureRegistry.Parse(closure), options);

    /// <summary>All laws for a closure.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="options">On what networks, how exactly.</param>
    public static IReadOnlyList<Law> All(IClosure closure, LawOptions? options = null) => All(Gen.Constant(closure), options, each => each.Solve());

    /// <summary>All laws for random closures.</summary>
    /// <param name="closures">The closures, such as <see cref="ClosureGenerators.Any"/>.</param>
    /// <param name="options">On what networks, how exactly.</param>
    /// <param name="solve">How they are solved; <see cref="ClosureCase.Solve"/> if null.</param>
    public static IReadOnlyList<Law> All(Gen<IClosure> closures, LawOptions? options = null, SolveCase? solve = null)
    {
        options ??= new();
        solve = Checked(solve ?? (each => each.Solve()));
        Arbitrary<ClosureCase> cases = NetworkGenerators.Cases(closures, options);
        double tolerance = options.Tolerance;
        return
        [
            .. OfAnyNetwork(cases, solve, tolerance),
            new("the covariance of the state is positive semidefinite", cases, each => StateCovarianceIsPositive(solve(each), tolerance)),
            new("homogeneous activations rescale", HomogeneousCases(closures, options), each => Rescaled(each, solve, tolerance)),
        ];
    }

    // Laws of plain networks and of programs of layers.
    internal static IReadOnlyList<Law> OfAnyNetwork(Arbitrary<ClosureCase> cases, SolveCase solve, double tolerance) =>
    [
        new("inputs may be permuted", cases, each => Permuted(each, solve, tolerance)),
        new("dropping an input changes no other number", cases, each => Dropped(each, solve, tolerance)),
        new("V4 is positive semidefinite", cases, each => CovarianceIsPositive(solve(each), tolerance)),
        new("initial values are those of Gaussian rows", cases, each => InitialValues(each, solve(each), tolerance)),
    ];

    // A route whose solutions are looked at before they are believed.
    internal static SolveCase Checked(SolveCase route) => each => Solution(route, each);

    // K0, V4 and K1 of two records.
    internal static string? DifferenceAt(TheorySolution left, int record, TheorySolution right, int other, double tolerance)
    {
        foreach (string name in new[] { "K0", "V4", "K1" })
        {
            double[] one = Tensor(left, name)[record], two = Tensor(right, name)[other];
            double scale = name == "K1" ? Scale(left, record) : one.Max(Math.Abs);
            for (int at = 0; at < one.Length; at++)
            {
                if (one.Length != two.Length || !Equal(one[at], two[at], tolerance * scale))
                    return Text($"component {at} of {name} at layer {left.Layers[record]} is {one[at]} or {two[Math.Min(at, two.Length - 1)]}");
            }
        }

        return null;
    }

    /// <summary>Two closures have the same solution.</summary>
    /// <param name="first">One closure, as a specification names it.</param>
    /// <param name="second">The other.</param>
    /// <param name="tensors">The tensors that agree, such as V4 and K1.</param>
    /// <param name="options">On what networks, how exactly.</param>
    public static Law Same(string first, string second, IReadOnlyList<string> tensors, LawOptions? options = null)
    {
        IClosure other = ClosureRegistry.Parse(second);
        return Same($"{first} has the {string.Join(", ", tensors)} of {second}", ClosureRegistry.Parse(first), each => (each with { Closure = other }).Solve(), tensors, options);
    }

    /// <summary>A closure and another computation have the same solution: two routes to one result.</summary>
    /// <param name="name">The law in a few words.</param>
    /// <param name="closure">The closure.</param>
    /// <param name="other">The other route.</param>
    /// <param name="tensors">The tensors that agree, at least one.</param>
    /// <param name="options">On what networks, how exactly.</param>
    /// <exception cref="ArgumentException">No tensor is named.</exception>
    public static Law Same(string name, IClosure closure, SolveCase other, IReadOnlyList<string> tensors, LawOptions? options = null)
    {
        if (tensors.Count == 0)
            throw new ArgumentException("No tensor is named, so that nothing would be compared; name some, such as V4 and K1.", nameof(tensors));
        return new(name, NetworkGenerators.Cases(Gen.Constant(closure), options), each =>
        {
            TheorySolution left = Solution(one => one.Solve(), each), right = Solution(other, each);
            double tolerance = (options ?? new()).Tolerance;
            for (int record = 0; record < left.Layers.Count; record++)
            {
                double scale = Scale(left, record);
                foreach (string tensor in tensors)
                {
                    double[] one = Tensor(left, tensor)[record], two = Tensor(right, tensor)[record];
                    if (one.Length != two.Length)
                        return Text($"{tensor} has {one.Length} components or {two.Length}");
                    for (int at = 0; at < one.Length; at++)
                    {
                        if (!Equal(one[at], two[at], tolerance * scale))
                            return Text($"component {at} of {tensor} at layer {left.Layers[record]} is {one[at]} or {two[at]}");
                    }
                }
            }

            return null;
        });
    }

    // What a route gives back, if it is a solution of the network that it was given: a law that looks at fewer records, or at none, holds for everything.
    private static TheorySolution Solution(SolveCase route, ClosureCase each)
    {
        TheorySolution solution = route(each) ?? throw new SolutionException("there is no solution, but null");
        Network network = each.Network;
        if (solution.Inputs != network.Inputs)
            throw new SolutionException(Text($"the solution is for {solution.Inputs} inputs, where the network has {network.Inputs}"));
        if (!solution.Layers.SequenceEqual(network.RecordedLayers))
            throw new SolutionException(Text($"the solution is for the layers {string.Join(", ", solution.Layers)}, where {string.Join(", ", network.RecordedLayers)} were asked for"));
        int pairs = PairIndexing.Count(network.Inputs);
        foreach ((string name, IReadOnlyList<double[]> records) in solution.Tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (records.Count != solution.Layers.Count)
                throw new SolutionException(Text($"{name} has {records.Count} records, where there are {solution.Layers.Count} layers"));
            int expected = name switch { "K0" or "K1" or "E2" or "U1" => pairs, "V4" => PairIndexing.Count(pairs), _ => records[0].Length };
            if (records.FirstOrDefault(record => record.Length != expected) is { } wrong)
                throw new SolutionException(Text($"{name} has {wrong.Length} components, where there are {expected}"));
        }

        foreach (string name in new[] { "K0", "V4" })
            Tensor(solution, name);
        return solution;
    }

    private static IReadOnlyList<double[]> Tensor(TheorySolution solution, string name) => solution.Tensors.TryGetValue(name, out IReadOnlyList<double[]>? records)
        ? records
        : throw new SolutionException($"there is no tensor {name}; there are {string.Join(", ", solution.Tensors.Keys.Order(StringComparer.Ordinal))}");

    // Nothing is equal to a number that is none, and to an infinite one everything would be.
    private static bool Equal(double one, double two, double within) => double.IsFinite(within) && Math.Abs(one - two) <= within;

    private static string? Permuted(ClosureCase each, SolveCase solve, double tolerance)
    {
        int last = each.Network.Inputs - 1;
        int[] order = [.. Enumerable.Range(0, last).Prepend(last)];
        return Difference(solve(each), solve(each.OnInputs(order)), order, each.Network.Layers is null, tolerance);
    }

    private static string? Dropped(ClosureCase each, SolveCase solve, double tolerance)
    {
        int[] kept = [.. Enumerable.Range(0, Math.Max(1, each.Network.Inputs - 1))];
        return Difference(solve(each), solve(each.OnInputs(kept)), kept, each.Network.Layers is null, tolerance);
    }

    private static string? CovarianceIsPositive(TheorySolution solution, double tolerance)
    {
        int pairs = PairIndexing.Count(solution.Inputs);
        return AtEveryRecord(solution, record => NotPositive(pairs, (p, q) => solution.V4[record][PairIndexing.Of(p, q, pairs)], tolerance) is { } wrong ? $"V4 {wrong}" : null);
    }

    // The whole covariance of the state where it is recorded; else that of (G, S), where Cov(S, S) is known.
    private static string? StateCovarianceIsPositive(TheorySolution solution, double tolerance)
    {
        if (solution.Tensors.TryGetValue("V_state", out IReadOnlyList<double[]>? whole))
        {
            int size = (int)Math.Round(Math.Sqrt(whole[0].Length));
            return AtEveryRecord(solution, record => NotPositive(size, (p, q) => whole[record][(p * size) + q], tolerance) is { } wrong ? $"the covariance of the observables {wrong}" : null);
        }

        if (!solution.Tensors.TryGetValue("C_SS", out IReadOnlyList<double[]>? sigma) || !solution.Tensors.TryGetValue("C_SG", out IReadOnlyList<double[]>? mixed))
            return CovarianceIsPositive(solution, tolerance); // G is the whole state.
        int pairs = PairIndexing.Count(solution.Inputs);
        return AtEveryRecord(solution, record => NotPositive(
            2 * pairs,
            (p, q) => (p < pairs, q < pairs) switch
            {
                (true, true) => solution.V4[record][PairIndexing.Of(p, q, pairs)],
                (false, false) => sigma[record][PairIndexing.Of(p - pairs, q - pairs, pairs)],
                (false, true) => mixed[record][((p - pairs) * pairs) + q],
                _ => mixed[record][((q - pairs) * pairs) + p],
            },
            tolerance) is { } wrong ? $"the joint covariance of G and S {wrong}" : null);
    }

    private static string? InitialValues(ClosureCase each, TheorySolution solution, double tolerance)
    {
        Network network = each.Network;
        double K(int a, int b) => network.Kernel[a, b];
        double scale = Math.Max(network.InitialKernel.Max(Math.Abs), 1e-300);
        foreach ((int a, int b) in PairIndexing.All(network.Inputs))
        {
            foreach ((int c, int d) in PairIndexing.All(network.Inputs))
            {
                double expected = (K(a, c) * K(b, d)) + (K(a, d) * K(b, c));
                if (!Equal(solution.V4At(0, (a, b), (c, d)), expected, tolerance * scale * scale))
                    return Text($"V4_{a}{b},{c}{d}(0) is {solution.V4At(0, (a, b), (c, d))}, not {expected}");
            }
        }

        if (Tensor(solution, "K1")[0].Any(value => !Equal(value, 0, tolerance * scale)))
            return "K1(0) is not 0";
        if (network.Layers is not null)
            return null;
        // The rows are independent draws at depth 0: E S = E2. G-only closes with the whole V4 and has a source there.
        double source = Tensor(solution, "E2")[0].Max(Math.Abs) + solution.V4[0].Max(Math.Abs);
        return each.Closure is not GOnly && Tensor(solution, "U1")[0].Any(value => !Equal(value, 0, tolerance * source)) ? Text($"U1(0) is {solution.U1[0].MaxBy(Math.Abs)}, not 0") : null;
    }

    private static Arbitrary<ClosureCase> HomogeneousCases(Gen<IClosure> closures, LawOptions options) =>
        NetworkGenerators.Cases(closures, options with { Activations = [.. ActivationGenerators.Homogeneous.Select(each => each.Activation)] });

    private static string? Rescaled(ClosureCase each, SolveCase solve, double tolerance)
    {
        const double factor = 1.5, square = factor * factor;
        // Shrinking may have left the homogeneous activations, which breaks no law.
        if (ActivationGenerators.Homogeneous.FirstOrDefault(one => ReferenceEquals(Activation.Parse(one.Activation).Expression, each.Network.Sigma.Expression)) is not { Degree: > 0 and var degree })
            return null;
        Network network = each.Network;
        Network rescaled = network with
        {
            Kernel = Matrix<double>.Build.DenseOfArray(network.Kernel).Multiply(square).ToArray(),
            BiasVariance = square * network.BiasVariance,
            WeightVariance = Math.Pow(square, 1 - degree) * network.WeightVariance,
        };
        TheorySolution left = solve(each), right = solve(each with { Network = rescaled });
        return AtEveryRecord(left, record =>
        {
            foreach ((string tensor, double power) in new[] { ("K0", square), ("V4", square * square), ("K1", square), ("U1", Math.Pow(square, degree)) })
            {
                double[] one = Tensor(left, tensor)[record], two = Tensor(right, tensor)[record];
                double scale = tensor is "K0" or "V4" ? one.Max(Math.Abs) : Scale(left, record) + Tensor(left, "E2")[record].Max(Math.Abs);
                for (int at = 0; at < one.Length; at++)
                {
                    if (!Equal(one[at], two[at] / power, tolerance * scale))
                        return Text($"component {at} of {tensor} is {one[at]}, and {two[at]} for inputs {factor} times as large, not {power * one[at]},");
                }
            }

            return null;
        });
    }

    private static string? Difference(TheorySolution whole, TheorySolution part, int[] inputs, bool isFlat, double tolerance)
    {
        for (int record = 0; record < whole.Layers.Count; record++)
        {
            // S is of one activation, and programs have none.
            foreach (string name in isFlat ? new[] { "K0", "K1", "U1" } : ["K0", "K1"])
            {
                IReadOnlyList<double[]> left = Tensor(whole, name), right = Tensor(part, name);
                double scale = left[record].Max(Math.Abs) + Scale(whole, record);
                foreach ((int a, int b) in PairIndexing.All(inputs.Length))
                {
                    double first = left[record][PairIndexing.Of(inputs[a], inputs[b], whole.Inputs)], second = right[record][PairIndexing.Of(a, b, part.Inputs)];
                    if (!Equal(first, second, tolerance * scale))
                        return Text($"{name}_{inputs[a]}{inputs[b]} at layer {whole.Layers[record]} is {first} or {second}");
                }
            }

            foreach ((int a, int b) in PairIndexing.All(inputs.Length))
            {
                foreach ((int c, int d) in PairIndexing.All(inputs.Length))
                {
                    double first = whole.V4At(record, (inputs[a], inputs[b]), (inputs[c], inputs[d])), second = part.V4At(record, (a, b), (c, d));
                    if (!Equal(first, second, tolerance * whole.V4[record].Max(Math.Abs)))
                        return Text($"V4_{inputs[a]}{inputs[b]},{inputs[c]}{inputs[d]} at layer {whole.Layers[record]} is {first} or {second}");
                }
            }
        }

        return null;
    }

    private static string? AtEveryRecord(TheorySolution solution, Func<int, string?> law)
    {
        for (int record = 0; record < solution.Layers.Count; record++)
        {
            if (law(record) is { } wrong)
                return Text($"at layer {solution.Layers[record]} {wrong}");
        }

        return null;
    }

    private static string? NotPositive(int size, Func<int, int, double> entry, double tolerance)
    {
        // In units of the standard deviations: a small observable beside a large one is no rounding.
        double[] deviation = [.. Enumerable.Range(0, size).Select(at => entry(at, at) > 0 ? Math.Sqrt(entry(at, at)) : 1)];
        Vector<double> eigenvalues = Matrix<double>.Build.Dense(size, size, (p, q) => entry(p, q) / (deviation[p] * deviation[q])).Evd(Symmetricity.Symmetric).EigenValues.Real();
        return eigenvalues.Minimum() < -tolerance * Math.Max(eigenvalues.Maximum(), 1e-300) || eigenvalues.Any(double.IsNaN)
            ? Text($"has the eigenvalue {eigenvalues.Minimum()} in units of the variances")
            : null;
    }

    // K1 and U1 may vanish; their rounding is that of the kernel and of V4.
    private static double Scale(TheorySolution solution, int record) => solution.K0[record].Max(Math.Abs) + solution.V4[record].Max(Math.Abs);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
