using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SymbolicEft.Numeric.Simulation;

// Philox for eight consecutive samples at once, one sample to each 64-bit slot.
//
// A 32x32 -> 64 bit product ignores the high halves of its slots, so the words may carry rubbish there: a round is then two
// products, two shifts and two three-way exclusive ors. Rounds 1 and 2 factorise: the draw number is the same in all slots, and
// the sample number the same for all draws, so
//   after round 1:  x0 = high(M1 s) ^ layer ^ k0,  x1 = low(M1 s)      depend on the sample s only,
//                   x2 = high(M0 d) ^ high(s) ^ k1,  x3 = low(M0 d)    depend on the draw d only,
// and the products of round 2 are again products of one of the two. Eight rounds are left to do in vectors.

/// <summary>The words of eight consecutive samples at one layer.</summary>
internal unsafe struct LanePhilox
{
    private const ulong LowHalf = 0xFFFFFFFFul;

    private readonly uint sampleHigh;
    private readonly uint key0;
    private readonly uint key1;
    private readonly Vector512<ulong> sampleLow;
    private Vector512<ulong> layerHigh;
    private Vector512<ulong> layerLow;

    /// <summary>Starts the words of samples <paramref name="firstSample"/>, firstSample + stride, ...</summary>
    /// <param name="seed">The seed, which is the key.</param>
    /// <param name="firstSample">Sample of slot 0; all eight samples must share the upper 32 bits.</param>
    /// <param name="stride">Distance of the samples of neighbouring slots.</param>
    public LanePhilox(ulong seed, ulong firstSample, uint stride)
    {
        key0 = (uint)seed;
        key1 = (uint)(seed >> 32);
        sampleHigh = (uint)(firstSample >> 32);
        Vector512<ulong> samples = Vector512.Create((ulong)(uint)firstSample)
            + Vector512.Create(0ul, stride, 2ul * stride, 3ul * stride, 4ul * stride, 5ul * stride, 6ul * stride, 7ul * stride);
        sampleLow = Multiply(samples, Vector512.Create((ulong)Philox.Multiplier1));
        layerHigh = default;
        layerLow = default;
    }

    /// <summary>Round keys of the eight vector rounds, as 16 vectors: (k0, k1) of round 3, of round 4, ...</summary>
    public static void FillRoundKeys(ulong seed, Vector512<ulong>* keys)
    {
        uint k0 = unchecked((uint)seed + (2 * Philox.Weyl0)), k1 = unchecked((uint)(seed >> 32) + (2 * Philox.Weyl1));
        for (int round = 2; round < Philox.Rounds; round++)
        {
            *keys++ = Vector512.Create((ulong)k0);
            *keys++ = Vector512.Create((ulong)k1);
            k0 += Philox.Weyl0;
            k1 += Philox.Weyl1;
        }
    }

    /// <summary>Moves to a layer.</summary>
    public void SetLayer(uint layer)
    {
        Vector512<ulong> x0 = Vector512.ShiftRightLogical(sampleLow, 32) ^ Vector512.Create((ulong)(layer ^ key0));
        Vector512<ulong> product0 = Multiply(x0, Vector512.Create((ulong)Philox.Multiplier0));
        layerHigh = Vector512.ShiftRightLogical(product0, 32) ^ Vector512.Create((ulong)(key1 + Philox.Weyl1));
        layerLow = product0;
    }

    /// <summary>What rounds 1 and 2 make of the draw number: the same for all samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Draw(uint draw, out ulong high, out ulong low, out ulong third)
    {
        ulong product0 = (ulong)Philox.Multiplier0 * draw;
        uint x2 = (uint)(product0 >> 32) ^ sampleHigh ^ key1;
        ulong product1 = (ulong)Philox.Multiplier1 * x2;
        high = (product1 >> 32) ^ (key0 + Philox.Weyl0);
        low = product1;
        third = (uint)product0;
    }

    /// <summary>Starts rounds 3 to 10 from the shared part of a draw.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Start(ulong high, ulong low, ulong third,
        out Vector512<ulong> x0, out Vector512<ulong> x1, out Vector512<ulong> x2, out Vector512<ulong> x3)
    {
        x0 = Vector512.Create(high) ^ sampleLow;
        x1 = Vector512.Create(low);
        x2 = Vector512.Create(third) ^ layerHigh;
        x3 = layerLow;
    }

    /// <summary>One round; the low halves of the slots hold the words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Round(ref Vector512<ulong> x0, ref Vector512<ulong> x1, ref Vector512<ulong> x2, ref Vector512<ulong> x3,
        Vector512<ulong>* key)
    {
        Vector512<ulong> product0 = Multiply(x0, Vector512.Create((ulong)Philox.Multiplier0));
        Vector512<ulong> product1 = Multiply(x2, Vector512.Create((ulong)Philox.Multiplier1));
        x0 = Vector512.ShiftRightLogical(product1, 32) ^ x1 ^ key[0];
        x1 = product1;
        x2 = Vector512.ShiftRightLogical(product0, 32) ^ x3 ^ key[1];
        x3 = product0;
    }

    /// <summary>Product of the low halves of the slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Multiply(Vector512<ulong> left, Vector512<ulong> right)
    {
        if (Avx512F.IsSupported) return Avx512F.Multiply(left.AsUInt32(), right.AsUInt32());
        return Vector512.Create(Multiply(left.GetLower(), right.GetLower()), Multiply(left.GetUpper(), right.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Multiply(Vector256<ulong> left, Vector256<ulong> right)
    {
        if (Avx2.IsSupported) return Avx2.Multiply(left.AsUInt32(), right.AsUInt32());
        return Vector256.Create(Multiply(left.GetLower(), right.GetLower()), Multiply(left.GetUpper(), right.GetUpper()));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Multiply(Vector128<ulong> left, Vector128<ulong> right)
    {
        if (Sse2.IsSupported) return Sse2.Multiply(left.AsUInt32(), right.AsUInt32());
        if (AdvSimd.IsSupported)
            return AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(left), AdvSimd.ExtractNarrowingLower(right));
        return (left & Vector128.Create(LowHalf)) * (right & Vector128.Create(LowHalf));
    }
}
