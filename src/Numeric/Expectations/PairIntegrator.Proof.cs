// The proof of the trapezoid rules of PairIntegrator: steps and range for which the error is bounded on the strips where both functions are analytic (PlaneProof).

using SymbolicEft.Numeric.Expectations.Proofs;

namespace SymbolicEft.Numeric.Expectations;

internal sealed partial class PairIntegrator
{
    // Of what is allowed; the rest is for rounding.
    private const double ProofShare = 0.1;

    private double[] _allowed = [], _proved = [];
    private List<int>? _proofSlots;
    private PlaneProofs? _proofs;

    partial void Prove(KernelBlock block, double relative, ReadOnlySpan<double> allowances, Span<double> values, Span<double> bounds, ref bool isProved)
    {
        // What is integrated by parts is not among what is proved.
        if (_derivatives < _maxOrder)
            return;
        List<int> slots = _proofSlots ??= [.. Enumerable.Range(0, (_maxOrder + 1) * (_maxOrder + 1)).Where(slot => (slot / (_maxOrder + 1)) + (slot % (_maxOrder + 1)) <= _maxOrder)];
        _proofs ??= new(_activation, _activation, [.. slots.Select(slot => new PlaneIntegrand(slot / (_maxOrder + 1), 0, slot % (_maxOrder + 1), 0))]);
        if (_proofs.For(block.DeviationX * block.DeviationX, block.DeviationY * block.DeviationY, block.Complement) is not { } proof)
            return;
        if (_allowed.Length == 0)
            (_allowed, _proved) = (new double[slots.Count], new double[(_maxOrder + 1) * (_maxOrder + 1)]);
        for (var at = 0; at < _allowed.Length; at++) _allowed[at] = ProofShare * allowances[slots[at]];
        if (proof.Find(_allowed, block.Correlation) is not { } grid)
            return;
        Integrate(block, grid.Range, grid.Outer, grid.Inner);
        for (var at = 0; at < _allowed.Length; at++) _proved[slots[at]] = proof.Bound(grid, at);
        _sums.Report(relative, allowances, _proved, values, bounds);
        isProved = true;
    }
}
