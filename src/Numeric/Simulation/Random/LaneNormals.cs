using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    private static readonly float* LogarithmTable = Table(
        BitConverter.Int32BitsToSingle(0x3F3504F3 + (32 << 23)), BitConverter.Int32BitsToSingle(0x007FFFFF), BitConverter.Int32BitsToSingle(0x3F3504F3),
        BitConverter.Int32BitsToSingle(1), 1f, -2f * 0.693147181f,
        -2f * 0.0872235973f, 2f * 0.143668451f, -2f * 0.149522661f, 2f * 0.165623927f, -2f * 0.199568336f, 2f * 0.250020741f,
        -2f * 0.333341856f, 2f * 0.49999988f, -2f * 0.999999974f);

    private static readonly float* DirectionTable = Table(
        (float)(HalfPi / 2147483648.0), -0f, 1f,
        -2.60514952e-7f, 2.47601614e-5f, -0.00138883614f, 0.0416666363f, -0.499999994f,
        2.60522492e-6f, -0.000198090753f, 0.00833305106f, -0.16666658f);

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
        for (; draws > (Vector512.IsHardwareAccelerated ? 1 : int.MaxValue); draws -= 2, firstDraw += 2, words += 8)
        {
            // Two draws of two generators: four chains, because one chain waits for its products. Needs 32 registers of 64 bytes.
            evenLanes.Draw(firstDraw, out ulong high, out ulong low, out ulong third);
            evenLanes.Start(high, low, third, out var a0, out var a1, out var a2, out var a3);
            oddLanes.Start(high, low, third, out var b0, out var b1, out var b2, out var b3);
            evenLanes.Draw(firstDraw + 1, out high, out low, out third);
            evenLanes.Start(high, low, third, out var c0, out var c1, out var c2, out var c3);
            oddLanes.Start(high, low, third, out var d0, out var d1, out var d2, out var d3);
            for (Vector512<ulong>* key = keys; key < keys + 16; key += 2)
            {
                LanePhilox.Round(ref a0, ref a1, ref a2, ref a3, key);
                LanePhilox.Round(ref b0, ref b1, ref b2, ref b3, key);
                LanePhilox.Round(ref c0, ref c1, ref c2, ref c3, key);
                LanePhilox.Round(ref d0, ref d1, ref d2, ref d3, key);
            }

            words[0] = Interleave(a0, b0);
            words[1] = Interleave(a1, b1);
            words[2] = Interleave(a2, b2);
            words[3] = Interleave(a3, b3);
            words[4] = Interleave(c0, d0);
            words[5] = Interleave(c1, d1);
            words[6] = Interleave(c2, d2);
            words[7] = Interleave(c3, d3);
        }

        for (; draws > 0; draws--, firstDraw++, words += 4)
        {
            evenLanes.Draw(firstDraw, out ulong high, out ulong low, out ulong third);
            evenLanes.Start(high, low, third, out var a0, out var a1, out var a2, out var a3);
            oddLanes.Start(high, low, third, out var b0, out var b1, out var b2, out var b3);
            for (Vector512<ulong>* key = keys; key < keys + 16; key += 2)
            {
                LanePhilox.Round(ref a0, ref a1, ref a2, ref a3, key);
                LanePhilox.Round(ref b0, ref b1, ref b2, ref b3, key);
            }

            words[0] = Interleave(a0, b0);
            words[1] = Interleave(a1, b1);
            words[2] = Interleave(a2, b2);
            words[3] = Interleave(a3, b3);
        }
    }

    /// <summary>Words of 8 samples in the low halves of 64-bit slots; the high halves are rubbish.</summary>
    public static void Words(ulong* destination, in LanePhilox lanes, Vector512<ulong>* keys, uint firstDraw, int draws)
    {
        LanePhilox samples = lanes;
        var words = (Vector512<ulong>*)destination;
        for (; draws > 1; draws -= 2, firstDraw += 2, words += 8)
        {
            samples.Draw(firstDraw, out ulong high, out ulong low, out ulong third);
            samples.Start(high, low, third, out var a0, out var a1, out var a2, out var a3);
            samples.Draw(firstDraw + 1, out high, out low, out third);
            samples.Start(high, low, third, out var b0, out var b1, out var b2, out var b3);
            for (Vector512<ulong>* key = keys; key < keys + 16; key += 2)
            {
                LanePhilox.Round(ref a0, ref a1, ref a2, ref a3, key);
                LanePhilox.Round(ref b0, ref b1, ref b2, ref b3, key);
            }

            Store(words, a0, a1, a2, a3);
            Store(words + 4, b0, b1, b2, b3);
        }

        if (draws > 0)
        {
            samples.Draw(firstDraw, out ulong high, out ulong low, out ulong third);
            samples.Start(high, low, third, out var x0, out var x1, out var x2, out var x3);
            for (Vector512<ulong>* key = keys; key < keys + 16; key += 2) LanePhilox.Round(ref x0, ref x1, ref x2, ref x3, key);
            Store(words, x0, x1, x2, x3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<ulong>* words, Vector512<ulong> x0, Vector512<ulong> x1, Vector512<ulong> x2, Vector512<ulong> x3)
    {
        words[0] = x0;
        words[1] = x1;
        words[2] = x2;
        words[3] = x3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Interleave(Vector512<ulong> even, Vector512<ulong> odd) =>
        Vector512.ConditionalSelect(Vector512.Create(0xFFFFFFFFul), even, Vector512.ShiftLeft(odd, 32));

    /// <summary>Box-Muller in place: an even number of pairs of float vectors that hold words become pairs of normals.</summary>
    public static void Transform(float* words, int pairs)
    {
        Logarithms(words, pairs);
        Directions(words, pairs);
    }

    // First words -> -2 ln u, with the sign of the radius as its sign.
    //   -2 ln(w / 2^32) for odd w = 2^e (1 + f), 1 + f in [sqrt(1/2), sqrt 2): ln(1 + f) = f P(f), relative error 3e-8 before rounding.
    //   e is counted from 2^32 by moving the bias, so that nothing cancels for w near 2^32.
    // Constants come from memory, else the compiler loads each of them again for every use; two chains are interleaved by hand,
    // because a processor sees only about two hundred instructions ahead.
    private static void Logarithms(float* words, int pairs)
    {
        float* table = LogarithmTable;
        Vector512<int> bias = Vector512.Create(*(int*)table), mantissa = Vector512.Create(*(int*)(table + 1)), rootHalf = Vector512.Create(*(int*)(table + 2));
        Vector512<uint> odd = Vector512.Create(*(uint*)(table + 3));
        Vector512<float> one = Vector512.Create(table[4]), ln2 = Vector512.Create(table[5]);
        Vector512<float> c8 = Vector512.Create(table[6]), c7 = Vector512.Create(table[7]), c6 = Vector512.Create(table[8]);
        Vector512<float> c5 = Vector512.Create(table[9]), c4 = Vector512.Create(table[10]), c3 = Vector512.Create(table[11]);
        Vector512<float> c2 = Vector512.Create(table[12]), c1 = Vector512.Create(table[13]), c0 = Vector512.Create(table[14]);
        var vectors = (Vector512<float>*)words;
        for (int pair = 0; pair < pairs; pair += 2, vectors += 4)
        {
            Vector512<uint> w = vectors[0].AsUInt32(), v = vectors[2].AsUInt32();
            Vector512<int> i = ToSingle(w | odd).AsInt32() - bias;
            Vector512<int> j = ToSingle(v | odd).AsInt32() - bias;
            Vector512<float> e = Vector512.ConvertToSingle(Vector512.ShiftRightArithmetic(i, 23));
            Vector512<float> d = Vector512.ConvertToSingle(Vector512.ShiftRightArithmetic(j, 23));
            Vector512<float> f = ((i & mantissa) + rootHalf).AsSingle() - one;
            Vector512<float> g = ((j & mantissa) + rootHalf).AsSingle() - one;
            Vector512<float> p = Vector512.MultiplyAddEstimate(c8, f, c7), q = Vector512.MultiplyAddEstimate(c8, g, c7);
            p = Vector512.MultiplyAddEstimate(p, f, c6);
            q = Vector512.MultiplyAddEstimate(q, g, c6);
            p = Vector512.MultiplyAddEstimate(p, f, c5);
            q = Vector512.MultiplyAddEstimate(q, g, c5);
            p = Vector512.MultiplyAddEstimate(p, f, c4);
            q = Vector512.MultiplyAddEstimate(q, g, c4);
            p = Vector512.MultiplyAddEstimate(p, f, c3);
            q = Vector512.MultiplyAddEstimate(q, g, c3);
            p = Vector512.MultiplyAddEstimate(p, f, c2);
            q = Vector512.MultiplyAddEstimate(q, g, c2);
            p = Vector512.MultiplyAddEstimate(p, f, c1);
            q = Vector512.MultiplyAddEstimate(q, g, c1);
            p = Vector512.MultiplyAddEstimate(p, f, c0);
            q = Vector512.MultiplyAddEstimate(q, g, c0);
            p = Vector512.MultiplyAddEstimate(e, ln2, p * f);
            q = Vector512.MultiplyAddEstimate(d, ln2, q * g);
            vectors[0] = (p.AsUInt32() ^ Vector512.ShiftLeft(w, 31)).AsSingle();
            vectors[2] = (q.AsUInt32() ^ Vector512.ShiftLeft(v, 31)).AsSingle();
        }
    }

    // Without AVX-512 there is no instruction for it; the two halves are exact and their sum is rounded once, as the instruction does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ToSingle(Vector512<uint> word)
    {
        if (Vector512.IsHardwareAccelerated) return Vector512.ConvertToSingle(word);
        Vector512<float> high = Vector512.ConvertToSingle(Vector512.ShiftRightLogical(word, 16).AsInt32());
        Vector512<float> low = Vector512.ConvertToSingle((word & Vector512.Create(0xFFFFu)).AsInt32());
        return (high * Vector512.Create(65536f)) + low;
    }

    // +-2 ln u and the second words -> normals.
    private static void Directions(float* words, int pairs)
    {
        float* table = DirectionTable;
        Vector512<float> scale = Vector512.Create(table[0]), sign = Vector512.Create(table[1]), one = Vector512.Create(table[2]);
        Vector512<float> c5 = Vector512.Create(table[3]), c4 = Vector512.Create(table[4]), c3 = Vector512.Create(table[5]);
        Vector512<float> c2 = Vector512.Create(table[6]), c1 = Vector512.Create(table[7]);
        Vector512<float> s4 = Vector512.Create(table[8]), s3 = Vector512.Create(table[9]), s2 = Vector512.Create(table[10]), s1 = Vector512.Create(table[11]);
        var vectors = (Vector512<float>*)words;
        for (int pair = 0; pair < pairs; pair++, vectors += 2)
        {
            Vector512<float> signed = vectors[0];
            Vector512<float> radius = Vector512.ConditionalSelect(sign, signed, Vector512.Sqrt(Vector512.AndNot(signed, sign)));
            Vector512<float> angle = Vector512.ConvertToSingle(vectors[1].AsInt32()) * scale;
            Vector512<float> y = angle * angle;
            Vector512<float> cosine = Vector512.MultiplyAddEstimate(c5, y, c4), sine = Vector512.MultiplyAddEstimate(s4, y, s3);
            cosine = Vector512.MultiplyAddEstimate(cosine, y, c3);
            sine = Vector512.MultiplyAddEstimate(sine, y, s2);
            cosine = Vector512.MultiplyAddEstimate(cosine, y, c2);
            sine = Vector512.MultiplyAddEstimate(sine, y, s1);
            cosine = Vector512.MultiplyAddEstimate(cosine, y, c1);
            sine = Vector512.MultiplyAddEstimate(sine, y, one);
            cosine = Vector512.MultiplyAddEstimate(cosine, y, one);
            vectors[0] = radius * cosine;
            vectors[1] = radius * (angle * sine);
        }
    }

    /// <summary>Box-Muller in place: an even number of pairs of double vectors that hold words in their low halves become pairs of normals.</summary>
    public static void Transform(double* words, int pairs)
    {
        Vector512<ulong> lowHalf = Vector512.Create(0xFFFFFFFFul);
        var vectors = (Vector512<double>*)words;
        for (int pair = 0; pair < pairs; pair++, vectors += 2)
        {
            // 2^52 as bits: a 32-bit integer or-ed into its mantissa is 2^52 + the integer.
            Vector512<ulong> word = vectors[0].AsUInt64();
            Vector512<double> whole = ((word & lowHalf) | Vector512.Create(0x4330000000000001ul)).AsDouble() - Vector512.Create(4503599627370496.0);
            Vector512<double> radius = Vector512.Sqrt(MinusTwoLogarithm(whole));
            vectors[0] = (radius.AsUInt64() ^ Vector512.ShiftLeft(word, 63)).AsDouble();
        }

        vectors = (Vector512<double>*)words;
        for (int pair = 0; pair < pairs; pair += 2, vectors += 4)
        {
            Direction(vectors);
            Direction(vectors + 2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Direction(Vector512<double>* pair)
    {
        // 2^52 + 2^31: the word as a signed number.
        Vector512<ulong> shift = Vector512.Create(0x4330000080000000ul);
        Vector512<double> signed = ((pair[1].AsUInt64() & Vector512.Create(0xFFFFFFFFul)) ^ shift).AsDouble() - shift.AsDouble();
        Vector512<double> angle = signed * Vector512.Create(HalfPi / 2147483648.0);
        Vector512<double> square = angle * angle, radius = pair[0];
        pair[0] = radius * VectorMath.CosineSeries(square);
        pair[1] = radius * VectorMath.SineSeries(angle, square);
    }

    // -2 ln(w / 2^32) in double for an odd w < 2^32, as in float, with ln(1 + f) = 2 atanh(s), s = f / (2 + f), error below one unit in the last place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> MinusTwoLogarithm(Vector512<double> word)
    {
        const long rootHalf = 0x3FE6A09E667F3BCD;
        // Exponents are moved up by 64 to be positive: AVX2 has no arithmetic shift of 64-bit numbers.
        Vector512<long> bits = word.AsInt64() - Vector512.Create(rootHalf - (32L << 52));
        // The exponent is put into the mantissa of 1.5 * 2^52: an exact conversion on every machine.
        Vector512<double> shift = Vector512.Create(6755399441055744.0);
        Vector512<double> exponent = (Vector512.ShiftRightLogical(bits, 52) + shift.AsInt64()).AsDouble() - Vector512.Create(6755399441055744.0 + 64);
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

    private static float* Table(params ReadOnlySpan<float> values)
    {
        var table = (float*)NativeMemory.AlignedAlloc((nuint)(values.Length * sizeof(float)), 64);
        values.CopyTo(new Span<float>(table, values.Length));
        return table;
    }
}
