using System.Collections.Immutable;

namespace SymbolicEft.Diagrams.Model;

/// <summary>A family of vertices: p response legs and a set of numbers of kernel legs, over all assignments of fields.</summary>
/// <param name="ResponseLegs">p, at least 1.</param>
/// <param name="KernelLegs">The allowed m.</param>
/// <param name="Origin">Dynamics, or cumulants of the initial state.</param>
/// <param name="ExtraOrder">Powers of 1/n beyond p - 1.</param>
public sealed record VertexFamily(
    int ResponseLegs,
    LegCounts KernelLegs,
    VertexOrigin Origin = VertexOrigin.Dynamics,
    int ExtraOrder = 0);

/// <summary>
/// The content of a response-field theory: its fields, its vertices, and which response field can propagate to which
/// kernel field.
/// </summary>
/// <remarks>
/// The drift terms with no or one kernel leg at leading order are the mean path and the propagator; they are not
/// vertices, and a theory that lists them would have infinitely many diagrams at every order.
/// </remarks>
public sealed class FieldTheory
{
    private readonly ImmutableArray<VertexFamily> families;
    private readonly ImmutableArray<VertexType> explicitTypes;
    private readonly bool[,] propagators;
    private readonly Func<VertexType, bool> occurs;
    private readonly Func<Diagram, bool>? isZero;

    /// <summary>Creates a theory.</summary>
    /// <param name="fields">Field names, at least one.</param>
    /// <param name="families">Families of vertices, each over all assignments of fields.</param>
    /// <param name="types">Single vertex types besides the families.</param>
    /// <param name="propagators">Pairs (response field, kernel field) that a line may join; null means each field to itself.</param>
    /// <param name="occurs">Which members of the families occur; null means all.</param>
    /// <exception cref="ArgumentException">No field, a pair or a type that names an unknown field, or a vertex of order zero with fewer than two kernel legs.</exception>
    public FieldTheory(
        IEnumerable<string> fields,
        IEnumerable<VertexFamily> families,
        IEnumerable<VertexType>? types = null,
        IEnumerable<(int Response, int Kernel)>? propagators = null,
        Func<VertexType, bool>? occurs = null)
    {
        Fields = [.. fields];
        this.families = [.. families];
        this.occurs = occurs ?? (_ => true);
        explicitTypes = types is null ? [] : [.. types];
        if (Fields.Length == 0) throw new ArgumentException("A theory needs at least one field.", nameof(fields));
        if (Fields.Length > 4) throw new ArgumentException($"A theory of {Fields.Length} fields is beyond the limit of 4.", nameof(fields));
        this.propagators = new bool[Fields.Length, Fields.Length];
        foreach ((int response, int kernel) in propagators ?? Enumerable.Range(0, Fields.Length).Select(field => (field, field)))
        {
            if (response < 0 || response >= Fields.Length || kernel < 0 || kernel >= Fields.Length)
                throw new ArgumentException($"The propagator ({response},{kernel}) names a field outside 0..{Fields.Length - 1}.", nameof(propagators));
            this.propagators[response, kernel] = true;
        }

        foreach (VertexFamily family in this.families)
            RejectEndless(family.ResponseLegs - 1 + family.ExtraOrder, family.KernelLegs.UpTo(1), $"({family.ResponseLegs},{family.KernelLegs})");
        foreach (VertexType type in explicitTypes)
        {
            if (type.FieldCount != Fields.Length)
                throw new ArgumentException($"The vertex {type} is written for {type.FieldCount} fields, the theory has {Fields.Length}.", nameof(types));
            RejectEndless(type.Order, type.KernelLegs == 0 || Repeats(type) ? [type.KernelLegs] : [], type.ToString());
        }

        // One leg that leads to no other vertex of this kind, as that of a field that is not driven, ends there.
        bool Repeats(VertexType type) => type.KernelLegs == 1 && explicitTypes.Any(before => before is { Order: 0, KernelLegs: 1 }
            && Propagates(before.ResponseByField.IndexOf(1), type.KernelByField.IndexOf(1)));
    }

    /// <summary>The names of the fields, in the order of their labels.</summary>
    public ImmutableArray<string> Fields { get; }

    /// <summary>Which of the graphs made of its vertices and lines are 0, and no diagrams; none, unless it is said.</summary>
    internal Func<Diagram, bool> IsZero
    {
        get => isZero ?? Never;
        init => isZero = value;
    }

