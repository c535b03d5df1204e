namespace SymbolicEft.Numeric.Expectations;

/// <summary>A running sum with Neumaier's correction: its rounding error does not grow with the number of terms.</summary>
internal struct CompensatedSum
{
    private double _sum;
    private double _correction;

    /// <summary>The sum so far.</summary>
    public readonly double Total => _sum + _correction;

    /// <summary>Adds a term.</summary>
    public void Add(double term)
    {
        var next = _sum + term;
        _correction += Math.Abs(_sum) >= Math.Abs(term) ? _sum - next + term : term - next + _sum;
        _sum = next;
    }
}
