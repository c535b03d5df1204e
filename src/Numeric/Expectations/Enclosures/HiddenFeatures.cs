// Where might samples miss something? An integral over a panel of half-width r with 20 Gauss-Legendre nodes is wrong by at most
//   (64/15) M r 3^(-40) / (1 - 1/9),
// if |f| is at most M on the ellipse about the panel with half-axes 5r/3 and 4r/3. The panel with the largest M r is halved until
// none is larger than what makes this 1e-16 of the integral of |f|. Where panels much narrower than a standard deviation come out,
// there is something to see at that scale: a peak, a step, a pole near the axis.

namespace SymbolicEft.Numeric.Expectations;

/// <summary>A bound of |f|, without the Gaussian density, on the ellipse of that centre and those half-axes.</summary>
internal delegate double EllipseBound(double centre, double realHalfAxis, double imaginaryHalfAxis);

/// <summary>Finds the places where an integrand varies on a scale that samples could miss.</summary>
internal static class HiddenFeatures
{
    private const double Range = 38.5;
    private const double WidestPanel = 0.5;
    private const double NarrowestPanel = 1e-10;
    private const int MostPanels = 3000;

    /// <summary>What M r may be, relative to the integral of |f|: (64/15) 3^-40 (9/8) M r is then 1e-16 of it.</summary>
    public const double Allowed = 250;

    /// <summary>Panels on each of which 20 nodes suffice; null if no such panels are found.</summary>
    /// <param name="bound">The bound.</param>
    /// <param name="magnitude">|f| at a point, without the density.</param>
    /// <param name="mass">What is known of the integral of |f|.</param>
    /// <param name="breakpoints">Where the integrand is not smooth.</param>
    public static List<(double Start, double End)>? Panels(EllipseBound bound, Func<double, double> magnitude, double mass, ReadOnlySpan<double> breakpoints)
    {
        var queue = new PriorityQueue<(double Start, double End), double>();
        var edges = new SortedSet<double> { Range };
        for (var edge = -Range; edge < Range; edge += WidestPanel) edges.Add(edge);
        foreach (var point in breakpoints)
        {
            if (Math.Abs(point) < Range) edges.Add(point);
        }

        var start = double.NaN;
        foreach (var end in edges)
        {
            if (!double.IsNaN(start)) Add(start, end);
            start = end;
        }

        var ends = new List<(double, double)>();
        for (var count = 0; queue.TryPeek(out var panel, out var priority) && -priority > Allowed * mass; count++)
        {
            if (count == MostPanels) return null;
            queue.Dequeue();
            var middle = 0.5 * (panel.Start + panel.End);
            if (panel.End - panel.Start <= NarrowestPanel || !(panel.Start < middle && middle < panel.End))
            {
                // The end point is a singularity, and the panels are as fine there as they get.
                ends.Add(panel);
                continue;
            }

            mass = Math.Max(mass, 0.25 * (panel.End - panel.Start) * magnitude(middle) * GaussianTails.Density(middle));
            Add(panel.Start, middle);
            Add(middle, panel.End);
        }

        return [.. queue.UnorderedItems.Select(item => item.Element), .. ends];

        void Add(double from, double to)
        {
            double half = 0.5 * (to - from), centre = 0.5 * (from + to), nearest = Math.Max(0, Math.Abs(centre) - (5 * half / 3));
            var density = GaussianTails.Density(nearest) * Math.Exp(8 * half * half / 9);
            var weight = density == 0 ? 0 : bound(centre, 5 * half / 3, 4 * half / 3) * half * density;

            // Far out, where the integrand leaves double precision, its tails have been judged by themselves.
            if (Math.Abs(centre) <= 20 || double.IsFinite(weight)) queue.Enqueue((from, to), -weight);
        }
    }
}
