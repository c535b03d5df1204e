namespace SymbolicEft.Numeric.Simulation;

// Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
//
//   state (x0, x1, x2, x3) of 32-bit words, key (k0, k1); ten times
//     p0 = M0 x0,  p1 = M1 x2                    (64-bit products)
//     (x0, x1, x2, x3) <- (high p1 ^ x1 ^ k0,  low p1,  high p0 ^ x3 ^ k1,  low p0)
//     (k0, k1) <- (k0 + W0, k1 + W1)
//
// It is a bijection of the counter for every key: a number is a pure function of (seed, sample, layer, draw), so no result
// can depend on the order in which samples are computed.

/// <summary>The counter-based generator Philox 4x32-10, one counter at a time.</summary>
internal static class Philox
{
    /// <summary>Number of rounds.</summary>
    public const int Rounds = 10;

    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9;
    internal const uint Weyl1 = 0xBB67AE85;

    /// <summary>Four random 32-bit words of one counter.</summary>
    /// <param name="counter0">Counter word 0; here the number of the draw inside a layer.</param>
    /// <param name="counter1">Counter word 1; here the layer, with the purpose of the stream in the four highest bits.</param>
    /// <param name="counter2">Counter word 2; here the low half of the sample number.</param>
    /// <param name="counter3">Counter word 3; here the high half of the sample number.</param>
    /// <param name="key0">Key word 0; here the low half of the seed.</param>
    /// <param name="key1">Key word 1; here the high half of the seed.</param>
    /// <returns>The four words.</returns>
    public static (uint X0, uint X1, uint X2, uint X3) Words(
        uint counter0, uint counter1, uint counter2, uint counter3, uint key0, uint key1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * counter0;
            ulong product1 = (ulong)Multiplier1 * counter2;
            counter0 = (uint)(product1 >> 32) ^ counter1 ^ key0;
            counter1 = (uint)product1;
            counter2 = (uint)(product0 >> 32) ^ counter3 ^ key1;
            counter3 = (uint)product0;
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return (counter0, counter1, counter2, counter3);
    }
}
