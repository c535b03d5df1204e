using System.Collections.Immutable;
using System.Globalization;

namespace SymbolicEft.Diagrams.Model;

/// <summary>When a vertex acts.</summary>
public enum VertexOrigin
{
    /// <summary>A term of the equation of motion, integrated over all times.</summary>
    Dynamics,

    /// <summary>A cumulant of the initial state: a source at time zero, without kernel legs.</summary>
    InitialTime,

    /// <summary>Averages over the same neurons, whose functions are multiplied: it acts at the time at which the vertices do that its lines end on.</summary>
    Meeting,
}

/// <summary>
/// One interaction of the response-field theory of dx = b(x) dt + noise/sqrt(n): p response legs (p = 1 drift,
/// p = 2 noise, p >= 3 the higher conditional cumulants) and m kernel legs, each with a field label, with the
/// coupling c_(p,m)/(p! m!) and the power n^-(p - 1 + extra order).
/// </summary>
/// <remarks>Legs of the same kind and the same field are interchangeable; the fields are numbered from 0.</remarks>
public sealed class VertexType : IEquatable<VertexType>, IComparable<VertexType>
{
    /// <summary>Creates a vertex type from the number of legs per field.</summary>
    /// <param name="responseByField">Number of response legs for each field.</param>
    /// <param name="kernelByField">Number of kernel legs for each field, same length.</param>
    /// <param name="origin">Dynamics, or a cumulant of the initial state.</param>
    /// <param name="extraOrder">Powers of 1/n beyond the p - 1 that every vertex carries.</param>
    /// <exception cref="ArgumentException">Negative counts, no response leg, or kernel legs on an initial cumulant.</exception>
    public VertexType(
        ImmutableArray<int> responseByField,
        ImmutableArray<int> kernelByField,
        VertexOrigin origin = VertexOrigin.Dynamics,
        int extraOrder = 0)
    {
        if (responseByField.Length != kernelByField.Length)
            throw new ArgumentException("A vertex type needs one number of response legs and one of kernel legs for every field.");
        if (responseByField.Any(count => count < 0) || kernelByField.Any(count => count < 0) || extraOrder < 0)
            throw new ArgumentException("A vertex type has numbers of legs and an extra order that are zero or more.");
        ResponseByField = responseByField;
        KernelByField = kernelByField;
        Origin = origin;
        ExtraOrder = extraOrder;
        ResponseLegs = responseByField.Sum();
        KernelLegs = kernelByField.Sum();
        if (ResponseLegs == 0)
            throw new ArgumentException("A vertex without response legs breaks causality; give it at least one.");
        if (origin == VertexOrigin.InitialTime && KernelLegs > 0)
            throw new ArgumentException("A cumulant of the initial state has no kernel legs; nothing happens before it.");
    }

    /// <summary>Creates the one-field vertex (p, m).</summary>
    /// <param name="responseLegs">p, at least 1.</param>
    /// <param name="kernelLegs">m, at least 0.</param>
    /// <param name="origin">Dynamics, or a cumulant of the initial state.</param>
    /// <param name="extraOrder">Powers of 1/n beyond p - 1.</param>
    public VertexType(int responseLegs, int kernelLegs, VertexOrigin origin = VertexOrigin.Dynamics, int extraOrder = 0)
        : this([responseLegs], [kernelLegs], origin, extraOrder)
    {
    }

    /// <summary>Number of response legs for each field.</summary>
    public ImmutableArray<int> ResponseByField { get; }

    /// <summary>Number of kernel legs for each field.</summary>
    public ImmutableArray<int> KernelByField { get; }

    /// <summary>When the vertex acts.</summary>
    public VertexOrigin Origin { get; }

    /// <summary>Powers of 1/n beyond the p - 1 that every vertex carries.</summary>
    public int ExtraOrder { get; }

    /// <summary>p, the number of response legs.</summary>
    public int ResponseLegs { get; }

    /// <summary>m, the number of kernel legs.</summary>
    public int KernelLegs { get; }

    /// <summary>The power of 1/n that the vertex carries: p - 1 + extra order.</summary>
    public int Order => ResponseLegs - 1 + ExtraOrder;

    /// <summary>Number of fields of the theory the vertex belongs to.</summary>
    public int FieldCount => ResponseByField.Length;

    /// <inheritdoc/>
    public int CompareTo(VertexType? other)
    {
        if (other is null) return 1;
        int result = Origin.CompareTo(other.Origin);
        if (result == 0) result = ResponseLegs.CompareTo(other.ResponseLegs);
        if (result == 0) result = KernelLegs.CompareTo(other.KernelLegs);
        if (result == 0) result = ExtraOrder.CompareTo(other.ExtraOrder);
        if (result == 0) result = Compare(ResponseByField, other.ResponseByField);
        if (result == 0) result = Compare(KernelByField, other.KernelByField);
        return result;
    }

    /// <inheritdoc/>
    public bool Equals(VertexType? other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is VertexType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Origin);
        hash.Add(ExtraOrder);
        foreach (int count in ResponseByField) hash.Add(count);
        foreach (int count in KernelByField) hash.Add(count);
        return hash.ToHashCode();
    }

    /// <summary>Writes "(1,2)"; with several fields the legs per field, "(1+0,2+1)"; an extra order as "(1,2)n-1"; an initial cumulant as "(2,0)i", a meeting as "(0+2,0+0)m".</summary>
    public override string ToString()
    {
        string extra = ExtraOrder == 0 ? "" : "n-" + ExtraOrder.ToString(CultureInfo.InvariantCulture);
        string initial = Origin switch { VertexOrigin.InitialTime => "i", VertexOrigin.Meeting => "m", _ => "" };
        return $"({string.Join('+', ResponseByField)},{string.Join('+', KernelByField)}){initial}{extra}";
    }

    private static int Compare(ImmutableArray<int> left, ImmutableArray<int> right)
    {
        int result = left.Length.CompareTo(right.Length);
        for (int i = 0; result == 0 && i < left.Length; i++) result = left[i].CompareTo(right[i]);
        return result;
    }
}
