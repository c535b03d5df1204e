using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

// Standard normals by Box and Muller, two from two words (w0, w1):
//   u = (w0 | 1) / 2^32 in (0, 1),  sign from the lowest bit of w0,  angle = (pi/2) (int)w1 / 2^31 in [-pi/2, pi/2)
//   r = +- sqrt(-2 ln u),  normals r cos(angle), r sin(angle)
// u is the midpoint lattice of 31 bits, sign and angle together are a lattice of 2^33 directions. All 64 bits are used, |normal|
// reaches 6.66, and the moments differ from the normal ones by less than 1e-9 relative.
// Float and double take the same words: their normals agree to rounding, so the two precisions follow the same sample paths.
// Both routines first lay the words of all draws down, then overwrite them with normals in place: two loops with few registers.

/// <summary>Fills vectors of standard normals, one sample to a lane.</summary>
internal static unsafe class LaneNormals
{
    private const double HalfPi = 1.5707963267948966;

    /// <summary>Normals of 16 samples in float: four vectors for each draw.</summary>
    public static void Fill(float* destination, in LanePhilox even, in LanePhilox odd, Vector512<ulong>* keys, uint firstDraw, int draws)
    {
        Words((uint*)destination, even, odd, keys, firstDraw, draws);
        Transform(destination, 2 * draws);
    }

    /// <summary>Normals of 8 samples in double: four vectors for each draw.</summary>
    public static void Fill(double* destination, in LanePhilox lanes, Vector512<ulong>* keys, uint firstDraw, int draws)
    {
        Words((ulong*)destination, lanes, keys, firstDraw, draws);
        Transform(destination, 2 * draws);
    }

    /// <summary>Words of 16 samples, those of even lanes from one generator and those of odd lanes from the other.</summary>
    public static void Words(uint* destination, in LanePhilox even, in LanePhilox odd, Vector512<ulong>* keys, uint firstDraw, int draws)
    {
        LanePhilox evenLanes = even, oddLanes = odd;
        var words = (Vector512<ulong>*)destination;
        for (int draw = 0; draw < draws; draw++)
        {
            evenLanes.Draw(firstDraw + (uint)draw, out ulong high, out ulong low, out ulong third);
            evenLanes.Start(high, low, third, out var a0, out var a1, out var a2, out var a3);
            oddLanes.Start(high, low, third, out var b0, out var b1, out var b2, out var b3);
            LanePhilox.Round(ref a0, ref a1, ref a2, ref a3, keys);
            LanePhilox.Round(ref b0, ref b1, ref b2, ref b3, keys);
            LanePhilox.Round(ref a0, ref a1, ref a2, ref a3, keys + 2);
            LanePhilox.Round(ref b0, ref b1, ref b2, ref b3, keys + 2);
            LanePhilox.Round(ref a0, ref a1, ref a2, ref a3, keys + 4);
            LanePhilox.Round(ref b0, ref b1, ref b2, ref b3, keys + 4);
            LanePhilox.Round(ref a0, ref a1, ref a2, ref a3, keys + 6);
            LanePhilox.Round(ref b0, ref b1, ref b2, ref b3, keys + 6);
            LanePhilox.Round(ref a0, ref a1, ref a2, ref a3, keys + 8);
            LanePhilox.Round(ref b0, ref b1, ref b2, ref b3, keys + 8);
            LanePhilox.Round(ref a0, ref a1, ref a2, ref a3, keys + 10);
            LanePhilox.Round(ref b0, ref b1, ref b2, ref b3, keys + 10);
            LanePhilox.Round(ref a0, ref a1, ref a2, ref a3, keys + 12);
            LanePhilox.Round(ref b0, ref b1, ref b2, ref b3, keys + 12);
            LanePhilox.Round(ref a0, ref a1, ref a2, ref a3, keys + 14);
            LanePhilox.Round(ref b0, ref b1, ref b2, ref b3, keys + 14);
            words[0] = Interleave(a0, b0);
            words[1] = Interleave(a1, b1);
            words[2] = Interleave(a2, b2);
            words[3] = Interleave(a3, b3);
            words += 4;
        }
    }

