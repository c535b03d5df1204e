using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Numeric.Tests.Simulation;

/// <summary>The random numbers of one group of samples as plain arrays over (number, lane).</summary>
internal static unsafe class LaneProbe
{
    /// <summary>Standard normals, four for each draw, as the kernels see them.</summary>
    public static double[,] Normals(StatePrecision precision, ulong seed, long firstSample, uint layer, uint firstDraw, int draws) =>
        precision == StatePrecision.Single
            ? Normals<float, SingleLanes>(default, seed, firstSample, layer, firstDraw, draws)
            : Normals<double, DoubleLanes>(default, seed, firstSample, layer, firstDraw, draws);

    /// <summary>The words behind them.</summary>
    public static uint[,] Words(StatePrecision precision, ulong seed, long firstSample, uint layer, uint firstDraw, int draws)
    {
        bool single = precision == StatePrecision.Single;
        int lanes = single ? SingleLanes.Count : DoubleLanes.Count;
        var result = new uint[4 * draws, lanes];
        var memory = (uint*)NativeMemory.AlignedAlloc((nuint)(64 * ((4 * draws) + 16)), 64);
        try
        {
            var keys = (Vector512<ulong>*)(memory + (64 * draws));
            LanePhilox.FillRoundKeys(seed, keys);
            var first = new LanePhilox(seed, (ulong)firstSample, single ? 2u : 1u);
            var second = new LanePhilox(seed, (ulong)firstSample + 1, 2);
            first.SetLayer(layer);
            second.SetLayer(layer);
            if (single) LaneNormals.Words(memory, first, second, keys, firstDraw, draws);
            else LaneNormals.Words((ulong*)memory, first, keys, firstDraw, draws);
            for (int k = 0; k < 4 * draws; k++)
            {
                for (int lane = 0; lane < lanes; lane++) result[k, lane] = memory[(16 * k) + (single ? lane : 2 * lane)];
            }

            return result;
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private static double[,] Normals<T, TLanes>(TLanes lanes, ulong seed, long firstSample, uint layer, uint firstDraw, int draws)
        where T : unmanaged
        where TLanes : struct, ILanes<T>
    {
        var result = new double[4 * draws, TLanes.Count];
        var memory = (Vector512<T>*)NativeMemory.AlignedAlloc((nuint)(64 * ((4 * draws) + 16)), 64);
        try
        {
            lanes.Start(seed, firstSample, (Vector512<ulong>*)(memory + (4 * draws)));
            lanes.SetLayer(layer);
            lanes.Fill(memory, firstDraw, draws);
            double* wide = stackalloc double[TLanes.Count];
            for (int k = 0; k < 4 * draws; k++)
            {
                TLanes.Widen(memory[k], wide);
                for (int lane = 0; lane < TLanes.Count; lane++) result[k, lane] = wide[lane];
            }

            return result;
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }
}
