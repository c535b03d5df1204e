// A list of observables describes the neurons in blocks: the block of a pair of inputs knows of S of (a, a), (a, b) and (b, b) what its own observables say, so that s of a
// pair is a number of its own in every block that sees it. What leads from s of one dense layer to that of the next is the same in all of them:
//   1. a tensor of fluctuations (of what a statement of observables gives, or of what reads one) has a member of a block where it had a pair;
//   2. numbers at K0 stand before it: a vector, or a matrix with both its letters free, such as a noise, is that of the members' pairs; a matrix that is contracted
//      with a fluctuation is a response of a pair, which keeps within the block; a mean over taps goes from block to block.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;
using static SymbolicEft.Symbolic.Derivation.Closures.MomentLetters;

namespace SymbolicEft.Symbolic.Derivation.Programs;

/// <summary>Statements over pairs, said of the members of blocks.</summary>
internal sealed class BlockStatements
{
    private readonly Dictionary<string, IndexKind[]> _fluctuations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GaussianStatement> _taps = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<MomentStatement> _statements = [];

    private BlockStatements()
    {
    }

    /// <summary>The statements in blocks.</summary>
    /// <param name="statements">Those of a step: of the observables in members already, of what follows over pairs.</param>
    /// <param name="before">Statements in blocks that come before.</param>
    /// <param name="state">Fluctuations of the state that they read.</param>
    public static IReadOnlyList<MomentStatement> Of(IEnumerable<MomentStatement> statements, IReadOnlyList<MomentStatement> before, params IEnumerable<Indexed> state)
    {
        var blocks = new BlockStatements();
        blocks.Know(state);
        foreach (MomentStatement statement in before)
            blocks.Add(statement);
        blocks._statements.Clear();
        foreach (MomentStatement statement in statements)
            blocks.Add(statement);
        return blocks._statements;
    }

    /// <summary>A tensor over pairs, or pairs and pairs, as all members see it.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="lifted">It over members.</param>
    public static MomentStatement Lift(Tensor tensor, out Tensor lifted)
    {
        lifted = Named(tensor.Name + "_b", tensor.Arity);
        return new GaussianStatement("The same as the blocks see it.", GaussianRecipe.OverBlocks, [tensor.Arity == 1 ? lifted[V] : lifted[V, W]], [Here(tensor)]);
    }

    private void Add(MomentStatement statement)
    {
        if (statement is GaussianStatement { Recipe: GaussianRecipe.MeanOverTaps } taps)
            _taps[taps.Outputs[0].Tensor.Name] = taps;
        bool isOfBlocks = MomentStatements.Components(statement).ToArray() is var components && HasKind(components, IndexKind.Member, IndexKind.Observable) && !HasKind(components, IndexKind.Pair, IndexKind.Pair);
        if (isOfBlocks || !MomentStatements.Inputs(statement).Any(_fluctuations.ContainsKey))
        {
            if (isOfBlocks)
                Know(statement);
            _statements.Add(statement);
            return;
        }

        MomentStatement said = statement switch
        {
            ContractedEquation equation => InBlocks(equation),
            GaussianStatement gaussian => gaussian with { Outputs = [.. gaussian.Outputs.Select(output => output.Tensor[V])] },
            _ => throw new NotSupportedException($"{statement} has fluctuations in the letters of inputs, which blocks do not have."),
        };
        Know(said);
        _statements.Add(said);
    }

    private static bool HasKind(Indexed[] components, IndexKind kind, IndexKind other) => components.Any(component => component.Indices.ToArray().Any(index => index.Kind == kind || index.Kind == other));

    private void Know(MomentStatement statement) => Know(statement is GaussianStatement gaussian ? gaussian.Outputs : [((ContractedEquation)statement).Variable]);

    private void Know(IEnumerable<Indexed> outputs)
    {
        foreach (Indexed output in outputs)
            _fluctuations[output.Tensor.Name] = [.. output.Indices.ToArray().Select(index => index.Kind)];
    }

    private ContractedEquation InBlocks(ContractedEquation equation)
    {
        var letters = new Dictionary<TensorIndex, TensorIndex>();
        foreach (Indexed each in equation.RightSide.Nodes().OfType<Indexed>().Where(each => _fluctuations.ContainsKey(each.Tensor.Name)))
        {
            for (int at = 0; at < each.Indices.Length; at++)
                letters[each.Indices[at]] = Letter(each.Indices[at], _fluctuations[each.Tensor.Name][at]);
        }

        TensorIndex[] free = equation.Variable.Indices.ToArray();
        TensorIndex[] In(ReadOnlySpan<TensorIndex> indices) => [.. indices.ToArray().Select(index => letters.TryGetValue(index, out TensorIndex letter) ? letter : letters[index] = Letter(index, IndexKind.Member))];
        Expression right = Expression.Add(equation.RightSide.Expand().Terms.ToArray().Select(term => term.Rewrite(node => node is not Indexed each ? null
            : _fluctuations.ContainsKey(each.Tensor.Name) ? each.Tensor[In(each.Indices)]
            : Lifted(each, each.Indices.ToArray().Any(index => !free.Contains(index)), equation.Place)[In(each.Indices)])));
        return equation with { Variable = equation.Variable.Tensor[In(free)], RightSide = right };
    }

    // Numbers at K0 as the blocks see them.
    private Tensor Lifted(Indexed component, bool isContracted, string? place)
    {
        bool isTaps = _taps.TryGetValue(component.Tensor.Name, out GaussianStatement? taps), isInBlock = isContracted && component.Indices.Length == 2 && !isTaps;
        MomentStatement statement = Lift(component.Tensor with { Arity = component.Indices.Length }, out Tensor lifted);
        if (isInBlock)
            lifted = InOneBlock(component.Tensor.Name + "_r", 2);
        if (_known.Add(lifted.Name))
            _statements.Add((isTaps ? taps! with { Outputs = [lifted[V, W]] } : isInBlock ? (GaussianStatement)statement with { Outputs = [lifted[V, W]] } : statement) with { Place = place });
        return lifted;
    }

    private static TensorIndex Letter(TensorIndex pair, IndexKind kind) => (kind, pair) switch
    {
        _ when pair.Kind == kind => pair,
        (IndexKind.Member, _) when pair == P => V,
        (IndexKind.Member, _) when pair == Q => W,
        (IndexKind.Member, _) when pair == R => X,
        (IndexKind.Observable, _) when pair == P || pair == Q => First,
        (IndexKind.Observable, _) when pair == R => Third,
        _ => throw new NotSupportedException($"The letter {pair} has none among those of blocks."),
    };
}
