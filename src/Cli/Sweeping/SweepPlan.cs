using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Comparison;

namespace SymbolicEft.Cli.Sweeping;

/// <summary>The grid of a sweep: all combinations of the values of its axes, the last axis fastest.</summary>
public sealed class SweepPlan
{
    private const int MostPoints = 1_000_000;

    private readonly Specification _base;

    /// <summary>Makes the grid and checks every axis against the specification.</summary>
    /// <exception cref="InputException">There is no axis, one is named twice, or there are too many points.</exception>
    public SweepPlan(Specification specification, IReadOnlyList<SweepAxis> axes, int exactOrder)
    {
        (_base, Axes, ExactOrder) = (specification, axes, exactOrder);
        if (axes.Count == 0)
            throw new InputException("There is nothing to sweep; write --over weightVariance=0.5:3:26 or --over activation=tanh,gelu.");
        if (axes.GroupBy(axis => axis.Field.Path).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"--over names {twice.First().Name} twice; put all its values into one.");
        double points = axes.Aggregate(1.0, (product, axis) => product * axis.Texts.Count);
        if (points > MostPoints)
            throw new InputException($"The sweep has {points.ToString("G3", CultureInfo.InvariantCulture)} points, more than {MostPoints}; use fewer values.");
        Count = (int)points;
    }

    /// <summary>The axes.</summary>
    public IReadOnlyList<SweepAxis> Axes { get; }

    /// <summary>The order k of the hermite(k) that stands for the exact leading order.</summary>
    public int ExactOrder { get; }

    /// <summary>The number of points.</summary>
    public int Count { get; }

    /// <summary>The specification that is varied.</summary>
    public Specification Base => _base;

    /// <summary>What the plan is, as a fingerprint: sweeps with the same one have the same rows.</summary>
    public string Fingerprint
    {
        get
        {
            // Not the name: it changes no number.
            string text = JsonReport.Render(new ReportData { SetUp = _base with { Name = "sweep", Samples = 0 } })
                + string.Join("\n", Axes.Select(axis => $"{axis.Name}={string.Join(",", axis.Texts)}")) + (_base.Fraction == WideEnough.StandardFraction ? "" : string.Create(CultureInfo.InvariantCulture, $"\nfraction {_base.Fraction:R}")) + $"\nhermite({ExactOrder.ToString(CultureInfo.InvariantCulture)})";
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
        }
    }

    /// <summary>Which value of each axis a point has.</summary>
    public int[] Place(int point)
    {
        var place = new int[Axes.Count];
        for (int at = Axes.Count - 1; at >= 0; at--)
            (point, place[at]) = Math.DivRem(point, Axes[at].Texts.Count);
        return place;
    }

    /// <summary>The specification of a point.</summary>
    /// <exception cref="InputException">The values do not go together.</exception>
    public Specification At(int point)
    {
        int[] place = Place(point);
        Specification specification = _base;
        for (int at = 0; at < place.Length; at++)
            specification = Axes[at].Apply(specification, place[at]);
        return SpecificationReader.Checked(specification);
    }
}
