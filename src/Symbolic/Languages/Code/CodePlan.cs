// From the equations to the lines of a program, the same for every programming language:
//   1. Expectations become arrays over inputs (ExpectationArrays); abbreviations such as Q_ab become arrays as well.
//   2. Equations whose tensors are visited by the same loops go into one block.
//   3. In a loop over two pairs (a,b), (c,d), what a term has of one pair alone, such as the response coefficients
//      alpha^2 + eps^2 C_W <sigma'_a sigma'_b>, becomes an array that is filled once, over pairs.
//   4. Terms are gathered behind their products of parameters, which are computed once, before the loops.
//   5. What is shared inside a loop gets a name (CommonSubexpressions).
// Nothing is derived here, and no formula stated: every line is a part of the equation system.

using System.Globalization;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>A nest of loops and its body.</summary>
/// <param name="Shape">The loops.</param>
/// <param name="Locals">Names of shared parts.</param>
/// <param name="Outputs">Array components and their values.</param>
internal sealed record LoopBlock(LoopShape Shape, IReadOnlyList<Assignment> Locals, IReadOnlyList<Assignment> Outputs)
{
    /// <summary>The formulas of the outputs in the paper's letters, in lines for a comment.</summary>
    public IReadOnlyList<string> Headings { get; init; } = [];

    /// <summary>Arithmetic operations of one pass through the body.</summary>
    public int Operations => Locals.Sum(line => line.Operations) + Outputs.Sum(line => line.Operations);
}

/// <summary>The body of one function: formulas evaluated together.</summary>
/// <param name="Scalars">Products of parameters.</param>
/// <param name="Helpers">Blocks that fill arrays which exist inside the function only.</param>
/// <param name="Outputs">Blocks that fill the result.</param>
internal sealed record CodeSection(IReadOnlyList<Assignment> Scalars, IReadOnlyList<LoopBlock> Helpers, IReadOnlyList<LoopBlock> Outputs)
{
    private IEnumerable<Assignment> Lines =>
        Scalars.Concat(Helpers.Concat(Outputs).SelectMany(block => block.Locals.Concat(block.Outputs)));

    /// <summary>The tensors that the function reads.</summary>
    public IReadOnlySet<string> TensorsRead => new SortedSet<string>(
        Lines.SelectMany(line => line.Value.Nodes()).OfType<Indexed>().Select(component => component.Tensor.Name), StringComparer.Ordinal);

    /// <summary>Which of some parameters the function reads, in their order.</summary>
    public IReadOnlyList<Symbol> Read(IEnumerable<Symbol> parameters)
    {
        HashSet<Expression> nodes = [.. Lines.SelectMany(line => line.Value.Nodes())];
        return [.. parameters.Where(nodes.Contains)];
    }
}

/// <summary>An equation system as lines of a program.</summary>
internal sealed class CodePlan
{
    private readonly EquationSystem _system;
    private readonly IReadOnlyList<EvolutionEquation> _equations;
    private readonly IReadOnlyList<ComponentEquation> _quantities;
    private readonly ExpectationArrays _expectations = new();

    public CodePlan(EquationSystem system)
    {
        _system = system;
        HeadKind evolution = system.Form == DepthForm.Discrete ? HeadKind.NextLayer : HeadKind.TimeDerivative;
        (_equations, _quantities) = (system.Equations, system.ComponentQuantities);
        RightSide = Section([.. _equations.Select(equation => (equation.Variable, equation.RightSide))], evolution);
        Quantities = Section([.. _quantities.Select(quantity => (quantity.Variable, quantity.RightSide))], HeadKind.Plain);
        Initial = Section([.. _equations.Select(equation => (equation.Variable, equation.Initial))], HeadKind.AtDepthZero);
    }

    /// <summary>alpha, eps, C_W, C_b.</summary>
    public static IReadOnlyList<Symbol> Parameters { get; } = [Notation.Skip, Notation.Step, Notation.WeightVariance, Notation.BiasVariance];

    /// <summary>The tensors of the state, K0 first.</summary>
    public IReadOnlyList<Tensor> State => [.. _equations.Select(equation => equation.Variable.Tensor)];

    /// <summary>The tensors that follow from the state.</summary>
    public IReadOnlyList<Tensor> Derived => [.. _quantities.Select(quantity => quantity.Variable.Tensor)];

    /// <summary>The arrays of expectations.</summary>
    public IReadOnlyList<ExpectationArray> Expectations => _expectations.All;

