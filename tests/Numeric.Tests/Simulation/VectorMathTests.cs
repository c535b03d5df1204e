using System.Runtime.Intrinsics;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Numeric.Tests.Simulation;

public class VectorMathTests
{
    private delegate Vector512<float> SingleFunction(Vector512<float> x);

    private delegate Vector512<double> DoubleFunction(Vector512<double> x);

    // In 40 digits (mpmath), arguments being the doubles written here.
    private static readonly double[,] ErfTable =
    {
        { 1e-300, 1.128379167095512602172316e-300 },
        { 1e-10, 1.12837916709551261500173e-10 },
        { 0.0003, 0.0003385137399732415128503676 },
        { 0.01, 0.01128341555584961715077714 },
        { 0.1, 0.1124629160182848984047123 },
        { 0.3, 0.328626759459127416189618 },
        { 0.5, 0.5204998778130465376827467 },
        { 0.75, 0.7111556336535151315989378 },
        { 0.9999, 0.8426592780487594779909473 },
        { 1.0001, 0.8427422995485203261183452 },
        { 1.3, 0.9340079449406524458501854 },
        { 1.7, 0.9837904585907745608413129 },
        { 2.2, 0.9981371537020181101414414 },
        { 3.1, 0.9999883513426328004106865 },
        { 4.4, 0.9999999995108289729394127 },
        { 5.7, 0.9999999999999992433788378 },
        { 8.3, 1.0 },
        { 30.25, 1.0 },
    };

    private static readonly double[,] SoftplusTable =
    {
        { -700.0, 9.859676543759770856705373e-305 },
        { -40.5, 2.576757109154980944804565e-18 },
        { -20.0, 2.061153620314380703238983e-9 },
        { -5.5, 0.004078443270570720891516425 },
        { -1.0, 0.3132616875182228340489955 },
        { -0.1, 0.6443966600735708921932039 },
        { 0.0, 0.6931471805599453094172321 },
        { 0.1, 0.744396660073570897744319 },
        { 1.0, 1.313261687518222834048995 },
        { 3.7, 3.724422845933779332844194 },
        { 12.0, 12.00000614419347773280543 },
        { 40.0, 40.00000000000000000424835 },
        { 700.0, 700.0 },
    };

    private static readonly double[,] LogisticTable =
    {
        { -700.0, 9.859676543759770856705373e-305 },
        { -40.5, 2.576757109154980941484727e-18 },
        { -20.0, 2.061153618190203581430862e-9 },
        { -5.5, 0.004070137715896127325164605 },
        { -1.0, 0.2689414213699951207488408 },
        { -0.1, 0.4750208125210600125164917 },
        { 0.0, 0.5 },
        { 0.1, 0.5249791874789399874835083 },
        { 1.0, 0.7310585786300048792511592 },
        { 3.7, 0.9758729785823308029020356 },
        { 12.0, 0.9999938558253977852821744 },
        { 40.0, 0.9999999999999999957516457 },
        { 700.0, 1.0 },
    };

    [Fact]
    public void Float_functions_keep_their_stated_accuracy_over_all_magnitudes()
    {
        Assert.InRange(SingleUlpError(VectorMath.Tanh, Math.Tanh, -1e30, 1e30), 0, 4);
        Assert.InRange(SingleUlpError(VectorMath.Erf, MathNet.Numerics.SpecialFunctions.Erf, -1e30, 1e30), 0, 5);
        Assert.InRange(SingleUlpError(VectorMath.Exp, Math.Exp, -87.3, 88.7), 0, 2);
        Assert.InRange(SingleUlpError(VectorMath.Softplus, Softplus, -87, 1e30), 0, 3);
        Assert.InRange(SingleUlpError(VectorMath.Logistic, x => 1 / (1 + Math.Exp(-x)), -87, 1e30), 0, 4);
        Assert.InRange(SingleError(VectorMath.Sin, Math.Sin, -9999, 9999), 0, 2e-7);
        Assert.InRange(SingleError(VectorMath.Cos, Math.Cos, -9999, 9999), 0, 2e-7);
    }

