using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>
/// Bounds of functions that are analytic but at 0: of |f(sqrt(K) (x + iy))| exp(-decay x^2) for either branch, continued over x >= -h beside the kink and |y| &lt;= h,
/// for all variances K of an interval.
/// </summary>
internal sealed class BranchEnvelopes
{
    private const double Step = 0.25;

    private static readonly double[] Heights = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.5, 5, 10];

    private readonly Interval _deviation;
    private readonly EnclosureProgram[] _programs;
    private readonly Growth[] _growths;
    private readonly Dictionary<(int Function, int Height), double[]> _panels = [];
    private readonly Dictionary<(int Function, int Height, double Decay), double> _sizes = [];

    private BranchEnvelopes(Interval deviation, EnclosureProgram[] programs, Growth[] growths) => (_deviation, _programs, _growths) = (deviation, programs, growths);

    /// <summary>Prepares the bounds; null if a function has a kink elsewhere, or grows nobody knows how fast.</summary>
    public static BranchEnvelopes? Of(IReadOnlyList<Expression> functions, Symbol variable, Interval variances)
    {
        Interval deviation = variances.SquareRoot();
        EnclosureProgram[] programs = [.. functions.Select(function => EnclosureProgram.Of(function, variable))];
        var growths = new List<Growth>();
        foreach (EnclosureProgram program in programs)
        {
            foreach (int side in (ReadOnlySpan<int>)[1, -1])
            {
                Interval outside = side > 0 ? new(StripProof.Furthest, double.PositiveInfinity) : new(double.NegativeInfinity, -StripProof.Furthest);
                if (Growth.Of(program, [deviation * outside], [(variable, Growth.OfVariable(deviation.High))], StripProof.Furthest) is not { } growth) return null;
                growths.Add(growth);
                Side(program, deviation, side);
                if (program.MeetsKink) return null;
            }
        }

        return new(deviation, programs, [.. growths]);
    }

    /// <summary>The bound for a height; infinite if there is none.</summary>
    public double Size(int function, double height, double decay)
    {
        int at = 0;
        while (at < Heights.Length && Heights[at] < height) at++;
        if (at == Heights.Length) return double.PositiveInfinity;
        if (_sizes.TryGetValue((function, at, decay), out double known)) return known;
        double size = Math.Max(_growths[2 * function].Envelope(StripProof.Furthest, decay), _growths[(2 * function) + 1].Envelope(StripProof.Furthest, decay));
        double[] panels = Panels(function, at);
        for (int panel = 0; panel < panels.Length; panel++)
        {
            double x = Math.Max(0, panel - 1) * Step;
            size = Math.Max(size, panels[panel] * Math.Exp(-decay * x * x));
        }

        size = double.IsNaN(size) ? double.PositiveInfinity : size * (1 + 1e-9);
        _sizes.Add((function, at, decay), size);
        return size;
    }

    // The first is what lies beyond the kink.
    private double[] Panels(int function, int height)
    {
        if (_panels.TryGetValue((function, height), out double[]? known)) return known;
        double h = Heights[height];
        var panels = new double[1 + (int)Math.Ceiling(StripProof.Reach / Step)];
        EnclosureProgram program = _programs[function];
        foreach (int side in (ReadOnlySpan<int>)[1, -1])
        {
            Side(program, _deviation, side);
            for (int panel = 0; panel < panels.Length; panel++)
            {
                double low = panel == 0 ? -h : (panel - 1) * Step, high = panel == 0 ? 0 : panel * Step;
                double size = StripProof.Size(program, _deviation, side > 0 ? new(low, high) : new(-high, -low), new(0, h), 0);
                panels[panel] = Math.Max(panels[panel], double.IsFinite(size) ? size : double.PositiveInfinity);
                if (double.IsInfinity(panels[panel])) break;
            }
        }

        _panels.Add((function, height), panels);
        return panels;
    }

    // Which branch is continued. The kink itself is left out, which rounding would take to its other side.
    private static void Side(EnclosureProgram program, Interval deviation, int side) =>
        program.Range(deviation * (side > 0 ? new Interval(1e-100, 2 * StripProof.Furthest) : new Interval(-2 * StripProof.Furthest, -1e-100)));
}
