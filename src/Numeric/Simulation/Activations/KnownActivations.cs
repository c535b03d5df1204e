using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

// One struct for each known activation. Accuracies are those of the VectorMath functions they call.

/// <summary>sigma(x) = x.</summary>
internal readonly struct IdentityActivation : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> x) => x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Invoke(Vector512<double> x) => x;
}

/// <summary>sigma(x) = max(x, 0).</summary>
internal readonly struct ReluActivation : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> x) => Vector512.MaxNative(Vector512<float>.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Invoke(Vector512<double> x) => Vector512.MaxNative(Vector512<double>.Zero, x);
}

/// <summary>sigma(x) = x for x &gt; 0 and slope x otherwise; slope -1 is |x|.</summary>
/// <param name="slope">Slope at negative x.</param>
internal readonly struct LeakyReluActivation(double slope) : IVectorActivation
{
    private readonly double slope = slope;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, x * (float)slope);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Invoke(Vector512<double> x) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<double>.Zero), x, x * slope);
}

/// <summary>sigma(x) = tanh x.</summary>
internal readonly struct TanhActivation : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> x) => VectorMath.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Invoke(Vector512<double> x) => VectorMath.Tanh(x);
}

/// <summary>sigma(x) = erf x.</summary>
internal readonly struct ErfActivation : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> x) => VectorMath.Erf(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Invoke(Vector512<double> x) => VectorMath.Erf(x);
}

/// <summary>sigma(x) = x Phi(x) = (x / 2) (1 + erf(x / sqrt 2)); absolute error, not relative, at large negative x.</summary>
internal readonly struct GeluActivation : IVectorActivation
{
    private const double RootHalf = 0.70710678118654752;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> x)
    {
        Vector512<float> half = x * 0.5f;
        return Vector512.MultiplyAddEstimate(half, VectorMath.Erf(x * (float)RootHalf), half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Invoke(Vector512<double> x)
    {
        Vector512<double> half = x * 0.5;
        return Vector512.MultiplyAddEstimate(half, VectorMath.Erf(x * RootHalf), half);
    }
}

/// <summary>sigma(x) = 1 / (1 + e^-x).</summary>
internal readonly struct SigmoidActivation : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> x) => VectorMath.Logistic(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Invoke(Vector512<double> x) => VectorMath.Logistic(x);
}

/// <summary>sigma(x) = x / (1 + e^-x).</summary>
internal readonly struct SiluActivation : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> x) => x * VectorMath.Logistic(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Invoke(Vector512<double> x) => x * VectorMath.Logistic(x);
}

/// <summary>sigma(x) = ln(1 + e^x).</summary>
internal readonly struct SoftplusActivation : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> x) => VectorMath.Softplus(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Invoke(Vector512<double> x) => VectorMath.Softplus(x);
}

/// <summary>sigma(x) = sin x.</summary>
internal readonly struct SineActivation : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> x) => VectorMath.Sin(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Invoke(Vector512<double> x) => VectorMath.Sin(x);
}

/// <summary>sigma(x) = cos x.</summary>
internal readonly struct CosineActivation : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> x) => VectorMath.Cos(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Invoke(Vector512<double> x) => VectorMath.Cos(x);
}

/// <summary>sigma(x) = e^x.</summary>
internal readonly struct ExponentialActivation : IVectorActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Invoke(Vector512<float> x) => VectorMath.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<double> Invoke(Vector512<double> x) => VectorMath.Exp(x);
}