    [Fact]
    public void Double_functions_keep_their_stated_accuracy_over_all_magnitudes()
    {
        Assert.InRange(LargestUlp(VectorMath.Tanh, Math.Tanh, -1e300, 1e300), 0, 4);
        Assert.InRange(LargestUlp(VectorMath.Exp, Math.Exp, -708.3, 709.7), 0, 2);
        Assert.InRange(LargestError(VectorMath.Sin, Math.Sin, -1e6, 1e6), 0, 3e-16);
        Assert.InRange(LargestError(VectorMath.Cos, Math.Cos, -1e6, 1e6), 0, 3e-16);
        Assert.InRange(LargestUlp(VectorMath.Erf, ErfTable, odd: true), 0, 4);
        Assert.InRange(LargestUlp(VectorMath.Softplus, SoftplusTable, odd: false), 0, 3);
        Assert.InRange(LargestUlp(VectorMath.Logistic, LogisticTable, odd: false), 0, 4);
        // Between the points of the tables: an independent implementation, as far as it is accurate.
        Assert.InRange(LargestError(VectorMath.Erf, MathNet.Numerics.SpecialFunctions.Erf, -8, 8), 0, 1e-15);
        Assert.InRange(LargestError(VectorMath.Softplus, Softplus, -30, 30), 0, 8e-15);
    }

    [Fact]
    public void Limits_and_not_a_number_come_out_right()
    {
        float[] single = [0, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 89, -105, 1e6f];
        foreach (SingleFunction bounded in new SingleFunction[] { VectorMath.Tanh, VectorMath.Erf })
        {
            float[] y = Each(bounded, single);
            Assert.Equal(0, y[0]);
            Assert.Equal(1, y[1], 1.2e-7f);
            Assert.Equal(-1, y[2], 1.2e-7f);
            Assert.Equal(float.NaN, y[3]);
        }

        Assert.Equal([1, float.PositiveInfinity, 0, float.NaN, float.PositiveInfinity, 0], Each(VectorMath.Exp, single)[..6]);
        Assert.Equal([0.5f, 1, 0, float.NaN], Each(VectorMath.Logistic, single)[..4]);
        Assert.Equal([float.PositiveInfinity, 0, float.NaN], Each(VectorMath.Softplus, single)[1..4]);
        Assert.Equal((float)Math.Sin(1e6), Each(VectorMath.Sin, single)[6], 1e-7f);
        Assert.Equal((float)Math.Cos(1e6), Each(VectorMath.Cos, single)[6], 1e-7f);
        double[] wide = [0, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 710, -746, 1e9];
        Assert.Equal([0, 1, -1, double.NaN], Each(VectorMath.Tanh, wide)[..4]);
        Assert.Equal([0, 1, -1, double.NaN], Each(VectorMath.Erf, wide)[..4]);
        Assert.Equal([1, double.PositiveInfinity, 0, double.NaN, double.PositiveInfinity, 0], Each(VectorMath.Exp, wide)[..6]);
        Assert.Equal([0.5, 1, 0, double.NaN], Each(VectorMath.Logistic, wide)[..4]);
        Assert.Equal([double.PositiveInfinity, 0, double.NaN], Each(VectorMath.Softplus, wide)[1..4]);
        Assert.Equal(Math.Sin(1e9), Each(VectorMath.Sin, wide)[6]);
        Assert.Equal(Math.Cos(1e9), Each(VectorMath.Cos, wide)[6]);
    }

    [Fact]
    public void Float_tanh_and_erf_leave_the_unit_interval_by_rounding_only()
    {
        Vector512<float> bound = Vector512.Create(1.0000002f);
        for (float start = -12; start < 12; start += 0.0016f)
        {
            Vector512<float> x = Vector512.Create(start) + (Vector512<float>.Indices * 1e-4f);
            Assert.True(Vector512.LessThanOrEqualAll(Vector512.Abs(VectorMath.Tanh(x)), bound));
            Assert.True(Vector512.LessThanOrEqualAll(Vector512.Abs(VectorMath.Erf(x)), bound));
        }
    }

