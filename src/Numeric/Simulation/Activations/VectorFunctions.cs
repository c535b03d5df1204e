using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>
/// The functions of the expression core, lane by lane, in both state precisions, under their names there. Errors are absolute, a few units in
/// the last place of the largest of 1 and the value. A function that is not here is called element by element.
/// </summary>
internal static class VectorFunctions
{
    private const double RootHalf = 0.70710678118654752;

    private static readonly SortedDictionary<string, string> Methods = new(StringComparer.Ordinal)
    {
        ["exp"] = nameof(Exp),
        ["expm1"] = nameof(ExpMinusOne),
        ["ln"] = nameof(Log),
        ["sin"] = nameof(Sin),
        ["cos"] = nameof(Cos),
        ["tanh"] = nameof(Tanh),
        ["erf"] = nameof(Erf),
        ["erfc"] = nameof(Erfc),
        ["Phi"] = nameof(Phi),
        ["logistic"] = nameof(Logistic),
        ["softplus"] = nameof(Softplus),
        ["abs"] = nameof(Abs),
        ["sign"] = nameof(Sign),
        ["step"] = nameof(Step),
        ["relu"] = nameof(Relu),
    };

    /// <summary>The method for vectors of T, or null.</summary>
    public static MethodInfo? Find<T>(Function function) => Methods.TryGetValue(function.Name, out string? name)
        ? typeof(VectorFunctions).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic, [typeof(Vector512<T>)])
        : null;

    /// <summary>The method that calls a scalar function on each lane.</summary>
    public static Expression Elementwise<T>(Func<double, double> function, Expression argument) => Expression.Call(
        typeof(VectorFunctions).GetMethod(nameof(EachLane), BindingFlags.Static | BindingFlags.NonPublic, [typeof(Func<double, double>), typeof(Vector512<T>)])!,
        Expression.Constant(function), argument);

    internal static Vector512<float> EachLane(Func<double, double> function, Vector512<float> x)
    {
        Span<float> values = stackalloc float[Vector512<float>.Count];
        x.CopyTo(values);
        foreach (ref float value in values) value = (float)function(value);
        return Vector512.Create<float>(values);
    }

    internal static Vector512<double> EachLane(Func<double, double> function, Vector512<double> x)
    {
        Span<double> values = stackalloc double[Vector512<double>.Count];
        x.CopyTo(values);
        foreach (ref double value in values) value = function(value);
        return Vector512.Create<double>(values);
    }

    internal static Vector512<float> Exp(Vector512<float> x) => VectorMath.Exp(x);

    internal static Vector512<double> Exp(Vector512<double> x) => VectorMath.Exp(x);

    internal static Vector512<float> ExpMinusOne(Vector512<float> x) => VectorMath.Exp(x) - Vector512<float>.One;

    internal static Vector512<double> ExpMinusOne(Vector512<double> x) => VectorMath.Exp(x) - Vector512<double>.One;

    internal static Vector512<float> Log(Vector512<float> x) => Vector512.Log(x);

    internal static Vector512<double> Log(Vector512<double> x) => Vector512.Log(x);

    internal static Vector512<float> Sin(Vector512<float> x) => VectorMath.Sin(x);

    internal static Vector512<double> Sin(Vector512<double> x) => VectorMath.Sin(x);

    internal static Vector512<float> Cos(Vector512<float> x) => VectorMath.Cos(x);

    internal static Vector512<double> Cos(Vector512<double> x) => VectorMath.Cos(x);

    internal static Vector512<float> Tanh(Vector512<float> x) => VectorMath.Tanh(x);

    internal static Vector512<double> Tanh(Vector512<double> x) => VectorMath.Tanh(x);

    internal static Vector512<float> Erf(Vector512<float> x) => VectorMath.Erf(x);

    internal static Vector512<double> Erf(Vector512<double> x) => VectorMath.Erf(x);

    internal static Vector512<float> Erfc(Vector512<float> x) => Vector512<float>.One - VectorMath.Erf(x);

    internal static Vector512<double> Erfc(Vector512<double> x) => Vector512<double>.One - VectorMath.Erf(x);

    internal static Vector512<float> Phi(Vector512<float> x) => (Vector512<float>.One + VectorMath.Erf(x * (float)RootHalf)) * 0.5f;

    internal static Vector512<double> Phi(Vector512<double> x) => (Vector512<double>.One + VectorMath.Erf(x * RootHalf)) * 0.5;

    internal static Vector512<float> Logistic(Vector512<float> x) => VectorMath.Logistic(x);

    internal static Vector512<double> Logistic(Vector512<double> x) => VectorMath.Logistic(x);

    internal static Vector512<float> Softplus(Vector512<float> x) => VectorMath.Softplus(x);

    internal static Vector512<double> Softplus(Vector512<double> x) => VectorMath.Softplus(x);

    internal static Vector512<float> Abs(Vector512<float> x) => Vector512.Abs(x);

    internal static Vector512<double> Abs(Vector512<double> x) => Vector512.Abs(x);

    internal static Vector512<float> Sign(Vector512<float> x) => PositiveOne(x) - PositiveOne(-x);

    internal static Vector512<double> Sign(Vector512<double> x) => PositiveOne(x) - PositiveOne(-x);

    internal static Vector512<float> Step(Vector512<float> x) => (Vector512<float>.One + Sign(x)) * 0.5f;

    internal static Vector512<double> Step(Vector512<double> x) => (Vector512<double>.One + Sign(x)) * 0.5;

    internal static Vector512<float> Relu(Vector512<float> x) => Vector512.MaxNative(Vector512<float>.Zero, x);

    internal static Vector512<double> Relu(Vector512<double> x) => Vector512.MaxNative(Vector512<double>.Zero, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PositiveOne(Vector512<float> x) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), Vector512<float>.One, Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> PositiveOne(Vector512<double> x) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<double>.Zero), Vector512<double>.One, Vector512<double>.Zero);
}
