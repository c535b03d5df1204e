// Where do the functions of several arguments go over intervals? Each is monotone in each argument, or a product of functions that are, so that
// the ends suffice; a determinant is taken about the middle, with what the radii can add.

using SymbolicEft.Symbolic.Enclosures;

namespace SymbolicEft.Symbolic.Functions;

/// <summary>Enclosures of the compound functions, rounded outwards.</summary>
internal static class CompoundEnclosures
{
    /// <summary>a c - b^2 of a covariance: never negative.</summary>
    public static Interval GramDeterminant(Interval[] x)
    {
        // Kahan's difference of products is off by less than two units in the last place.
        double a = x[0].Middle, b = x[1].Middle, c = x[2].Middle, square = b * b;
        double middle = Math.FusedMultiplyAdd(a, c, -square) + Math.FusedMultiplyAdd(-b, b, square);
        double ra = x[0].Radius, rb = x[1].Radius, rc = x[2].Radius;
        double radius = ra + rb + rc == 0 ? 0 : Interval.Up((Math.Abs(c) * ra) + (Math.Abs(a) * rc) + (ra * rc) + (2 * Math.Abs(b) * rb) + (rb * rb), 8);
        if (!double.IsFinite(middle) || !double.IsFinite(radius)) return Interval.Everything;
        return new(Math.Max(0, Interval.SumDown(Interval.Down(middle, 3), -radius)), Math.Max(0, Interval.SumUp(Interval.Up(middle, 3), radius)));
    }

    /// <summary>arcsin(b / sqrt(a c)), the angle of the point (sqrt(a c - b^2), b): monotone in both of its coordinates.</summary>
    public static Interval GramAngle(Interval[] x)
    {
        Interval across = GramDeterminant(x).SquareRoot();
        if (!across.IsBounded || !x[1].IsBounded) return new(-Interval.Pi.High, Interval.Pi.High);
        double first = Math.Atan2(x[1].Low, across.Low), second = Math.Atan2(x[1].Low, across.High), third = Math.Atan2(x[1].High, across.Low), fourth = Math.Atan2(x[1].High, across.High);
        return new(
            Interval.Down(Math.Min(Math.Min(first, second), Math.Min(third, fourth)), Interval.LibraryUnits),
            Interval.Up(Math.Max(Math.Max(first, second), Math.Max(third, fourth)), Interval.LibraryUnits));
    }

    /// <summary>e^s Phi(t), which increases with both.</summary>
    public static Interval ExpPhi(Interval[] x)
    {
        return x[0].IsBounded && x[1].IsBounded ? new(At(x[0].Low, x[1].Low).Low, At(x[0].High, x[1].High).High) : Interval.Everything;

        // Beyond -5 by e^(t^2/2) Phi(t), whose argument's rounding is less than a unit of its value.
        static Interval At(double s, double t) => t > -5
            ? Interval.At(s).Exp() * Interval.At(t).Increasing(SpecialFunctions.NormalDistribution, SpecialFunctions.MostUnits).Within(0, 1)
            : 0.5 * ((Interval.At(s) - (0.5 * Interval.At(t).Square())).Exp()
                * Interval.At(t).Increasing(at => SpecialFunctions.ScaledErfc(-at * Math.Sqrt(0.5)), SpecialFunctions.MostUnits + 4));
    }

    /// <summary>e^s sinh t = e^(s + t) (1 - e^(-2 t))/2, odd in t; both factors increase.</summary>
    public static Interval ExpSinh(Interval[] x)
    {
        (Interval s, Interval t) = (x[0], x[1]);
        if (!s.IsBounded || !t.IsBounded) return Interval.Everything;
        if (t.Low >= 0) return Positive(t);
        if (t.High <= 0) return -Positive(-t);
        return (-Positive(new(0, -t.Low))).And(Positive(new(0, t.High)));

        Interval Positive(Interval size) => 0.5 * ((s + size).Exp() * -(-2 * size).Increasing(SpecialFunctions.ExpMinusOne, SpecialFunctions.MostUnits));
    }

    /// <summary>e^s cosh t = e^(s + |t|) (1 + e^(-2 |t|))/2.</summary>
    public static Interval ExpCosh(Interval[] x)
    {
        var size = new Interval(x[1].Smallest, x[1].Size);
        return x[0].IsBounded && size.IsBounded ? 0.5 * ((x[0] + size).Exp() * (Interval.At(1) + (-2 * size).Exp())) : Interval.Everything;
    }
}