    private static double Softplus(double x)
    {
        double t = Math.Exp(-Math.Abs(x));
        // ln(1 + t) with Kahan's correction of the rounding of 1 + t
        double one = 1 + t, logarithm = one == 1 ? t : Math.Log(one) * t / (one - 1);
        return Math.Max(x, 0) + logarithm;
    }

    private static float[] Each(SingleFunction function, float[] x)
    {
        var padded = new float[16];
        x.CopyTo(padded, 0);
        function(Vector512.Create<float>(padded)).CopyTo(padded);
        return padded;
    }

    private static double[] Each(DoubleFunction function, double[] x)
    {
        var padded = new double[8];
        x.CopyTo(padded, 0);
        function(Vector512.Create<double>(padded)).CopyTo(padded);
        return padded;
    }

    // Arguments of both signs and every magnitude within the range: bit patterns at an odd stride.
    private static IEnumerable<float[]> Singles(double lowest, double highest)
    {
        var group = new float[16];
        int count = 0;
        for (long bits = 0; bits < 1L << 32; bits += 8191)
        {
            float x = BitConverter.Int32BitsToSingle((int)bits);
            if (!(x >= lowest && x <= highest)) continue;
            group[count++] = x;
            if (count < 16) continue;
            count = 0;
            yield return group;
        }
    }

    private static IEnumerable<double[]> Doubles(double lowest, double highest)
    {
        var random = new System.Random(1);
        var group = new double[8];
        double top = Math.Log2(Math.Max(-lowest, highest));
        for (int k = 0; k < 60_000; k++)
        {
            for (int lane = 0; lane < 8; lane++)
            {
                double x;
                do
                {
                    // half of them around 1, half over all magnitudes
                    double exponent = lane % 2 == 0 ? 6 - (16 * random.NextDouble()) : top - ((top + 1000) * random.NextDouble());
                    x = Math.Pow(2, exponent) * (random.Next(2) == 0 ? -1 : 1);
                }
                while (x < lowest || x > highest);
                group[lane] = x;
            }

            yield return group;
        }
    }

    private static double SingleUlpError(SingleFunction function, Func<double, double> exact, double lowest, double highest) =>
        Singles(lowest, highest).Max(x => Largest(x, Each(function, x), exact, (y, e) => Math.Abs(y - e) / SingleUlp(e)));

    private static double SingleError(SingleFunction function, Func<double, double> exact, double lowest, double highest) =>
        Singles(lowest, highest).Max(x => Largest(x, Each(function, x), exact, (y, e) => Math.Abs(y - e)));

    private static double LargestUlp(DoubleFunction function, Func<double, double> exact, double lowest, double highest) =>
        Doubles(lowest, highest).Max(x => Largest(x, Each(function, x), exact, (y, e) => Math.Abs(y - e) / DoubleUlp(e)));

    private static double LargestError(DoubleFunction function, Func<double, double> exact, double lowest, double highest) =>
        Doubles(lowest, highest).Max(x => Largest(x, Each(function, x), exact, (y, e) => Math.Abs(y - e)));

    private static double LargestUlp(DoubleFunction function, double[,] table, bool odd)
    {
        double largest = 0;
        for (int k = 0; k < table.GetLength(0); k++)
        {
            double[] y = Each(function, [table[k, 0], -table[k, 0]]);
            largest = Math.Max(largest, Math.Abs(y[0] - table[k, 1]) / DoubleUlp(table[k, 1]));
            if (odd) Assert.Equal(-y[0], y[1]);
        }

        return largest;
    }

    private static double Largest<T>(T[] x, T[] y, Func<double, double> exact, Func<double, double, double> error)
        where T : System.Numerics.INumberBase<T>
    {
        double largest = 0;
        for (int k = 0; k < x.Length; k++) largest = Math.Max(largest, error(double.CreateChecked(y[k]), exact(double.CreateChecked(x[k]))));
        return largest;
    }

    private static double SingleUlp(double value) => Math.Max((double)MathF.BitIncrement(MathF.Abs((float)value)) - MathF.Abs((float)value), 1.4e-45);

    private static double DoubleUlp(double value) => Math.BitIncrement(Math.Abs(value)) - Math.Abs(value);
}
