using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>Expectations with error bounds, proved where those of <see cref="PairTable"/> are.</summary>
internal sealed class PairExpectations : IExpectations
{
    // Closed forms, tried last, have the rounding that they have, relative to values that may be far below the size of the integrand. The bound that is
    // reached is what LargestRelativeError reports.
    private const double ClosedTarget = 1e-8;

    private readonly int _inputs;
    private readonly PairTable _table;
    private readonly Lazy<ClosedExpectations?> _closed;
    private readonly int[] _places;
    private readonly double[] _kernel;

    /// <summary>Prepares an engine for a list of atoms.</summary>
    /// <param name="activation">sigma.</param>
    /// <param name="inputs">N.</param>
    /// <param name="atoms">The expectations wanted, without formal kernel derivatives.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public PairExpectations(Activation activation, int inputs, IReadOnlyList<ExpectationAtom> atoms, bool estimates = false)
    {
        _inputs = inputs;
        int order = atoms.Count == 0 ? 0 : atoms.Max(atom => atom.FirstOrder + atom.SecondOrder);
        _table = new(activation.Description, inputs, order, estimates);
        _places = [.. atoms.Select(Place)];
        _closed = new(() => ClosedExpectations.TryFind(activation, inputs, atoms));
        _kernel = new double[inputs * inputs];
    }

    /// <inheritdoc/>
    public double? LargestRelativeError { get; private set; } = 0;

    /// <inheritdoc/>
    public IReadOnlyList<Unproved> Unproved => _table.Unproved;

    /// <inheritdoc/>
    public bool TryErrorBounds(Span<double> bounds)
    {
        for (int slot = 0; slot < _places.Length; slot++) bounds[slot] = _table.Bounds[_places[slot]];
        return true;
    }

    /// <inheritdoc/>
    public void Evaluate(ReadOnlySpan<double> kernel, Span<double> values)
    {
        for (int a = 0; a < _inputs; a++)
        {
            for (int b = 0; b < _inputs; b++)
                _kernel[(a * _inputs) + b] = kernel[PairIndexing.Of(a, b, _inputs)];
        }

        try
        {
            _table.Evaluate(_kernel);
        }
        catch (QuadratureException)
        {
            if (_closed.Value?.TryEvaluate(kernel, ClosedTarget, Put) != true)
                throw;
        }

        for (int slot = 0; slot < _places.Length; slot++)
        {
            double value = values[slot] = _table.Values[_places[slot]];
            if (value != 0)
                LargestRelativeError = Math.Max(LargestRelativeError!.Value, _table.Bounds[_places[slot]] / Math.Abs(value));
        }
    }

    private void Put(int atom, double value, double bound) => (_table.Values[_places[atom]], _table.Bounds[_places[atom]]) = (value, bound);

    private int Place(ExpectationAtom atom) => atom.IsKernelDerivative
        ? throw new ArgumentException("Tables of pairs take kernel derivatives by Price's theorem; derive the equations with it.")
        : _table.PlaceOf(atom.FirstInput, atom.SecondInput, atom.FirstOrder, atom.SecondOrder);
}