    /// <summary>Whether some graphs are 0.</summary>
    internal bool HasZeros => isZero is not null && isZero != Never;

    private static bool Never(Diagram diagram) => false;

    /// <summary>The field of external legs that are given by their number alone.</summary>
    internal int DefaultExternal { get; init; }

    /// <summary>The field that is looked at after the last layer, and only there, so that its legs do not go with others; -1 for none.</summary>
    internal int Outside { get; init; } = -1;

    /// <summary>The one-field theory of dx = c(x) dt + sqrt(d(x)/n) dW, with the given powers of c and d.</summary>
    /// <param name="drift">Kernel legs of the drift vertices (1, m), m of 2 or more.</param>
    /// <param name="noise">Kernel legs of the noise vertices (2, m), m of 0 or more.</param>
    /// <param name="others">Further families: higher conditional cumulants (p >= 3), cumulants of the initial state.</param>
    public static FieldTheory OneField(LegCounts drift, LegCounts noise, params IEnumerable<VertexFamily> others) =>
        new(["x"], [new VertexFamily(1, drift), new VertexFamily(2, noise), .. others]);

    /// <summary>This theory of one field, which drives a second field and knows nothing of it.</summary>
    /// <param name="field">The name of the second field.</param>
    /// <param name="types">The vertices that drive it.</param>
    /// <param name="propagators">Pairs (response field, kernel field) that a line may join.</param>
    internal FieldTheory Driving(string field, IEnumerable<VertexType> types, IEnumerable<(int Response, int Kernel)> propagators) =>
        new([Fields.Single(), field], families, types, propagators, vertex => vertex.ResponseByField[1] == 0 && vertex.KernelByField[1] == 0) { DefaultExternal = 1 };

    /// <summary>The same fields and vertices with other lines.</summary>
    /// <param name="joined">Pairs (response field, kernel field) that a line may join.</param>
    /// <exception cref="ArgumentException">A pair names an unknown field.</exception>
    public FieldTheory WithPropagators(IEnumerable<(int Response, int Kernel)> joined) => new(Fields, families, explicitTypes, joined, occurs) { IsZero = IsZero, DefaultExternal = DefaultExternal, Outside = Outside };

    /// <summary>Whether a line may join a response leg of one field to a kernel leg of another.</summary>
    /// <param name="responseField">Field of the response leg, at the earlier end.</param>
    /// <param name="kernelField">Field of the kernel leg, at the later end.</param>
    public bool Propagates(int responseField, int kernelField) => propagators[responseField, kernelField];

    /// <summary>All vertex types of at most the given order and number of kernel legs, ascending, each once.</summary>
    /// <param name="order">The largest power of 1/n.</param>
    /// <param name="kernelLegs">The largest number of kernel legs.</param>
    public ImmutableArray<VertexType> TypesUpTo(int order, int kernelLegs)
    {
        var types = new SortedSet<VertexType>();
        foreach (VertexFamily family in families.Where(family => family.ResponseLegs - 1 + family.ExtraOrder <= order))
        {
            foreach (int m in family.KernelLegs.UpTo(kernelLegs))
            {
                foreach (ImmutableArray<int> response in Assignments(family.ResponseLegs, Fields.Length))
                {
                    foreach (ImmutableArray<int> kernel in Assignments(m, Fields.Length))
                        types.Add(new VertexType(response, kernel, family.Origin, family.ExtraOrder));
                }
            }
        }

        types.RemoveWhere(type => !occurs(type));
        types.UnionWith(explicitTypes.Where(type => type.Order <= order && type.KernelLegs <= kernelLegs));
        return [.. types];
    }

    private static void RejectEndless(int order, IEnumerable<int> few, string name)
    {
        if (order == 0 && few.Any())
        {
            throw new ArgumentException(
                $"The vertex {name} has order zero and fewer than two kernel legs, so it could be inserted without end; it belongs to the mean path or the propagator, leave it out.");
        }
    }

    // All ways to write a number of legs as counts per field, largest count of the first field first.
    private static IEnumerable<ImmutableArray<int>> Assignments(int legs, int fields)
    {
        if (fields == 1)
        {
            yield return [legs];
            yield break;
        }

        for (int first = legs; first >= 0; first--)
        {
            foreach (ImmutableArray<int> rest in Assignments(legs - first, fields - 1))
                yield return [first, .. rest];
        }
    }
}
