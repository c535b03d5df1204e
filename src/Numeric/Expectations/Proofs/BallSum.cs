using SymbolicEft.Symbolic.Enclosures;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>
/// A sum of intervals: the middles in twice the working precision, the radii rounded upwards, so that the bound does not grow with the number of terms.
/// </summary>
internal struct BallSum
{
    private double _high;
    private double _low;
    private double _radius;

    // The rounding of the low parts, 2^-53 of each addition, doubled.
    private double _lowMagnitude;

    /// <summary>Adds an interval.</summary>
    public void Add(Interval term)
    {
        double middle = term.Middle, sum = _high + middle, part = sum - _high;
        _low += (_high - (sum - part)) + (middle - part);
        _high = sum;
        _lowMagnitude += Math.Abs(_low);
        _radius = Interval.SumUp(_radius, term.Radius);
    }

    /// <summary>Adds to the radius alone.</summary>
    public void AddError(double error) => _radius = Interval.SumUp(_radius, error);

    /// <summary>The double nearest to the sum of the middles.</summary>
    public readonly double Value => _high + _low;

    /// <summary>An upper bound of the distance from <see cref="Value"/> of any sum of members.</summary>
    public readonly double Bound
    {
        get
        {
            double value = _high + _low, part = value - _high, left = (_high - (value - part)) + (_low - part);
            return Interval.Up(_radius + Math.Abs(left) + (2.3e-16 * _lowMagnitude), 4);
        }
    }
}
