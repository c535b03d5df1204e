// Rectangles of the complex plane, and the elementary functions on them. A rectangle that meets a pole, or a cut across which
// the function is not analytic, goes to Everything.

using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Expectations;

/// <summary>A rectangle of the complex plane.</summary>
internal readonly record struct Box(Span Real, Span Imaginary)
{
    public static Box Everything { get; } = new(Span.Everything, Span.Everything);

    private static Box One { get; } = At(1);

    private static Box I { get; } = new(Span.At(0), Span.At(1));

    public static Box At(double value) => new(Span.At(value), Span.At(0));

    /// <summary>An upper bound of |z|; infinite where nothing is known.</summary>
    public double Size => Math.Sqrt((Real.Size * Real.Size) + (Imaginary.Size * Imaginary.Size)) is var size && double.IsNaN(size) ? double.PositiveInfinity : size;

    private bool IsBounded => double.IsFinite(Real.Low + Real.High + Imaginary.Low + Imaginary.High);

    private bool IsReal => Imaginary.Size == 0;

    private bool MeetsCut => Real.Low <= 0 && Imaginary.Low <= 0 && Imaginary.High >= 0;

    public static Box operator +(Box a, Box b) => new(a.Real + b.Real, a.Imaginary + b.Imaginary);

    public static Box operator -(Box a, Box b) => new(a.Real - b.Real, a.Imaginary - b.Imaginary);

    public static Box operator -(Box a) => new(-a.Real, -a.Imaginary);

    public static Box operator *(Box a, Box b) => new((a.Real * b.Real) - (a.Imaginary * b.Imaginary), (a.Real * b.Imaginary) + (a.Imaginary * b.Real));

    public static Box operator *(double factor, Box a) => new(factor * a.Real, factor * a.Imaginary);

    public Box Square() => new(Real.Square() - Imaginary.Square(), 2 * (Real * Imaginary));

    public Box Inverse()
    {
        double low = (Real.Smallest * Real.Smallest) + (Imaginary.Smallest * Imaginary.Smallest), high = (Real.Size * Real.Size) + (Imaginary.Size * Imaginary.Size);
        if (!(low > 0)) return Everything;
        var scale = new Span(1 / high, 1 / low);

        // No part of 1/z is larger than 1 over the distance of the rectangle from 0.
        double reach = 1 / Math.Sqrt(low);
        return new(Within(Real * scale, reach), Within(-Imaginary * scale, reach));

        static Span Within(Span a, double size) => new(Math.Max(a.Low, -size), Math.Min(a.High, size));
    }

    public Box Power(double exponent)
    {
        if (exponent == Math.Floor(exponent) && Math.Abs(exponent) <= 200)
        {
            Box power = WholePower((int)Math.Abs(exponent));
            return exponent < 0 ? power.Inverse() : power;
        }

        return (exponent * Ln()).Exp();
    }

    private Box WholePower(int n) => n == 0 ? One : n % 2 == 0 ? WholePower(n / 2).Square() : n == 1 ? this : this * WholePower(n - 1);

    public Box Exp()
    {
        var radius = Real.Map(Math.Exp);
        return new(radius * Imaginary.Cosine(), radius * Imaginary.Sine());
    }

    public Box Ln()
    {
        if (MeetsCut || !IsBounded) return Everything;
        double low = (Real.Smallest * Real.Smallest) + (Imaginary.Smallest * Imaginary.Smallest), high = (Real.Size * Real.Size) + (Imaginary.Size * Imaginary.Size);
        double a = Math.Atan2(Imaginary.Low, Real.Low), b = Math.Atan2(Imaginary.Low, Real.High), c = Math.Atan2(Imaginary.High, Real.Low), d = Math.Atan2(Imaginary.High, Real.High);
        return new(new(0.5 * Math.Log(low), 0.5 * Math.Log(high)), new(Math.Min(Math.Min(a, b), Math.Min(c, d)), Math.Max(Math.Max(a, b), Math.Max(c, d))));
    }

    public Box Sin() => new(Real.Sine() * Cosh(Imaginary), Real.Cosine() * Imaginary.Map(Math.Sinh));

    public Box Cos() => new(Real.Cosine() * Cosh(Imaginary), -(Real.Sine() * Imaginary.Map(Math.Sinh)));

    public Box Tan() => Sin() * Cos().Inverse();

    public Box Sinh() => new(Real.Map(Math.Sinh) * Imaginary.Cosine(), Cosh(Real) * Imaginary.Sine());

    public Box Cosh() => new(Cosh(Real) * Imaginary.Cosine(), Real.Map(Math.Sinh) * Imaginary.Sine());

    /// <summary>1 - 2/(e^(2z) + 1), on the side where the exponential is large.</summary>
    public Box Tanh() => IsReal ? new(Real.Map(Math.Tanh), Imaginary) : Real.Middle < 0 ? -(-this).Tanh() : One - (2 * (-2 * this).Logistic());

    /// <summary>1/(1 + e^-z).</summary>
    public Box Logistic()
    {
        if (IsReal) return new(Real.Map(SpecialFunctions.Logistic), Imaginary);
        if (Real.Middle > 0) return (One + (-this).Exp()).Inverse();
        Box small = Exp();
        return small * (One + small).Inverse();
    }

    public Box Softplus() => IsReal ? new(Real.Map(SpecialFunctions.Softplus), Imaginary) : Real.Middle > 0 ? this + (One + (-this).Exp()).Ln() : (One + Exp()).Ln();

    /// <summary>erf x, and what erf changes by along the imaginary axis: at most (2/sqrt pi) e^(-x^2) |y| e^(y^2).</summary>
    public Box Erf()
    {
        double reach = 1.1283791670955126 * Math.Exp((Imaginary.Size * Imaginary.Size) - (Real.Smallest * Real.Smallest)) * Imaginary.Size;
        return new(Real.Map(SpecialFunctions.Erf).Around(reach), new(-reach, reach));
    }

    public Box ArcTan() => Imaginary.Size < 1 ? 0.5 * (I * ((One - (I * this)).Ln() - (One + (I * this)).Ln())) : Everything;

    public Box ArcSin() => -(I * ((I * this) + (One - Square()).Power(0.5)).Ln());

    public Box ArSinh() => Real.Middle < 0 ? -(-this).ArSinh() : (this + (One + Square()).Power(0.5)).Ln();

    public Box ArCosh() => (this + ((this - One).Power(0.5) * (this + One).Power(0.5))).Ln();

    public Box ArTanh() => 0.5 * ((One + this).Ln() - (One - this).Ln());

    private static Span Cosh(Span a) => new(Math.Cosh(a.Smallest), Math.Cosh(a.Size));
}
