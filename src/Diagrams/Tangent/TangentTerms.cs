// The terms of the tangent kernel's equations, by the cumulants that they hold.
//   Statements are put into one another until nothing is left but the state, Gaussian numbers and parameters. A term then is a coupling times one cumulant of
//   G, its modes and Theta at order 1/n, or, where there is none, what the tangents of two different neurons add up to. A Gaussian number that is made of a
//   cumulant stands for it; in a covariance, overlaps of modes are that of the modes themselves.

using System.Collections.Immutable;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Diagrams.Tangent;

/// <summary>The terms that hold a cumulant of the same legs.</summary>
/// <param name="Legs">The fields of the legs, ascending; none for what two neurons add up to.</param>
/// <param name="Sum">The terms.</param>
internal sealed record TangentTerm(ImmutableArray<int> Legs, Expression Sum);

/// <summary>Reads the terms of equations of a moment system with the tangent kernel.</summary>
internal sealed class TangentTerms
{
    private static readonly Dictionary<string, ImmutableArray<int>> Cumulants = new(StringComparer.Ordinal)
    {
        [TangentDerivation.Correction.Name] = [TangentTheory.Tangent],
        [TangentDerivation.Variance.Name] = [TangentTheory.Tangent, TangentTheory.Tangent],
        [TangentDerivation.WithKernel.Name] = [TangentTheory.Kernel, TangentTheory.Tangent],
        [TangentDerivation.WithMode.Name] = [TangentTheory.Kernel, TangentTheory.Tangent],
        [MomentLetters.MeanCorrection.Name] = [TangentTheory.Kernel],
        [MomentLetters.ModeMeans.Name] = [TangentTheory.Kernel],
        [MomentLetters.Covariance.Name] = [TangentTheory.Kernel, TangentTheory.Kernel],
        [MomentLetters.WithModes.Name] = [TangentTheory.Kernel, TangentTheory.Kernel],
        [MomentLetters.SourceOnly.Name] = [TangentTheory.Kernel, TangentTheory.Kernel],
    };

    private readonly EquationSystem system;
    private readonly Dictionary<string, ContractedEquation> definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GaussianStatement> numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> small = new(StringComparer.Ordinal);

    /// <summary>Those of a system.</summary>
    /// <param name="system">The moment system of a step, with the tangent kernel.</param>
    public TangentTerms(EquationSystem system)
    {
        this.system = system;
        foreach (MomentStatement statement in system.Step)
        {
            if (statement is ContractedEquation { IsNext: false } equation)
                definitions[equation.Variable.Tensor.Name] = equation;
            else if (statement is GaussianStatement gaussian)
                gaussian.Outputs.ToList().ForEach(output => numbers[output.Tensor.Name] = gaussian);
        }
    }

    /// <summary>Whether a system has an equation.</summary>
    /// <param name="system">The system.</param>
    /// <param name="tensor">A tensor of the state.</param>
    public static bool Has(EquationSystem system, Tensor tensor) => system.Step.OfType<ContractedEquation>().Any(statement => statement.IsNext && statement.Variable.Tensor == tensor);

    /// <summary>The terms of the next value of a tensor of the state, those with the fewest legs first, two neurons last.</summary>
    /// <param name="tensor">The tensor.</param>
    public IReadOnlyList<TangentTerm> Of(Tensor tensor)
    {
        ContractedEquation next = system.Step.OfType<ContractedEquation>().Single(statement => statement.IsNext && statement.Variable.Tensor == tensor);
        return
        [
            .. Unfold(next.RightSide).Terms.ToArray()
                .GroupBy(term => string.Join(',', Held(term)), StringComparer.Ordinal)
                .Select(group => new TangentTerm([.. Held(group.First())], Expression.Add(group)))
                .OrderBy(term => term.Legs.IsEmpty).ThenBy(term => term.Legs.Length).ThenByDescending(term => string.Join(',', term.Legs), StringComparer.Ordinal),
        ];

        // What a covariance has without a cumulant is that of modes of independent neurons.
        IEnumerable<int> Held(Expression term) => Legs(term) is var legs && !legs.Any() && tensor != TangentDerivation.Correction ? Cumulants[MomentLetters.WithModes.Name] : legs;
    }