    /// <summary>Words of 8 samples in the low halves of 64-bit slots; the high halves are rubbish.</summary>
    public static void Words(ulong* destination, in LanePhilox lanes, Vector512<ulong>* keys, uint firstDraw, int draws)
    {
        LanePhilox samples = lanes;
        var words = (Vector512<ulong>*)destination;
        for (int draw = 0; draw < draws; draw++)
        {
            samples.Draw(firstDraw + (uint)draw, out ulong high, out ulong low, out ulong third);
            samples.Start(high, low, third, out var x0, out var x1, out var x2, out var x3);
            LanePhilox.Round(ref x0, ref x1, ref x2, ref x3, keys);
            LanePhilox.Round(ref x0, ref x1, ref x2, ref x3, keys + 2);
            LanePhilox.Round(ref x0, ref x1, ref x2, ref x3, keys + 4);
            LanePhilox.Round(ref x0, ref x1, ref x2, ref x3, keys + 6);
            LanePhilox.Round(ref x0, ref x1, ref x2, ref x3, keys + 8);
            LanePhilox.Round(ref x0, ref x1, ref x2, ref x3, keys + 10);
            LanePhilox.Round(ref x0, ref x1, ref x2, ref x3, keys + 12);
            LanePhilox.Round(ref x0, ref x1, ref x2, ref x3, keys + 14);
            words[0] = x0;
            words[1] = x1;
            words[2] = x2;
            words[3] = x3;
            words += 4;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Interleave(Vector512<ulong> even, Vector512<ulong> odd) =>
        Vector512.ConditionalSelect(Vector512.Create(0xFFFFFFFFul), even, Vector512.ShiftLeft(odd, 32));

    /// <summary>Box-Muller in place: pairs of float vectors that hold words become pairs of normals.</summary>
    public static void Transform(float* words, int pairs)
    {
        var vectors = (Vector512<float>*)words;
        for (int pair = 0; pair < pairs; pair++)
        {
            Vector512<uint> radiusWord = vectors[0].AsUInt32();
            Vector512<float> radius = Vector512.Sqrt(MinusTwoLogarithm(radiusWord | Vector512.Create(1u)));
            radius = (radius.AsUInt32() ^ Vector512.ShiftLeft(radiusWord, 31)).AsSingle();
            Vector512<float> angle = Vector512.ConvertToSingle(vectors[1].AsInt32()) * Vector512.Create((float)(HalfPi / 2147483648.0));
            Vector512<float> square = angle * angle;
            vectors[0] = radius * VectorMath.CosineSeries(square);
            vectors[1] = radius * VectorMath.SineSeries(angle, square);
            vectors += 2;
        }
    }

    /// <summary>Box-Muller in place: pairs of double vectors that hold words in their low halves become pairs of normals.</summary>
    public static void Transform(double* words, int pairs)
    {
        var vectors = (Vector512<double>*)words;
        Vector512<ulong> lowHalf = Vector512.Create(0xFFFFFFFFul);
        // 2^52 as bits: a 32-bit integer or-ed into its mantissa is 2^52 + the integer.
        Vector512<ulong> shifted = Vector512.Create(0x4330000000000000ul);
        Vector512<ulong> shiftedSigned = Vector512.Create(0x4330000080000000ul);
        for (int pair = 0; pair < pairs; pair++)
        {
            Vector512<ulong> radiusWord = vectors[0].AsUInt64();
            Vector512<double> uniform = ((radiusWord & lowHalf) | Vector512.Create(0x4330000000000001ul)).AsDouble() - shifted.AsDouble();
            Vector512<double> radius = Vector512.Sqrt(MinusTwoLogarithm(uniform));
            radius = (radius.AsUInt64() ^ Vector512.ShiftLeft(radiusWord, 63)).AsDouble();
            Vector512<double> signed = ((vectors[1].AsUInt64() & lowHalf) ^ shiftedSigned).AsDouble() - shiftedSigned.AsDouble();
            Vector512<double> angle = signed * Vector512.Create(HalfPi / 2147483648.0);
            Vector512<double> square = angle * angle;
            vectors[0] = radius * VectorMath.CosineSeries(square);
            vectors[1] = radius * VectorMath.SineSeries(angle, square);
            vectors += 2;
        }
    }

    // -2 ln(w / 2^32) for odd w: w = 2^e (1 + f), 1 + f in [sqrt(1/2), sqrt 2); ln(1 + f) = f P(f), relative error 3e-8 before rounding.
    // e is counted from 2^32 by moving the bias, so that nothing cancels for w near 2^32.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> MinusTwoLogarithm(Vector512<uint> word)
    {
        const int rootHalf = 0x3F3504F3;
        Vector512<int> bits = Vector512.ConvertToSingle(word).AsInt32() - Vector512.Create(rootHalf + (32 << 23));
        Vector512<float> exponent = Vector512.ConvertToSingle(Vector512.ShiftRightArithmetic(bits, 23));
        Vector512<float> f = ((bits & Vector512.Create(0x007FFFFF)) + Vector512.Create(rootHalf)).AsSingle() - Vector512<float>.One;
        Vector512<float> p = Vector512.Create(-2f * 0.0872235973f);
        p = VectorMath.Fma(p, f, 2f * 0.143668451f);
        p = VectorMath.Fma(p, f, -2f * 0.149522661f);
        p = VectorMath.Fma(p, f, 2f * 0.165623927f);
        p = VectorMath.Fma(p, f, -2f * 0.199568336f);
        p = VectorMath.Fma(p, f, 2f * 0.250020741f);
        p = VectorMath.Fma(p, f, -2f * 0.333341856f);
        p = VectorMath.Fma(p, f, 2f * 0.49999988f);
        p = VectorMath.Fma(p, f, -2f * 0.999999974f);
        return Vector512.MultiplyAddEstimate(exponent, Vector512.Create(-2f * 0.693147181f), p * f);
    }

    // The same in double for a whole number w < 2^32: ln(1 + f) = 2 atanh(s), s = f / (2 + f), error below one unit in the last place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> MinusTwoLogarithm(Vector512<double> word)
    {
        const long rootHalf = 0x3FE6A09E667F3BCD;
        Vector512<long> bits = word.AsInt64() - Vector512.Create(rootHalf + (32L << 52));
        // The exponent is put into the mantissa of 1.5 * 2^52: an exact conversion on every machine.
        Vector512<double> shift = Vector512.Create(6755399441055744.0);
        Vector512<double> exponent = (Vector512.ShiftRightArithmetic(bits, 52) + shift.AsInt64()).AsDouble() - shift;
        Vector512<double> f = ((bits & Vector512.Create(0x000FFFFFFFFFFFFF)) + Vector512.Create(rootHalf)).AsDouble() - Vector512<double>.One;
        Vector512<double> s = f / (f + Vector512.Create(2.0));
        Vector512<double> y = s * s;
        Vector512<double> p = Vector512.Create(-2 * 0.14796055098212993);
        p = VectorMath.Fma(p, y, -2 * 0.15314041099070716);
        p = VectorMath.Fma(p, y, -2 * 0.18183564648955453);
        p = VectorMath.Fma(p, y, -2 * 0.22222198567989923);
        p = VectorMath.Fma(p, y, -2 * 0.2857142874242655);
        p = VectorMath.Fma(p, y, -2 * 0.3999999999941457);
        p = VectorMath.Fma(p, y, -2 * 0.6666666666666734);
        p = VectorMath.Fma(p, y, -4.0);
        return Vector512.MultiplyAddEstimate(exponent, Vector512.Create(-2 * 0.6931471805599453), p * s);
    }
}
