namespace SymbolicEft.Numeric.Expectations;

/// <summary>The strips of the plane, half a standard deviation of the outer variable wide, in which the inner integral has to look closely.</summary>
internal sealed class RoughStrips
{
    private const double Range = 9;
    private const double Width = 0.5;

    private readonly bool[] _rough = new bool[(int)(2 * Range / Width)];

    private RoughStrips()
    {
    }

    /// <summary>True if the strip of that z1 is one of them.</summary>
    public bool Contain(double z) => Math.Abs(z) < Range && _rough[(int)((z + Range) / Width)];

    /// <summary>Finds them.</summary>
    public static RoughStrips Find(Enclosure enclosure, KernelBlock block, Func<double, double, LineSample> f)
    {
        var mass = 0.0;
        for (var z = -Range; z <= Range; z += Width)
        {
            for (var w = -Range; w <= Range; w += Width)
            {
                var size = f(block.DeviationX * z, block.DeviationY * ((block.Correlation * z) + (block.Complement * w))).Magnitude;
                if (double.IsFinite(size)) mass += Width * Width * size * GaussianTails.Density(z) * GaussianTails.Density(w);
            }
        }

        var result = new RoughStrips();
        for (var at = 0; at < result._rough.Length; at++)
        {
            var start = -Range + (Width * at);
            result._rough[at] = !enclosure.IsSmoothInSecond(block, start, start + Width, mass);
        }

        return result;
    }
}
