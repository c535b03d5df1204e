using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>The linear response of the sigma-kernel, chi/C_W, as a matrix over pairs at each recorded layer.</summary>
internal sealed class LinearResponse
{
    /// <summary>Evaluates the derived response on the unit matrices.</summary>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="quadrature">How expectations are taken; certified for sums over nodes.</param>
    /// <param name="reference">K0 at the recorded layers.</param>
    /// <exception cref="UnprovedException">An expectation is not proved, and has to be.</exception>
    /// <exception cref="NotSupportedException">The quadrature cannot take its expectations.</exception>
    public LinearResponse(Network network, QuadratureChoice quadrature, TheorySolution reference)
    {
        Expression response = PriceTheorem.Apply(
            KernelExpansion.Expand(GOnlyClosure.SigmaKernel(Notation.A, Notation.B), Notation.AnyMatrix, 1)[1]);
        var variables = new TensorLayout(network.Inputs, [Notation.MeanKernel, Notation.AnyMatrix]);
        var expectations = new ExpectationTable();
        var program = new TensorProgram(variables, [(new Tensor("chi", @"\chi", 2, TensorSymmetry.Symmetric)[Notation.A, Notation.B], response)], expectations);
        IExpectations numbers = quadrature.WithErrors.ExpectationsFor(network, expectations.Atoms);
        int pairs = PairIndexing.Count(network.Inputs);
        ClosureMatrices = [.. reference.K0.Select((kernel, record) => Matrix(kernel, reference.Layers[record]))];

        double[,] Matrix(double[] kernel, int layer)
        {
            var values = new double[expectations.Atoms.Count];
            numbers.Evaluate(kernel, values);
            ProofPolicy.Require(quadrature.WithErrors, numbers.Unproved, network.Sigma.Text, layer);
            var matrix = new double[pairs, pairs];
            var vector = new double[variables.Length];
            var output = new double[pairs];
            kernel.CopyTo(variables.Part(vector, Notation.MeanKernel));
            for (int column = 0; column < pairs; column++)
            {
                variables.Part(vector, Notation.AnyMatrix).Clear();
                variables.Part(vector, Notation.AnyMatrix)[column] = 1;
                program.Run(default(LayerParameters).ToArray(), values, vector, output);
                for (int row = 0; row < pairs; row++)
                    matrix[row, column] = output[row];
            }

            return matrix;
        }
    }

    /// <summary>chi/C_W at each recorded layer, pairs x pairs: the first-order change of S per change of G.</summary>
    public double[][,] ClosureMatrices { get; }
}
