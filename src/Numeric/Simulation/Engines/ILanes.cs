using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>State precision as a policy: arithmetic on vectors of samples, and the normals of those samples.</summary>
internal unsafe interface ILanes<T>
    where T : unmanaged
{
    /// <summary>Number of samples in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Unit roundoff of T.</summary>
    static abstract double Roundoff { get; }

    /// <summary>left * right + addend.</summary>
    static abstract Vector512<T> MultiplyAdd(Vector512<T> left, Vector512<T> right, Vector512<T> addend);

    /// <summary>The same number in all lanes.</summary>
    static abstract Vector512<T> Broadcast(double value);

    /// <summary>Writes the lanes as doubles, in order.</summary>
    static abstract void Widen(Vector512<T> value, double* destination);

    /// <summary>Chooses the samples firstSample, firstSample + 1, ...; <paramref name="keys"/> is room for 16 vectors.</summary>
    void Start(ulong seed, long firstSample, Vector512<ulong>* keys);

    /// <summary>Chooses the layer (counter word 1).</summary>
    void SetLayer(uint layer);

    /// <summary>Four vectors of standard normals for each draw.</summary>
    void Fill(Vector512<T>* destination, uint firstDraw, int draws);

    /// <summary>Four vectors of masks for each draw: 1/keep with chance keep (to 2^-32), else 0.</summary>
    void Masks(Vector512<T>* destination, uint firstDraw, int draws, double keep);
}

/// <summary>Sixteen samples in float.</summary>
internal unsafe struct SingleLanes : ILanes<float>
{
    private LanePhilox even;
    private LanePhilox odd;
    private Vector512<ulong>* keys;

    public static int Count => 16;

    public static double Roundoff => 5.9604644775390625e-08;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> addend) =>
        Vector512.MultiplyAddEstimate(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(double value) => Vector512.Create((float)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Widen(Vector512<float> value, double* destination)
    {
        (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(value);
        lower.Store(destination);
        upper.Store(destination + 8);
    }

    public void Start(ulong seed, long firstSample, Vector512<ulong>* keys)
    {
        this.keys = keys;
        LanePhilox.FillRoundKeys(seed, keys);
        even = new LanePhilox(seed, (ulong)firstSample, 2);
        odd = new LanePhilox(seed, (ulong)firstSample + 1, 2);
    }

    public void SetLayer(uint layer)
    {
        even.SetLayer(layer);
        odd.SetLayer(layer);
    }

    public readonly void Fill(Vector512<float>* destination, uint firstDraw, int draws) =>
        LaneNormals.Fill((float*)destination, even, odd, keys, firstDraw, draws);

    public readonly void Masks(Vector512<float>* destination, uint firstDraw, int draws, double keep)
    {
        LaneNormals.Words((uint*)destination, even, odd, keys, firstDraw, draws);
        Vector512<uint> threshold = Vector512.Create((uint)Math.Clamp(Math.Round(keep * 4294967296.0), 1, uint.MaxValue));
        Vector512<float> kept = Vector512.Create((float)(1 / keep));
        for (int k = 0; k < 4 * draws; k++) destination[k] = Vector512.LessThan(destination[k].AsUInt32(), threshold).AsSingle() & kept;
    }
}

/// <summary>Eight samples in double.</summary>
internal unsafe struct DoubleLanes : ILanes<double>
{
    private LanePhilox lanes;
    private Vector512<ulong>* keys;

    public static int Count => 8;

    public static double Roundoff => 1.1102230246251565e-16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyAdd(Vector512<double> left, Vector512<double> right, Vector512<double> addend) =>
        Vector512.MultiplyAddEstimate(left, right, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Broadcast(double value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Widen(Vector512<double> value, double* destination) => value.Store(destination);

    public void Start(ulong seed, long firstSample, Vector512<ulong>* keys)
    {
        this.keys = keys;
        LanePhilox.FillRoundKeys(seed, keys);
        lanes = new LanePhilox(seed, (ulong)firstSample, 1);
    }

    public void SetLayer(uint layer) => lanes.SetLayer(layer);

    public readonly void Fill(Vector512<double>* destination, uint firstDraw, int draws) =>
        LaneNormals.Fill((double*)destination, lanes, keys, firstDraw, draws);

    public readonly void Masks(Vector512<double>* destination, uint firstDraw, int draws, double keep)
    {
        LaneNormals.Words((ulong*)destination, lanes, keys, firstDraw, draws);
        Vector512<ulong> threshold = Vector512.Create((ulong)Math.Clamp(Math.Round(keep * 4294967296.0), 1, uint.MaxValue)), word = Vector512.Create(0xFFFFFFFFul);
        Vector512<double> kept = Vector512.Create(1 / keep);
        for (int k = 0; k < 4 * draws; k++) destination[k] = Vector512.LessThan(destination[k].AsUInt64() & word, threshold).AsDouble() & kept;
    }
}
