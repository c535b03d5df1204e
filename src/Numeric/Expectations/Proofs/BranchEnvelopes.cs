using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>
/// Bounds of functions that are analytic but at their kinks: of |f(sqrt(K) (x + iy))| exp(-decay x^2) for each branch between two kinks, continued by h beyond
/// either and over |y| &lt;= h, for all variances K of an interval.
/// </summary>
internal sealed class BranchEnvelopes
{
    private const double Step = 0.25, Outermost = 2 * StripProof.Furthest;

    private static readonly double[] Heights = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.5, 5, 10];

    // What is left out beside a kink, relative to where it is: the enclosures tell the sides apart from there on.
    private static readonly double[] Margins = [1e-15, 1e-14];

    private readonly Interval _deviation;
    private readonly EnclosureProgram[] _programs;
    private readonly Growth[] _growths;

    // Each branch between two kinks, and the same less a margin.
    private readonly (Interval Whole, Interval Inside)[] _branches;
    private readonly Dictionary<(int Function, int Height), List<(double Nearest, double Size)>> _pieces = [];
    private readonly Dictionary<(int Function, int Height, double Decay), double> _sizes = [];

    private BranchEnvelopes(Interval deviation, EnclosureProgram[] programs, Growth[] growths, (Interval, Interval)[] branches) =>
        (_deviation, _programs, _growths, _branches) = (deviation, programs, growths, branches);

    /// <summary>Prepares the bounds; null if a function has a kink elsewhere, or grows nobody knows how fast.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="variable">Their variable.</param>
    /// <param name="variances">The variances.</param>
    /// <param name="kinks">Where they have kinks.</param>
    public static BranchEnvelopes? Of(IReadOnlyList<Expression> functions, Symbol variable, Interval variances, IEnumerable<double> kinks)
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
            }
        }

        // Kinks that lie out of reach are of no account.
        double end = Outermost * deviation.High;
        double[] within = [.. kinks.Where(kink => Math.Abs(kink) < end).Distinct().Order()];
        foreach (double margin in Margins)
        {
            if (Branches(programs, [-end, .. within, end], margin) is { } branches) return new(deviation, programs, [.. growths], branches);
        }

        return null;
    }

    /// <summary>The bound for a height; infinite if there is none.</summary>
    public double Size(int function, double height, double decay)
    {
        int at = 0;
        while (at < Heights.Length && Heights[at] < height) at++;
        if (at == Heights.Length) return double.PositiveInfinity;
        if (_sizes.TryGetValue((function, at, decay), out double known)) return known;
        double size = Math.Max(_growths[2 * function].Envelope(StripProof.Furthest, decay), _growths[(2 * function) + 1].Envelope(StripProof.Furthest, decay));
        foreach ((double nearest, double piece) in Pieces(function, at))
            size = Math.Max(size, piece * Math.Exp(-decay * nearest * nearest));

        size = double.IsNaN(size) ? double.PositiveInfinity : size * (1 + 1e-9);
        _sizes.Add((function, at, decay), size);
        return size;
    }

    // Null if the enclosures do not tell the sides of every kink apart in each branch.
    private static (Interval, Interval)[]? Branches(EnclosureProgram[] programs, double[] borders, double margin)
    {
        var branches = new (Interval, Interval)[borders.Length - 1];
        for (int at = 0; at < branches.Length; at++)
        {
            var whole = new Interval(borders[at], borders[at + 1]);
            double low = Beside(whole.Low, margin), high = -Beside(-whole.High, margin);
            if (!(low < high)) return null;
            branches[at] = (whole, new(low, high));
            foreach (EnclosureProgram program in programs)
            {
                program.Range(branches[at].Item2);
                if (program.MeetsKink) return null;
            }
        }

        return branches;
    }

    // The kink itself is left out, which rounding would take to its other side.
    private static double Beside(double kink, double margin) => kink + Math.Max(1e-100, margin * Math.Abs(kink));

    // On rectangles as far as ellipses reach, cut at multiples of the step.
    private List<(double Nearest, double Size)> Pieces(int function, int height)
    {
        if (_pieces.TryGetValue((function, height), out List<(double, double)>? known)) return known;
        double h = Heights[height];
        var pieces = new List<(double, double)>();
        EnclosureProgram program = _programs[function];
        foreach ((Interval whole, Interval inside) in _branches)
        {
            Interval z = whole * _deviation.Inverse();
            double low = Math.Max(z.Low - h, -StripProof.Reach), last = Math.Min(z.High + h, StripProof.Reach);
            program.Range(inside);
            while (low < last)
            {
                double high = Math.Min(last, Step * (Math.Floor(low / Step) + 1));
                double size = StripProof.Size(program, _deviation, new(low, high), new(0, h), 0);
                pieces.Add((new Interval(low, high).Smallest, double.IsFinite(size) ? size : double.PositiveInfinity));
                if (!double.IsFinite(size)) break;
                low = high;
            }
        }

        _pieces.Add((function, height), pieces);
        return pieces;
    }
}
