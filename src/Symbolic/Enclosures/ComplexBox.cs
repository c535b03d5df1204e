// Rectangles of the complex plane and the elementary functions on them, rounded outwards. A rectangle that meets a pole, or a cut across
// which the function is not analytic, goes to Everything: a bounded image therefore proves that the function is analytic on the rectangle.
// Images are bounded part by part; where an identity has a form without cancellation on each side, the side is chosen by the middle.

using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Enclosures;

/// <summary>A rectangle of the complex plane.</summary>
/// <param name="Real">The real parts.</param>
/// <param name="Imaginary">The imaginary parts.</param>
internal readonly record struct ComplexBox(Interval Real, Interval Imaginary)
{
    /// <summary>All numbers: nothing is known, not even that the function is analytic.</summary>
    public static ComplexBox Everything { get; } = new(Interval.Everything, Interval.Everything);

    private static ComplexBox One { get; } = At(1);

    private static ComplexBox I { get; } = new(Interval.At(0), Interval.At(1));

    private static Interval TwoOverRootPi { get; } = new(1.1283791670955126, Math.BitIncrement(1.1283791670955126));

    /// <summary>A real number.</summary>
    public static ComplexBox At(double value) => new(Interval.At(value), Interval.At(0));

    /// <summary>Real numbers.</summary>
    public static ComplexBox At(Interval values) => new(values, Interval.At(0));

    /// <summary>An upper bound of |z|; infinite where nothing is known.</summary>
    public double Size
    {
        get
        {
            if (!IsBounded) return double.PositiveInfinity;

            // Of the parts over the larger one, so that squares do not overflow.
            double larger = Math.Max(Real.Size, Imaginary.Size), smaller = Math.Min(Real.Size, Imaginary.Size);
            return smaller == 0 ? larger : Interval.Up(larger * Math.Sqrt(1 + (smaller / larger * (smaller / larger))), 4);
        }
    }

    /// <summary>True if the function is known to be analytic and bounded.</summary>
    public bool IsBounded => Real.IsBounded && Imaginary.IsBounded;

    private bool IsReal => Imaginary.Size == 0;

    private bool MeetsCut => Real.Low <= 0 && Imaginary.Low <= 0 && Imaginary.High >= 0;

    /// <summary>The sum.</summary>
    public static ComplexBox operator +(ComplexBox a, ComplexBox b) => new(a.Real + b.Real, a.Imaginary + b.Imaginary);

    /// <summary>The difference.</summary>
    public static ComplexBox operator -(ComplexBox a, ComplexBox b) => new(a.Real - b.Real, a.Imaginary - b.Imaginary);

    /// <summary>The negative.</summary>
    public static ComplexBox operator -(ComplexBox a) => new(-a.Real, -a.Imaginary);

    /// <summary>The product.</summary>
    public static ComplexBox operator *(ComplexBox a, ComplexBox b) => a.IsBounded && b.IsBounded
        ? new((a.Real * b.Real) - (a.Imaginary * b.Imaginary), (a.Real * b.Imaginary) + (a.Imaginary * b.Real))
        : Everything;

    /// <summary>The product with real numbers.</summary>
    public static ComplexBox operator *(Interval factor, ComplexBox a) => a.IsBounded ? new(factor * a.Real, factor * a.Imaginary) : Everything;

    /// <summary>The product with a number.</summary>
    public static ComplexBox operator *(double factor, ComplexBox a) => Interval.At(factor) * a;

    /// <summary>z^2.</summary>
    public ComplexBox Square() => IsBounded ? new(Real.Square() - Imaginary.Square(), 2 * (Real * Imaginary)) : Everything;

    /// <summary>1/z.</summary>
    public ComplexBox Inverse()
    {
        if (!IsBounded) return Everything;
        Interval square = Real.Square() + Imaginary.Square();
        if (!(square.Low > 0)) return Everything;
        Interval scale = square.Inverse();

        // No part of 1/z is larger than 1 over the distance of the rectangle from 0.
        double reach = scale.SquareRoot().High;
        return new((Real * scale).Within(-reach, reach), (-Imaginary * scale).Within(-reach, reach));
    }

    /// <summary>z^p.</summary>
    public ComplexBox Power(double p)
    {
        if (p == Math.Floor(p) && Math.Abs(p) <= 400)
        {
            ComplexBox power = WholePower((int)Math.Abs(p));
            return p < 0 ? power.Inverse() : power;
        }

        return IsReal && Real.Low > 0 ? At(Real.Power(p)) : (p * Ln()).Exp();
    }

    /// <summary>e^z.</summary>
    public ComplexBox Exp()
    {
        Interval radius = Real.Exp();
        return IsReal ? At(radius) : !IsBounded ? Everything : new(radius * Imaginary.Cosine(), radius * Imaginary.Sine());
    }

    /// <summary>The principal logarithm.</summary>
    public ComplexBox Ln()
    {
        if (MeetsCut) return Everything;
        if (IsReal) return At(Real.Increasing(Math.Log, Interval.LibraryUnits));
        if (!IsBounded) return Everything;
        Interval square = Real.Square() + Imaginary.Square();
        if (!(square.Low > 0)) return Everything;

        // Away from 0 and the cut the angle has its extremes at corners.
        double a = Math.Atan2(Imaginary.Low, Real.Low), b = Math.Atan2(Imaginary.Low, Real.High), c = Math.Atan2(Imaginary.High, Real.Low), d = Math.Atan2(Imaginary.High, Real.High);
        var angle = new Interval(Interval.Down(Math.Min(Math.Min(a, b), Math.Min(c, d)), Interval.LibraryUnits), Interval.Up(Math.Max(Math.Max(a, b), Math.Max(c, d)), Interval.LibraryUnits));
        return new(0.5 * square.Increasing(Math.Log, Interval.LibraryUnits), angle);
    }

    /// <summary>The sine.</summary>
    public ComplexBox Sin() => IsReal ? At(Real.Sine()) : !IsBounded ? Everything : new(Real.Sine() * Cosh(Imaginary), Real.Cosine() * Sinh(Imaginary));

    /// <summary>The cosine.</summary>
    public ComplexBox Cos() => IsReal ? At(Real.Cosine()) : !IsBounded ? Everything : new(Real.Cosine() * Cosh(Imaginary), -(Real.Sine() * Sinh(Imaginary)));

    /// <summary>The tangent.</summary>
    public ComplexBox Tan() => Sin() * Cos().Inverse();

    /// <summary>The hyperbolic sine.</summary>
    public ComplexBox Sinh() => IsReal ? At(Sinh(Real)) : !IsBounded ? Everything : new(Sinh(Real) * Imaginary.Cosine(), Cosh(Real) * Imaginary.Sine());

    /// <summary>The hyperbolic cosine.</summary>
    public ComplexBox Cosh() => IsReal ? At(Cosh(Real)) : !IsBounded ? Everything : new(Cosh(Real) * Imaginary.Cosine(), Sinh(Real) * Imaginary.Sine());

    /// <summary>The hyperbolic tangent, 1 - 2/(e^(2z) + 1) on the side where the exponential is large.</summary>
    public ComplexBox Tanh() => IsReal ? At(Real.Increasing(Math.Tanh, Interval.HyperbolicUnits).Within(-1, 1)) : Real.Middle < 0 ? -(-this).Tanh() : One - (2 * (-2 * this).Logistic());

    /// <summary>1/(1 + e^-z).</summary>
    public ComplexBox Logistic()
    {
        if (IsReal) return At(Real.Increasing(SpecialFunctions.Logistic, 4).Within(0, 1));
        if (Real.Middle > 0) return (One + (-this).Exp()).Inverse();
        ComplexBox small = Exp();
        return small * (One + small).Inverse();
    }

    /// <summary>ln(1 + e^z), continued from the real axis over the plane without the imaginary axis beyond +-i pi: either formula alone has other sheets there.</summary>
    public ComplexBox Softplus()
    {
        if (IsReal) return At(Real.Increasing(SpecialFunctions.Softplus, SpecialFunctions.MostUnits));
        if (Real.Low <= 0 && Real.High >= 0 && Imaginary.Size >= 3.14) return Everything;
        return Real.Middle > 0 ? this + (One + (-this).Exp()).Ln() : (One + Exp()).Ln();
    }

    /// <summary>e^z - 1.</summary>
    public ComplexBox ExpMinusOne() => IsReal ? At(Real.Increasing(SpecialFunctions.ExpMinusOne, SpecialFunctions.MostUnits)) : Exp() - One;

    /// <summary>ln(1 + z).</summary>
    public ComplexBox LogOnePlus() => IsReal && Real.Low > -1 ? At(Real.Increasing(SpecialFunctions.LogOnePlus, SpecialFunctions.MostUnits)) : (One + this).Ln();

    /// <summary>erf x, and what erf changes by along the imaginary axis: at most (2/sqrt pi) e^(y^2 - x^2) |y|.</summary>
    public ComplexBox Erf()
    {
        Interval real = Real.Increasing(SpecialFunctions.Erf, SpecialFunctions.MostUnits).Within(-1, 1);
        return IsReal ? At(real) : !IsBounded ? Everything : Shifted(real, TwoOverRootPi, 1);
    }

    /// <summary>erfc x, likewise.</summary>
    public ComplexBox Erfc()
    {
        Interval real = Real.Decreasing(SpecialFunctions.Erfc, SpecialFunctions.MostUnits).Within(0, 2);
        return IsReal ? At(real) : !IsBounded ? Everything : Shifted(real, TwoOverRootPi, 1);
    }

    /// <summary>Phi(x), likewise: at most (2 pi)^(-1/2) e^((y^2 - x^2)/2) |y|.</summary>
    public ComplexBox Phi()
    {
        Interval real = Real.Increasing(SpecialFunctions.NormalDistribution, SpecialFunctions.MostUnits).Within(0, 1);
        return IsReal ? At(real) : !IsBounded ? Everything : Shifted(real, Interval.At(0.4), 0.5);
    }

    /// <summary>The inverse tangent, with cuts from +-i outwards.</summary>
    public ComplexBox ArcTan() => IsReal ? At(Real.Increasing(Math.Atan, Interval.LibraryUnits))
        : Imaginary.Size < 1 ? 0.5 * (I * ((One - (I * this)).Ln() - (One + (I * this)).Ln())) : Everything;

    /// <summary>The inverse sine, with cuts from +-1 outwards.</summary>
    public ComplexBox ArcSin() => IsReal ? (Real.Size <= 1 ? At(Real.Increasing(Math.Asin, Interval.LibraryUnits)) : Everything) : -(I * ((I * this) + (One - Square()).Power(0.5)).Ln());

    /// <summary>The inverse cosine.</summary>
    public ComplexBox ArcCos() => IsReal ? (Real.Size <= 1 ? At(Real.Decreasing(Math.Acos, Interval.LibraryUnits)) : Everything) : At(0.5 * Interval.Pi) - ArcSin();

    /// <summary>The inverse hyperbolic sine, with cuts from +-i outwards.</summary>
    public ComplexBox ArSinh() => IsReal ? At(Real.Increasing(Math.Asinh, SpecialFunctions.MostUnits)) : Real.Middle < 0 ? -(-this).ArSinh() : (this + (One + Square()).Power(0.5)).Ln();

    /// <summary>The inverse hyperbolic cosine, with a cut below 1.</summary>
    public ComplexBox ArCosh() => IsReal && Real.Low >= 1 ? At(Real.Increasing(Math.Acosh, SpecialFunctions.MostUnits)) : (this + ((this - One).Power(0.5) * (this + One).Power(0.5))).Ln();

    /// <summary>The inverse hyperbolic tangent, with cuts from +-1 outwards.</summary>
    public ComplexBox ArTanh() => IsReal && Real.Size < 1 ? At(Real.Increasing(Math.Atanh, SpecialFunctions.MostUnits)) : 0.5 * ((One + this).Ln() - (One - this).Ln());

    private ComplexBox WholePower(int n) => n == 0 ? One : n % 2 == 0 ? WholePower(n / 2).Square() : n == 1 ? this : this * WholePower(n - 1);

    // |f(x + iy) - f(x)| <= slope e^(scale (y^2 - x^2)) |y| where f' = slope e^(-scale z^2).
    private ComplexBox Shifted(Interval real, Interval slope, double scale)
    {
        double height = Imaginary.Size, nearest = Real.Smallest;
        Interval reach = slope * (scale * (Interval.At(height).Square() - Interval.At(nearest).Square())).Exp() * Interval.At(height);
        var band = new Interval(-reach.High, reach.High);
        return new(real + band, band);
    }

    private static Interval Cosh(Interval a) => new(Math.Max(1, Interval.Down(Math.Cosh(a.Smallest), Interval.HyperbolicUnits)), Interval.Up(Math.Cosh(a.Size), Interval.HyperbolicUnits));

    private static Interval Sinh(Interval a) => a.Increasing(Math.Sinh, Interval.HyperbolicUnits);
}
