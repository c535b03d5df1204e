using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Languages;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Cli.Tests.Languages;

/// <summary>A network for which programs are generated, and what the compiled delegates make of it.</summary>
public sealed class ProgramCase
{
    private static readonly double[,] Kernel = { { 1.5, 0.4, -0.2 }, { 0.4, 0.9, 0.9 }, { -0.2, 0.9, 0.9 } };

    private ProgramCase(string activation, int inputs, bool discrete, bool euler = true)
    {
        (ActivationText, Discrete) = (activation, discrete);
        Name = $"{activation.Split('(')[0]}-{inputs}-{(discrete ? "discrete" : euler ? "euler" : "continuous")}";
        // Inputs 2 and 3 are equal: the pair integral on the edge of the kernels is tested as well.
        var kernel = new double[inputs, inputs];
        for (int a = 0; a < inputs; a++)
        {
            for (int b = 0; b < inputs; b++)
                kernel[a, b] = Kernel[a, b];
        }

        Numbers = new(discrete ? 0.9 : 1, 0.3, 1.7, 0.1, kernel, [0, 1, 3], EulerSteps: euler && !discrete);
    }

    public string Name { get; }

    public string ActivationText { get; }

    public bool Discrete { get; }

    public SourceNumbers Numbers { get; }

    /// <summary>tanh and GELU, one to three inputs, both forms; and the integrator with error control.</summary>
    public static IReadOnlyList<ProgramCase> All { get; } =
    [
        .. from activation in new[] { "tanh(x)", "gelu" }
           from inputs in new[] { 1, 2, 3 }
           from discrete in new[] { true, false }
           select new ProgramCase(activation, inputs, discrete),
        new("tanh(x)", 1, discrete: false, euler: false),
    ];

    public bool HasErrorControl => !Discrete && !Numbers.EulerSteps;

    public DerivationResult Derivation => DerivationPipeline.GOnly(Discrete ? DepthForm.Discrete : DepthForm.Continuous);

    public DerivationSource Source => new(Name, ActivationText) { Definition = Activation.Parse(ActivationText).Definition, Numbers = Numbers };

    /// <summary>The text in a language.</summary>
    public string In(string language) => OutputLanguages.All.Single(each => each.Name == language).Write(Derivation, Source);

    /// <summary>The solution by compiled delegates and certified expectations.</summary>
    public TheorySolution Solve()
    {
        var problem = new TheoryProblem(
            Activation.Parse(ActivationText),
            new(Numbers.Skip, Numbers.Step, Numbers.WeightVariance, Numbers.BiasVariance),
            Numbers.Kernel.GetLength(0),
            PairIndexing.Upper(Numbers.Kernel),
            Numbers.RecordedLayers[^1],
            Numbers.RecordedLayers);
        return TheorySolver.Solve(
            Derivation.System,
            problem,
            Discrete ? Stepping.Discrete : HasErrorControl ? Stepping.Continuous : Stepping.Euler,
            compiled => new CertifiedExpectations(problem.Activation, problem.Inputs, compiled.Atoms));
    }

    /// <summary>Compares every component at every record, relative to the largest component of its tensor.</summary>
    /// <param name="expected">The solution by delegates.</param>
    /// <param name="value">The generated program's value of a component at a record.</param>
    /// <returns>The largest relative difference.</returns>
    public double LargestDifference(TheorySolution expected, Func<int, string, int[], double> value)
    {
        double largest = 0;
        EquationSystem system = Derivation.System;
        foreach (Tensor tensor in system.Equations.Select(each => each.Variable.Tensor).Concat(system.Quantities.Select(each => each.Variable.Tensor)))
        {
            IReadOnlyList<Indexed> components = TensorLayout.ComponentsOf(tensor, expected.Inputs);
            for (int record = 0; record < Numbers.RecordedLayers.Count; record++)
            {
                double[] row = expected.Tensors[tensor.Name][record];
                double scale = Math.Max(row.Max(Math.Abs), 1e-300);
                for (int at = 0; at < row.Length; at++)
                {
                    int[] indices = [.. components[at].Indices.ToArray().Select(index => index.Value)];
                    double difference = Math.Abs(value(record, tensor.Name, indices) - row[at]) / scale;
                    Assert.False(double.IsNaN(difference), $"{components[at]} at record {record}");
                    largest = Math.Max(largest, difference);
                }
            }
        }

        return largest;
    }
}
