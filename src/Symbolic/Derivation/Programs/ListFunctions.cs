using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Symbolic.Derivation.Programs;

/// <summary>The functions of the stream's neurons that a list of observables meets in a program of layers.</summary>
internal static class ListFunctions
{
    /// <summary>sigma of a list: the function of the stream's neurons that layers read.</summary>
    /// <param name="kept">The list.</param>
    /// <param name="steps">What the program does to the stream.</param>
    /// <exception cref="LayerProgramException">The list names sigma, and the program has several.</exception>
    public static ActivationDefinition SigmaOf(KeptObservables kept, IReadOnlyList<StreamStep> steps)
    {
        ActivationDefinition[] readers = [.. steps.OfType<StreamUpdate>().SelectMany(Readers).DistinctBy(function => function.Text)];
        if (readers.Length > 1 && kept.Observables.Any(observable => observable.Body.Nodes().Any(node => node is Call { Function: ActivationFunction })))
            throw new LayerProgramException($"closure names sigma, and the stream is read by {string.Join(" and by ", readers.Select(function => function.Text))}; write the functions themselves, as in [x*y, tanh(x)*tanh(y)], or use hermite(k).");
        return readers.FirstOrDefault() ?? steps.Stages().Select(stage => stage.Activation).FirstOrDefault(function => function is not null) ?? new ActivationDefinition("x", KnownActivations.Variable);
    }

    // What a branch reads first may be read by an update inside it.
    private static IEnumerable<ActivationDefinition> Readers(StreamUpdate update) =>
        update.Branches.SelectMany(branch => branch.Stages[0] is var first && first.Before.Count > 0 ? Readers(first.Before[0]) : first.Activation is { } function ? [function] : []);

    /// <summary>Those whose products are projected on the observables, but for x.</summary>
    /// <param name="statements">The statements of all steps.</param>
    public static IEnumerable<ActivationDefinition> Of(IEnumerable<GaussianStatement> statements) =>
        statements.Where(statement => statement.Recipe == GaussianRecipe.ProductInObservables && !IsIdentity(statement.Function!)).Select(statement => statement.Function!).DistinctBy(function => function.Text, StringComparer.Ordinal);

    /// <summary>A function of a list with sigma written out. Deltas that are left have weight 0: they come of differentiating what is continuous there.</summary>
    /// <param name="function">With the abstract sigma and its derivatives.</param>
    /// <param name="sigma">sigma.</param>
    public static Expression Definite(Expression function, ActivationDefinition sigma) => DeltaFunctions.LeaveOut(function.Rewrite(node =>
    {
        if (node is not Call { Function: ActivationFunction of } call)
            return null;
        Expression derivative = sigma.Expression;
        for (int order = 0; order < of.Order; order++)
            derivative = derivative.Differentiate(KnownActivations.Variable);
        return derivative.Substitute(KnownActivations.Variable, call.Operands[0]);
    }));

    /// <summary>Whether a function is x, whose product is an observable.</summary>
    public static bool IsIdentity(ActivationDefinition function) => ReferenceEquals(function.Expression, KnownActivations.Variable);
}