    /// <summary>The highest derivative of sigma under an expectation.</summary>
    public int HighestOrder => _expectations.HighestOrder;

    /// <summary>Values at the next layer, or rates of change.</summary>
    public CodeSection RightSide { get; }

    /// <summary>What follows from the state.</summary>
    public CodeSection Quantities { get; }

    /// <summary>The state at depth 0, from K0.</summary>
    public CodeSection Initial { get; }

    private CodeSection Section(IReadOnlyList<(Indexed Left, Expression Value)> formulas, HeadKind head)
    {
        var builder = new SectionBuilder();
        var needed = new List<ComponentEquation>();
        foreach ((_, Expression value) in formulas)
            Require(value, needed);
        foreach (ComponentEquation abbreviation in needed)
            builder.AddHelper(LoopShape.Of(abbreviation.Variable.Tensor), abbreviation.Variable.Tensor, Prepared(abbreviation.Variable, abbreviation.RightSide), Heading(HeadKind.Plain, abbreviation.Variable, abbreviation.RightSide));
        foreach (var group in formulas.GroupBy(formula => LoopShape.Of(formula.Left.Tensor)))
            builder.AddOutputs(group.Key, [.. group.Select(formula => (formula.Left.Tensor, Prepared(formula.Left, formula.Value)))], [.. group.SelectMany(formula => Heading(head, formula.Left, formula.Value))]);
        return builder.Finish();
    }

    // One formula in lines, broken before terms.
    private static IReadOnlyList<string> Heading(HeadKind head, Indexed left, Expression value)
    {
        const int longest = 130;
        var lines = new List<string> { "" };
        foreach (string word in FormulaPrinter.Text(new DerivedFormula(new(head, left), value)).Split(' '))
        {
            if (lines[^1].Length + word.Length > longest && word is "+" or "-")
                lines.Add("   ");
            lines[^1] += (lines[^1].Length == 0 ? "" : " ") + word;
        }

        return lines;
    }

    // The free indices by their position, expectations as arrays.
    private Expression Prepared(Indexed left, Expression value)
    {
        LoopShape shape = LoopShape.Of(left.Tensor);
        var table = new Dictionary<TensorIndex, TensorIndex>();
        for (int at = 0; at < left.Indices.Length; at++)
            table[left.Indices[at]] = shape.Letters[at];
        return _expectations.Replace(value.Rename(table));
    }

    private void Require(Expression value, List<ComponentEquation> needed)
    {
        foreach (Indexed component in value.Nodes().OfType<Indexed>())
        {
            if (_system.Abbreviations.FirstOrDefault(each => each.Variable.Tensor == component.Tensor) is not { } abbreviation || needed.Contains(abbreviation))
                continue;
            Require(abbreviation.RightSide, needed);
            needed.Add(abbreviation);
        }
    }
}

/// <summary>Collects the lines of one function.</summary>
internal sealed class SectionBuilder
{
    private readonly List<Assignment> _scalars = [];
    private readonly List<LoopBlock> _helpers = [], _outputs = [];
    private readonly List<(Expression Value, Tensor Array)> _coefficients = [];

    public void AddHelper(LoopShape shape, Tensor array, Expression value, IReadOnlyList<string> headings) => _helpers.Add(Block(shape, [(array, value)]) with { Headings = headings });

    public void AddOutputs(LoopShape shape, IReadOnlyList<(Tensor Array, Expression Value)> outputs, IReadOnlyList<string> headings)
    {
        if (shape.HasTwoPairs)
        {
            int before = _coefficients.Count;
            outputs = [.. outputs.Select(output => (output.Array, Expression.Add(output.Value.Terms.ToArray().Select(PullOutPairs))))];
            if (_coefficients.Count > before)
                _helpers.Add(Block(new LoopShape(2, TensorSymmetry.None), [.. _coefficients[before..].Select(each => (each.Array, each.Value))]) with { Headings = ["Coefficients of the linear response, of one pair each."] });
        }

        _outputs.Add(Block(shape, outputs) with { Headings = headings });
    }

    public CodeSection Finish() => new(_scalars, _helpers, _outputs);

    private LoopBlock Block(LoopShape shape, IReadOnlyList<(Tensor Array, Expression Value)> outputs)
    {
        (IReadOnlyList<Assignment> locals, IReadOnlyList<Expression> values) = CommonSubexpressions.Name([.. outputs.Select(output => Gather(output.Value))], "t");
        return new(shape, locals, [.. outputs.Select((output, at) => new Assignment(output.Array[[.. shape.Letters]], values[at]))]);
    }

