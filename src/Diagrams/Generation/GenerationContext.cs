using System.Collections.Immutable;
using System.Globalization;
using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Generation;

/// <summary>What stays the same during one enumeration.</summary>
internal sealed class GenerationContext
{
    /// <summary>Node sets are 64-bit masks, and one bit stands for the part still to be added.</summary>
    internal const int MaximumNodes = 63;

    internal GenerationContext(DiagramRequest request, CancellationToken cancellation)
    {
        int external = request.ExternalFields.Length;
        if (external < 1) throw new ArgumentException("The number of external legs is 0; a diagram needs at least 1.");
        if (request.Loops < 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The number of loops is {request.Loops}; it must be 0 or more."));
        Theory = request.Theory;
        foreach (int field in request.ExternalFields)
        {
            if (field < 0 || field >= Theory.Fields.Length)
                throw new ArgumentException($"An external leg has field {field}; the theory has fields 0 to {Theory.Fields.Length - 1}.");
        }

        Request = request;
        Cancellation = cancellation;
        Budget = request.Loops + external - 1;

        // Sum over drift of (m - 1) = number of legs closed by noise - E <= 2 B - E, and at most B vertices have an order; of those with m = 1 there is at most
        // one on each of the legs that are closed.
        Types = Theory.TypesUpTo(Budget, 2 * Budget);
        long perOrder = Types.Any(type => type is { Order: 0, KernelLegs: 1 }) ? 5 : 3;
        if (external + (perOrder * Budget) > MaximumNodes)
        {
            throw new DiagramLimitException(string.Create(
                CultureInfo.InvariantCulture,
                $"Diagrams with {external} external legs and {request.Loops} loops can have more than {MaximumNodes} nodes, which is the limit; ask for fewer legs or loops."));
        }

        Code = new LineCode(Theory.Fields.Length);
        Feasibility = new Feasibility(Types, Budget);
        DropSelfContractions = request.Tadpoles.HasFlag(TadpoleRule.DropSelfContractions);
        foreach (VertexType type in Types)
        {
            if (type.ResponseLegs > Code.Capacity)
                throw new DiagramLimitException($"The vertex {type} has more than {Code.Capacity} equal response legs, which is the limit for {Theory.Fields.Length} fields.");
        }
    }

    internal DiagramRequest Request { get; }

    internal FieldTheory Theory { get; }

    internal CancellationToken Cancellation { get; }

    /// <summary>Total power of 1/n: the sum of the vertex orders.</summary>
    internal int Budget { get; }

    internal ImmutableArray<VertexType> Types { get; }

    internal LineCode Code { get; }

    internal Feasibility Feasibility { get; }

    internal bool DropSelfContractions { get; }

    internal DiagramLimitException LimitReached(string what) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"There are {what} than the limit of {Request.MaximumDiagrams}; ask for fewer legs, loops or vertices, or raise the limit."));
}
