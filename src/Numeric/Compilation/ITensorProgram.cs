namespace SymbolicEft.Numeric.Compilation;

/// <summary>Formulas of tensor components as machine code, whatever tier it came from.</summary>
internal interface ITensorProgram
{
    /// <summary>The layout of the output.</summary>
    TensorLayout Output { get; }

    /// <summary>Evaluates every formula; allocates nothing.</summary>
    /// <param name="parameters"><see cref="LayerParameters.ToArray"/>.</param>
    /// <param name="expectations">The values of the table's expectations.</param>
    /// <param name="variables">The variables.</param>
    /// <param name="output">Receives <see cref="Output"/>; another array than the variables.</param>
    void Run(double[] parameters, double[] expectations, double[] variables, double[] output);
}