    // The cumulants in a term; one alone at order 1/n.
    private IEnumerable<int> Legs(Expression term) => Atoms(term).SelectMany(atom => LegsOf(atom.Tensor.Name));

    private ImmutableArray<int> LegsOf(string name)
    {
        if (Cumulants.TryGetValue(name, out ImmutableArray<int> legs))
            return legs;
        // Of a definition, too, which may take a part of a cumulant away; the tables of two neurons have no cumulant in them.
        IEnumerable<string> of = numbers.TryGetValue(name, out GaussianStatement? made) ? Given(made)
            : definitions.TryGetValue(name, out ContractedEquation? definition) ? Atoms(definition.RightSide.Expand().Terms[0]).Select(atom => atom.Tensor.Name)
            : [];
        return of.Select(LegsOf).FirstOrDefault(each => each.Length > 0, []);
    }

    // Whether there is anything of order 1/n in a tensor, which all of the state but its means at infinite width is.
    private bool IsSmall(string name)
    {
        if (!small.TryGetValue(name, out bool isSmall))
        {
            small[name] = false;
            small[name] = isSmall = definitions.TryGetValue(name, out ContractedEquation? definition) ? definition.RightSide.Nodes().OfType<Indexed>().Any(atom => IsSmall(atom.Tensor.Name))
                : numbers.TryGetValue(name, out GaussianStatement? made) ? made.Recipe == GaussianRecipe.ContractWithOverlaps || Given(made).Any(IsSmall)
                : name != TangentDerivation.Mean.Name && name != Notation.MeanKernel.Name && system.State.Any(variable => variable.Tensor.Name == name);
        }

        return isSmall;
    }

    private static IEnumerable<string> Given(GaussianStatement statement) => statement.Arguments.OfType<TensorArgument>().Where(argument => !argument.IsNext).Select(argument => argument.Tensor.Name);

    private static IEnumerable<Indexed> Atoms(Expression term) => term.Factors.ToArray().Select(Power.BaseOf).OfType<Indexed>();

    // Definitions in which there is something of order 1/n are put in; others, of numbers alone, keep their names.
    private Expression Unfold(Expression sum)
    {
        for (Expression before = sum.Expand(); ; before = sum)
        {
            sum = Expression.Add(before.Terms.ToArray().Select(term =>
                Atoms(term).FirstOrDefault(atom => definitions.ContainsKey(atom.Tensor.Name) && IsSmall(atom.Tensor.Name)) is { } atom ? term / atom * Definition(atom, term) : term)).Expand();
            if (ReferenceEquals(sum, before))
                return sum;
        }
    }

    private Expression Definition(Indexed atom, Expression term)
    {
        ContractedEquation definition = definitions[atom.Tensor.Name];
        var names = new Dictionary<TensorIndex, TensorIndex>();
        for (int at = 0; at < atom.Indices.Length; at++)
            names[definition.Variable.Indices[at]] = atom.Indices[at];
        HashSet<TensorIndex> taken = [.. Atoms(term).SelectMany(each => each.Indices.ToArray())];
        foreach (TensorIndex summed in definition.RightSide.Nodes().OfType<Indexed>().SelectMany(each => each.Indices.ToArray()).Where(index => !names.ContainsKey(index)).Distinct().Order())
            names[summed] = Fresh(summed, taken);
        return definition.RightSide.Rename(names);
    }

    private static TensorIndex Fresh(TensorIndex index, HashSet<TensorIndex> taken)
    {
        TensorIndex free = index;
        for (int number = 1; !taken.Add(free); number++)
            free = TensorIndex.Of(index.Kind, FormattableString.Invariant($"{index}{number}"));
        return free;
    }
}
