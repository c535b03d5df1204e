using System.Runtime.Intrinsics;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Benchmarks.Equations;

/// <summary>
/// The batched tier: the right side of an equation system at eight parameter sets at once, one to a lane. The vectors hold what the
/// tier for few inputs holds, number by number; lanes do not mix.
/// </summary>
internal sealed class BatchedProgram
{
    private readonly ComponentKernel<Vector512<double>>[] _kernels;

    /// <summary>Compiles the right side of a system.</summary>
    /// <param name="system">The derived equations.</param>
    /// <param name="inputs">The number of inputs N.</param>
    public BatchedProgram(EquationSystem system, int inputs)
    {
        var expectations = new ExpectationTable();
        State = new TensorLayout(inputs, system.State.Select(variable => variable.Tensor));
        _kernels = TensorProgram.Compile<Vector512<double>>(State, State, [.. system.Equations.Select(equation => (equation.Variable, system.WriteOut(equation.RightSide)))], expectations);
        Atoms = expectations.Atoms;
    }

    /// <summary>Parameter sets in a vector.</summary>
    public static int Lanes => Vector512<double>.Count;

    /// <summary>The layout of the state, and of the output.</summary>
    public TensorLayout State { get; }

    /// <summary>The expectations it reads, in order.</summary>
    public IReadOnlyList<ExpectationAtom> Atoms { get; }

    /// <summary>Evaluates the right side of every lane; allocates nothing.</summary>
    /// <param name="parameters">alpha, eps, C_W, C_b, n, as <see cref="LayerParameters.ToArray"/>.</param>
    /// <param name="expectations">The values of <see cref="Atoms"/>.</param>
    /// <param name="state">The state.</param>
    /// <param name="output">Receives the next state, or the derivative; another array than the state.</param>
    public void Run(Vector512<double>[] parameters, Vector512<double>[] expectations, Vector512<double>[] state, Vector512<double>[] output)
    {
        foreach (ComponentKernel<Vector512<double>> kernel in _kernels)
            kernel(parameters, expectations, state, output);
    }
}
