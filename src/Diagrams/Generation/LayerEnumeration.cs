using SymbolicEft.Diagrams.Model;

namespace SymbolicEft.Diagrams.Generation;

// All layers that can precede a partial diagram.
//
// A placement is a vertex type with an open leg for each of its response legs, at least one of them in the newest layer
// (otherwise the vertex would belong to an earlier-found layer). A layer is a multiset of placements that fit on the open
// legs together. A layer is kept if its remainder can be completed:
//   - open legs and budget are closable (Feasibility);
//   - if legs remain open, the new layer has some, because the next layer must hold on to it;
//   - an open leg outside the new layer can only be taken by a vertex that also holds on to a newer layer, hence has a
//     second response leg: each costs a power of 1/n.

/// <summary>Lists the layers of vertices that can be added to one partial diagram.</summary>
internal sealed class LayerEnumeration
{
    private readonly GenerationContext context;
    private readonly PartialDiagram parent;
    private readonly Action<IReadOnlyList<Placement>> emit;
    private readonly List<Placement> placements = [];
    private readonly List<Placement> layer = [];
    private readonly int[] open;
    private int openLegs;

    internal LayerEnumeration(GenerationContext context, PartialDiagram parent, Action<IReadOnlyList<Placement>> emit)
    {
        this.context = context;
        this.parent = parent;
        this.emit = emit;
        open = [.. parent.Open];
        openLegs = open.Sum();
    }

    internal void Run()
    {
        for (int type = 0; type < context.Types.Length; type++)
        {
            VertexType vertex = context.Types[type];
            int openAfter = openLegs - vertex.ResponseLegs + vertex.KernelLegs;
            if (vertex.ResponseLegs <= openLegs && context.Feasibility.IsClosable(openAfter, parent.Budget - vertex.Order))
                PlaceLegs(type, 0, 0, 0, new Attachment[vertex.ResponseLegs], 0);
        }

        Choose(0, parent.Budget, 0);
    }

    // Places the response legs field by field, for each field on non-decreasing slots.
    private void PlaceLegs(int type, int field, int usedOfField, int slotFrom, Attachment[] legs, int placed)
    {
        VertexType vertex = context.Types[type];
        while (field < parent.Fields && usedOfField == vertex.ResponseByField[field])
        {
            field++;
            usedOfField = 0;
            slotFrom = 0;
        }

        if (field == parent.Fields)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (legs.Any(leg => parent.Layer[leg.Node] == parent.LastLayer) && !IsUnwanted(vertex, legs))
                placements.Add(new Placement(type, [.. legs]));
            if (placements.Count > context.Request.MaximumDiagrams) throw context.LimitReached("more places for a vertex");
            return;
        }

        for (int slot = slotFrom; slot < open.Length; slot++)
        {
            int kernelField = slot % parent.Fields;
            if (open[slot] == 0 || !context.Theory.Propagates(field, kernelField)) continue;
            open[slot]--;
            legs[placed] = new Attachment(slot / parent.Fields, kernelField, field);
            PlaceLegs(type, field, usedOfField + 1, slot, legs, placed + 1);
            open[slot]++;
        }
    }

    private bool IsUnwanted(VertexType vertex, Attachment[] legs) =>
        context.DropSelfContractions && vertex.KernelLegs == 0 && legs.Length > 1
        && legs.All(leg => leg.Node == legs[0].Node);

    private void Choose(int from, int budget, int openInLayer)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        int all = openLegs + openInLayer;
        if (!context.Feasibility.IsClosable(all, budget)) return;
        if (layer.Count > 0 && (all == 0 || (openInLayer > 0 && openLegs <= budget))) emit(layer);

        for (int i = from; i < placements.Count; i++)
        {
            Placement placement = placements[i];
            VertexType type = context.Types[placement.Type];
            if (type.Order > budget) continue;
            if (TryTake(placement))
            {
                layer.Add(placement);
                Choose(i, budget - type.Order, openInLayer + type.KernelLegs);
                layer.RemoveAt(layer.Count - 1);
                GiveBack(placement, placement.Attachments.Length);
            }
        }
    }

    private bool TryTake(Placement placement)
    {
        for (int i = 0; i < placement.Attachments.Length; i++)
        {
            Attachment leg = placement.Attachments[i];
            openLegs--;
            if (--open[(leg.Node * parent.Fields) + leg.KernelField] < 0)
            {
                GiveBack(placement, i + 1);
                return false;
            }
        }

        return true;
    }

    private void GiveBack(Placement placement, int legs)
    {
        for (int i = 0; i < legs; i++)
        {
            Attachment leg = placement.Attachments[i];
            open[(leg.Node * parent.Fields) + leg.KernelField]++;
            openLegs++;
        }
    }
}
