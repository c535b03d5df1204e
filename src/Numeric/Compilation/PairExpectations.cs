using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>Expectations with error bounds, proved where the tables of <see cref="PairExpectationEngine"/> are.</summary>
internal sealed class PairExpectations : IExpectationSource
{
    // The looser one, tried second, serves derivatives that cancel, such as those of a sigmoid near K = 0, where double
    // arithmetic holds no thirteen digits. Closed forms, last, have the rounding that they have, relative to values that may be far below
    // the size of the integrand. The bound that is reached is what LargestRelativeError reports.
    private const double Target = 1e-13, FallbackTarget = 1e-10, ClosedTarget = 1e-8;

    private readonly int _inputs;
    private readonly PairExpectationEngine _engine;
    private readonly Lazy<PairExpectationEngine> _fallback;
    private readonly Lazy<ClosedExpectations?> _closed;
    private readonly (int Slot, int Place)[] _places;
    private readonly double[] _kernel, _values, _bounds;
    private readonly List<Unproved> _unproved = [];

    /// <summary>Prepares an engine for a list of atoms.</summary>
    /// <param name="activation">sigma.</param>
    /// <param name="inputs">N.</param>
    /// <param name="atoms">The expectations wanted, without formal kernel derivatives.</param>
    /// <param name="estimates">Whether an estimate of the error will do where a proof does not reach the target.</param>
    public PairExpectations(Activation activation, int inputs, IReadOnlyList<ExpectationAtom> atoms, bool estimates = false)
    {
        _inputs = inputs;
        int order = atoms.Count == 0 ? 0 : atoms.Max(atom => atom.FirstOrder + atom.SecondOrder);
        _engine = new(activation.Description, order, Target, estimates);
        _fallback = new(() => new(activation.Description, order, FallbackTarget, estimates));
        _places = [.. atoms.Select((atom, slot) => (slot, Place(atom)))];
        _closed = new(() => ClosedExpectations.TryFind(activation, inputs, atoms));
        _kernel = new double[inputs * inputs];
        _values = new double[PairIndexing.Count(inputs) * _engine.ValuesPerPair];
        _bounds = new double[_values.Length];
    }

    /// <inheritdoc/>
    public double? LargestRelativeError { get; private set; } = 0;

    /// <inheritdoc/>
    public IReadOnlyList<Unproved> Unproved => _unproved;

    /// <inheritdoc/>
    public bool TryErrorBounds(Span<double> bounds)
    {
        foreach ((int slot, int place) in _places) bounds[slot] = _bounds[place];
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
            _engine.EvaluateKernel(_kernel, _inputs, _values, _bounds);
            Note(_engine);
        }
        catch (QuadratureException)
        {
            try
            {
                _fallback.Value.EvaluateKernel(_kernel, _inputs, _values, _bounds);
                Note(_fallback.Value);
            }
            catch (QuadratureException)
            {
                if (_closed.Value?.TryEvaluate(kernel, ClosedTarget, Put) != true)
                    throw;
            }
        }

        foreach ((int slot, int place) in _places)
        {
            values[slot] = _values[place];
            if (_values[place] != 0)
                LargestRelativeError = Math.Max(LargestRelativeError!.Value, _bounds[place] / Math.Abs(_values[place]));
        }
    }

    // Of one kind one is enough.
    private void Note(PairExpectationEngine engine)
    {
        foreach (Unproved each in engine.Unproved)
        {
            if (!_unproved.Any(known => known.Obstacle == each.Obstacle)) _unproved.Add(each);
        }
    }

    private void Put(int atom, double value, double bound) => (_values[_places[atom].Place], _bounds[_places[atom].Place]) = (value, bound);

    private int Place(ExpectationAtom atom)
    {
        if (atom.IsKernelDerivative)
            throw new ArgumentException("Tables of pairs take kernel derivatives by Price's theorem; derive the equations with it.");
        (int i, int j) = atom.FirstInput <= atom.SecondInput ? (atom.FirstOrder, atom.SecondOrder) : (atom.SecondOrder, atom.FirstOrder);
        return (PairIndexing.Of(atom.FirstInput, atom.SecondInput, _inputs) * _engine.ValuesPerPair) + _engine.IndexOf(i, j);
    }
}
