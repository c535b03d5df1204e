// Laws that every closure must obey, whatever it closes:
//   * inputs are only labels: permuting them permutes the statistics;
//   * inputs are marginally consistent: dropping one changes no other number;
//   * V4 is a covariance: positive semidefinite over pairs at every depth;
//   * the initial values are those of independent Gaussian rows.

using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Testing;

/// <summary>A closure under test: solves a network.</summary>
/// <param name="problem">The network.</param>
public delegate TheorySolution ClosureSolver(TheoryProblem problem);

/// <summary>Ready-made properties of closures.</summary>
public static class ClosureLaws
{
    /// <summary>All laws, by name.</summary>
    /// <param name="closure">The closure under test.</param>
    /// <param name="tolerance">Largest difference of two numbers that must be equal, relative to the largest number of its tensor.</param>
    public static IEnumerable<(string Name, Property Property)> All(ClosureSolver closure, double tolerance = 1e-9) =>
    [
        ("inputs may be permuted", InputsMayBePermuted(closure, tolerance)),
        ("dropping an input changes no other number", DroppingAnInputChangesNothingElse(closure, tolerance)),
        ("V4 is positive semidefinite", CovarianceIsPositiveSemidefinite(closure, tolerance)),
        ("initial values are those of Gaussian rows", InitialValuesAreGaussian(closure, tolerance)),
    ];

    /// <summary>Reversing the order of the inputs reverses the statistics and changes no number.</summary>
    /// <param name="closure">The closure under test.</param>
    /// <param name="tolerance">Relative tolerance.</param>
    public static Property InputsMayBePermuted(ClosureSolver closure, double tolerance = 1e-9) =>
        ForAllNetworks(problem =>
        {
            int[] order = [.. Enumerable.Range(0, problem.Inputs).Reverse()];
            return Difference(closure(problem), closure(problem.OnInputs(order)), order, tolerance);
        });

    /// <summary>The statistics of all inputs but the last are those of the network without it.</summary>
    /// <param name="closure">The closure under test.</param>
    /// <param name="tolerance">Relative tolerance.</param>
    public static Property DroppingAnInputChangesNothingElse(ClosureSolver closure, double tolerance = 1e-9) =>
        ForAllNetworks(problem =>
        {
            int[] kept = [.. Enumerable.Range(0, Math.Max(1, problem.Inputs - 1))];
            return Difference(closure(problem), closure(problem.OnInputs(kept)), kept, tolerance);
        });

    /// <summary>The smallest eigenvalue of V4 over pairs is not negative, up to rounding, at every recorded depth.</summary>
    /// <param name="closure">The closure under test.</param>
    /// <param name="tolerance">How far below zero rounding may put it, relative to the largest eigenvalue.</param>
    public static Property CovarianceIsPositiveSemidefinite(ClosureSolver closure, double tolerance = 1e-9) =>
        ForAllNetworks(problem =>
        {
            TheorySolution solution = closure(problem);
            int pairs = PairIndexing.Count(problem.Inputs);
            for (int record = 0; record < solution.Layers.Count; record++)
            {
                double[] upper = solution.V4[record];
                Vector<double> eigenvalues = Matrix<double>.Build.Dense(pairs, pairs, (p, q) => upper[PairIndexing.Of(p, q, pairs)]).Evd(Symmetricity.Symmetric).EigenValues.Real();
                if (eigenvalues.Minimum() < -tolerance * Math.Max(eigenvalues.Maximum(), 1e-300))
                    return Text($"V4 at layer {solution.Layers[record]} has the eigenvalue {eigenvalues.Minimum()}");
            }

            return null;
        });

    /// <summary>At depth 0, V4_ab,cd = K_ac K_bd + K_ad K_bc and K1 = 0.</summary>
    /// <param name="closure">The closure under test.</param>
    /// <param name="tolerance">Relative tolerance.</param>
    public static Property InitialValuesAreGaussian(ClosureSolver closure, double tolerance = 1e-9) =>
        ForAllNetworks(problem =>
        {
            TheorySolution solution = closure(problem);
            double K(int a, int b) => problem.InitialKernel[PairIndexing.Of(a, b, problem.Inputs)];
            double scale = Math.Max(problem.InitialKernel.Max(Math.Abs), 1e-300);
            foreach ((int a, int b) in PairIndexing.All(problem.Inputs))
            {
                foreach ((int c, int d) in PairIndexing.All(problem.Inputs))
                {
                    double expected = (K(a, c) * K(b, d)) + (K(a, d) * K(b, c));
                    if (Math.Abs(solution.V4At(0, (a, b), (c, d)) - expected) > tolerance * scale * scale)
                        return Text($"V4_{a}{b},{c}{d}(0) is {solution.V4At(0, (a, b), (c, d))}, not {expected}");
                }
            }

            return solution.K1[0].Any(value => Math.Abs(value) > tolerance * scale) ? "K1(0) is not 0" : null;
        });

    // A law returns null, or what is wrong; the message carries the network as a specification that can be run.
    private static Property ForAllNetworks(Func<TheoryProblem, string?> law) =>
        Prop.ForAll(NetworkGenerators.Networks(), problem => law(problem) is { } wrong
            ? false.Label($"{wrong}, for the network\n{SpecificationText.Yaml(problem)}")
            : true.Label("holds"));

    private static string? Difference(TheorySolution whole, TheorySolution part, int[] inputs, double tolerance)
    {
        for (int record = 0; record < whole.Layers.Count; record++)
        {
            foreach ((string name, IReadOnlyList<double[]> left, IReadOnlyList<double[]> right) in new[] { ("K0", whole.K0, part.K0), ("K1", whole.K1, part.K1), ("U1", whole.U1, part.U1) })
            {
                double scale = left[record].Max(Math.Abs) + Scale(whole, record);
                foreach ((int a, int b) in PairIndexing.All(inputs.Length))
                {
                    double first = left[record][PairIndexing.Of(inputs[a], inputs[b], whole.Inputs)], second = right[record][PairIndexing.Of(a, b, part.Inputs)];
                    if (!(Math.Abs(first - second) <= tolerance * scale))
                        return Text($"{name}_{inputs[a]}{inputs[b]} at layer {whole.Layers[record]} is {first} or {second}");
                }
            }

            foreach ((int a, int b) in PairIndexing.All(inputs.Length))
            {
                foreach ((int c, int d) in PairIndexing.All(inputs.Length))
                {
                    double first = whole.V4At(record, (inputs[a], inputs[b]), (inputs[c], inputs[d])), second = part.V4At(record, (a, b), (c, d));
                    if (!(Math.Abs(first - second) <= tolerance * whole.V4[record].Max(Math.Abs)))
                        return Text($"V4_{inputs[a]}{inputs[b]},{inputs[c]}{inputs[d]} at layer {whole.Layers[record]} is {first} or {second}");
                }
            }
        }

        return null;
    }

    // K1 and U1 may vanish; their rounding is that of the kernel and of V4.
    private static double Scale(TheorySolution solution, int record) => solution.K0[record].Max(Math.Abs) + solution.V4[record].Max(Math.Abs);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