    // A term as (what it has of the pair a, b) (what it has of the pair c, d) (the rest); the numbers go with the first.
    private Expression PullOutPairs(Expression term)
    {
        Expression scalars = Expression.One, first = Expression.One, second = Expression.One, rest = Expression.One;
        foreach (Expression factor in term.Factors)
        {
            IReadOnlySet<TensorIndex> indices = factor.FreeIndices();
            if (indices.Count == 0)
                scalars *= factor;
            else if (indices.All(index => index == Notation.A || index == Notation.B))
                first *= factor;
            else if (indices.All(index => index == Notation.C || index == Notation.D))
                second *= factor;
            else
                rest *= factor;
        }

        if (rest.IsOne || (first.IsOne && second.IsOne))
            return term;
        // The numbers go to both pairs alike where they have a square root, so that (x/2)_ab (x/2)_cd needs one array; else
        // to a pair that has a product of its own already.
        (Expression left, Expression right) = (scalars, Expression.One);
        if (first.IsOne)
            (left, right) = (right, left);
        else if (!second.IsOne && SquareRoot(scalars) is { } root)
            (left, right) = (root, root);
        else if (first is Sum && !second.IsOne && second is not Sum)
            (left, right) = (right, left);
        return rest * Coefficient(left * first, Notation.A, Notation.B) * Coefficient(right * second, Notation.C, Notation.D);
    }

    // The square root of a product of squares of symbols and of a rational number; null if it is none.
    private static Expression? SquareRoot(Expression scalars)
    {
        Expression root = Expression.One;
        foreach (Expression factor in scalars.Factors)
        {
            Expression part = Power.Of(factor, Expression.Half);
            if (factor is Power { Base: Symbol, Exponent: Number { Value: { IsInteger: true, Numerator.IsEven: true } exponent } } power)
                part = Power.Of(power.Base, Number.Of(exponent / 2));
            else if (part is not Number)
                return null;
            root *= part;
        }

        return root;
    }

    private Expression Coefficient(Expression value, TensorIndex first, TensorIndex second)
    {
        if (value is Indexed || value.IsOne)
            return value;
        Expression straight = Renamed(value, (first, Notation.A), (second, Notation.B)), exchanged = Renamed(value, (first, Notation.B), (second, Notation.A));
        bool asIs = straight.CompareTo(exchanged) <= 0;
        Expression canonical = asIs ? straight : exchanged;
        int known = _coefficients.FindIndex(each => ReferenceEquals(each.Value, canonical));
        if (known < 0)
        {
            known = _coefficients.Count;
            _coefficients.Add((canonical, new Tensor($"response{(known + 1).ToString(CultureInfo.InvariantCulture)}", "R", 2)));
        }

        Tensor array = _coefficients[known].Array;
        return asIs ? array[first, second] : array[second, first];
    }

    private static Expression Renamed(Expression value, params (TensorIndex From, TensorIndex To)[] table) =>
        value.Rename(table.ToDictionary(entry => entry.From, entry => entry.To));

    // alpha^2 eps^2 K0_ac Q_bd + ... -> s1 (K0_ac Q_bd + ...), with s1 = alpha^2 eps^2 computed before the loops.
    private Expression Gather(Expression value)
    {
        var groups = new SortedDictionary<Expression, List<Expression>>();
        foreach (Expression term in value.Terms)
        {
            Expression scalars = Expression.One, rest = Expression.One;
            foreach (Expression factor in term.Factors)
            {
                if (factor is not Number && factor.FreeIndices().Count == 0)
                    scalars *= factor;
                else
                    rest *= factor is Sum ? Gather(factor) : factor;
            }

            if (!groups.TryGetValue(scalars, out List<Expression>? members))
                groups.Add(scalars, members = []);
            members.Add(rest);
        }

        return Expression.Add(groups.Select(group => Scalar(group.Key) * Expression.Add(group.Value)));
    }

    private Expression Scalar(Expression product)
    {
        if (product.Operands.IsEmpty)
            return product;
        if (_scalars.FirstOrDefault(line => ReferenceEquals(line.Value, product)) is { } known)
            return known.Left;
        Symbol name = Symbol.Of($"s{(_scalars.Count + 1).ToString(CultureInfo.InvariantCulture)}");
        _scalars.Add(new(name, product));
        return name;
    }
}
