using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Numeric.Closures;

/// <summary>Equations of a closure over depth, on one flat state vector that begins with K0 over pairs.</summary>
internal interface IDepthEquations
{
    /// <summary>Length of the state.</summary>
    int Length { get; }

    /// <summary>The state at depth 0.</summary>
    double[] Initial(ReadOnlySpan<double> kernel);

    /// <summary>The state at the next layer; all powers of eps.</summary>
    void Next(double[] state, double[] next);

    /// <summary>The derivative of the state in depth time; alpha = 1.</summary>
    void Slope(double[] state, double[] slope);

    /// <summary>The natural scale of each component, by which its accuracy is measured where it vanishes: what Cauchy-Schwarz bounds it by, or its kind.</summary>
    void Scales(double[] state, double[] scales);

    /// <summary>Gives every tensor of interest at a state, by name.</summary>
    void Record(double[] state, Action<string, double[]> add);

    /// <summary>A result over pairs that is a part of the state, such as V4; null where it is none.</summary>
    double[]? Part(double[] state, string name) => null;

    /// <summary>The joint cumulants of G among the results, with how many factors G each has.</summary>
    IEnumerable<(string Name, int Degree)> Cumulants => OfLeadingOrder;

    /// <summary>Those that leading orders have.</summary>
    static IReadOnlyList<(string Name, int Degree)> OfLeadingOrder { get; } = [("V4", 2), ("V4_source", 2), ("K1", 1)];

    /// <summary>The most factors G in a cumulant of the state: 1 for K0 alone.</summary>
    int Degree => 2;

    /// <summary>Bound on, or estimate of, the relative error of the expectations used so far; null if there is none.</summary>
    double? RelativeError { get; }

    /// <summary>What these rest on so far and nothing proves.</summary>
    IEnumerable<Unproved> Unproved { get; }

    /// <summary>What a component of the state is, for messages.</summary>
    string Describe(int component);
}
