using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>Proofs for pairs of two functions, made once for each quarter octave of the variances and of s, and kept.</summary>
/// <param name="first">f.</param>
/// <param name="second">g.</param>
/// <param name="integrands">What is integrated.</param>
internal sealed class PlaneProofs(ActivationDescription first, ActivationDescription second, IReadOnlyList<PlaneIntegrand> integrands)
{
    private const int SingularPair = int.MinValue;

    private readonly Dictionary<(bool IsSecond, int Octave), StripProof?> _strips = [];
    private readonly Dictionary<(int First, int Second, int Complement), PlaneProof?> _known = [];
    private readonly Dictionary<(bool IsSecond, int Octave), BranchEnvelopes?> _branches = [];
    private readonly Dictionary<(int First, int Second, int Complement), PlanePanelProof?> _panels = [];

    /// <summary>The proof for a pair of positive variances; null if there is none.</summary>
    public PlaneProof? For(double firstVariance, double secondVariance, double complement)
    {
        int a = Octave(firstVariance), b = Octave(secondVariance), s = complement > 0 ? Math.Min(0, Octave(complement)) : SingularPair;
        if (_known.TryGetValue((a, b, s), out PlaneProof? known)) return known;
        PlaneProof? proof = Strips(false, a) is { } f && Strips(true, b) is { } g
            ? new PlaneProof(f, g, integrands, s == SingularPair ? 0 : Math.Pow(2, 0.25 * s) * (1 + 1e-12))
            : null;
        _known.Add((a, b, s), proof);
        return proof;
    }

    /// <summary>The proof for panels, where the functions have kinks; null if there is none.</summary>
    /// <param name="firstVariance">Kaa.</param>
    /// <param name="secondVariance">Kbb.</param>
    /// <param name="complement">s.</param>
    /// <param name="kinks">The modes of the kinks of g, with what they are multiplied by at the least sqrt(Kbb) and s.</param>
    public PlanePanelProof? ForPanels(double firstVariance, double secondVariance, double complement, Func<PlaneIntegrand, double, double, IReadOnlyList<(int Order, double Weight)>> kinks)
    {
        int a = Octave(firstVariance), b = Octave(secondVariance), s = complement > 0 ? Math.Min(0, Octave(complement)) : SingularPair;
        if (_panels.TryGetValue((a, b, s), out PlanePanelProof? known)) return known;
        double least = s == SingularPair ? 0 : Math.Pow(2, 0.25 * (s - 1)) * (1 - 1e-12), most = s == SingularPair ? 0 : Math.Pow(2, 0.25 * s) * (1 + 1e-12);
        PlanePanelProof? proof = Branches(false, a) is { } f && Branches(true, b) is { } g
            ? new PlanePanelProof(f, g, integrands, [.. integrands.Select(each => kinks(each, Math.Sqrt(StripProof.QuarterOctave(b).Low), least))], second.Kinks.Select(kink => kink.Position).Distinct().Count(), most)
            : null;
        _panels.Add((a, b, s), proof);
        return proof;
    }

    private BranchEnvelopes? Branches(bool isSecond, int octave)
    {
        if (ReferenceEquals(first, second)) isSecond = false;
        if (_branches.TryGetValue((isSecond, octave), out BranchEnvelopes? known)) return known;
        ActivationDescription function = isSecond ? second : first;
        StripFunction?[] functions = [.. Enumerable.Range(0, Orders(isSecond)).Select(function.Expressions)];
        BranchEnvelopes? envelopes = functions.Contains(null) ? null : BranchEnvelopes.Of(
            [.. functions.Select(each => DeltaFunctions.LeaveOut(each!.Function))], KnownActivations.Variable, StripProof.QuarterOctave(octave), function.Kinks.Select(kink => kink.Position));
        _branches.Add((isSecond, octave), envelopes);
        return envelopes;
    }

    // Of f and its derivatives, of g, or of either if they are one.
    private int Orders(bool isSecond) =>
        integrands.Max(each => ReferenceEquals(first, second) ? Math.Max(each.I, each.J) : isSecond ? each.J : each.I) + 1;

    private static int Octave(double value) => (int)Math.Ceiling(4 * Math.Log2(value));

    private StripProof? Strips(bool isSecond, int octave)
    {
        if (ReferenceEquals(first, second)) isSecond = false;
        if (_strips.TryGetValue((isSecond, octave), out StripProof? known)) return known;
        ActivationDescription function = isSecond ? second : first;
        StripFunction?[] functions = [.. Enumerable.Range(0, Orders(isSecond)).Select(function.Expressions)];
        StripProof? proof = function.Kinks.Count > 0 || functions.Contains(null) ? null
            : StripProof.Of(functions!, KnownActivations.Variable, StripProof.QuarterOctave(octave), StripProof.Furthest);
        proof?.Extend();
        _strips.Add((isSecond, octave), proof);
        return proof;
    }
}
