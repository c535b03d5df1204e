// What every programming language needs of a moment system: the activation and its derivatives, the observables as integrands,
// and the statements without those that nothing uses.

using System.Globalization;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>An observable of a generated program.</summary>
/// <param name="Meaning">In x and y.</param>
/// <param name="Integrand">Its place among the integrands.</param>
/// <param name="Exchanged">The place of f(y, x).</param>
/// <param name="HasTwoInputs">True if it depends on two inputs.</param>
/// <param name="IsSymmetric">True if exchanging the inputs changes nothing.</param>
/// <param name="Diagonal">The place of f(x, x) among the functions.</param>
/// <param name="Products">f as a sum of products F(x) G(y): coefficients, and the places of F and G.</param>
/// <param name="IsKernel">Whether it is x y.</param>
internal sealed record ObservableCode(
    string Meaning, int Integrand, int Exchanged, bool HasTwoInputs, bool IsSymmetric, int Diagonal, IReadOnlyList<(double Coefficient, int First, int Second)> Products, bool IsKernel = false);

/// <summary>A function of one input, and its first two derivatives where they are used.</summary>
/// <param name="Meaning">In x.</param>
/// <param name="Derivatives">In the variable of activations.</param>
internal sealed record FunctionCode(string Meaning, IReadOnlyList<Expression> Derivatives)
{
    /// <summary>Where it is not smooth.</summary>
    public IReadOnlyList<KinkPoint> Kinks { get; init; } = [];

    /// <summary>A function with its kinks, and no derivatives.</summary>
    public static FunctionCode ValueOf(ActivationDefinition function) => new(function.Text, [DeltaFunctions.LeaveOut(function.Expression)]) { Kinks = function.Kinks };
}

/// <summary>A closure on modes or observables, checked for what generated code can compute.</summary>
internal sealed class MomentContent
{
    private readonly List<Expression> _integrands = [], _functions = [];

    /// <summary>Prepares a system.</summary>
    /// <param name="system">The equations.</param>
    /// <param name="subject">What they are of.</param>
    /// <param name="hasTangents">Whether functions are projected on the tangents of the list.</param>
    /// <param name="takesKinks">Whether the language has rules for modes of functions with kinks.</param>
    /// <exception cref="NotSupportedException">Generated code could not compute what the equations need; the message says what.</exception>
    public MomentContent(EquationSystem system, DerivationSubject subject, bool hasTangents = false, bool takesKinks = false)
    {
        ActivationDefinition activation = subject.Definition ?? throw new ArgumentException("Generated code needs the activation's definition.", nameof(subject));
        (System, Name, Activation) = (system, subject.Name, subject.Activation);
        Numbers = subject.Numbers ?? throw new ArgumentException("Generated code needs the specification's numbers.", nameof(subject));
        if (system.Closure.Keeps is KeptModesToAccuracy)
        {
            throw new NotSupportedException(
                $"{system.Closure.Name} chooses its order while it is being solved, and generated code has a fixed one; name the order, such as hermite(20), write markdown or latex, or solve it with symeft solve.");
        }

        if (system.Closure.Keeps is KeptObservables)
            CodeContent.RequireSmooth(subject, "where its expansions in modes converge slowly: write");
        else if (!takesKinks)
            CodeContent.RequireSmooth(subject, "where a uniform grid converges slowly: write csharp,");
        Orders = system.Orders;
        HighestOrder = Math.Max(2, Orders.DefaultIfEmpty(2).Max());
        IReadOnlyList<Observable> closure = system.Closure.Keeps is KeptObservables span ? span.Observables : [];
        List<Observable> all = [.. closure];
        if (!all.Contains(Observable.SigmaKernel))
            all.Add(Observable.SigmaKernel);
        ClosureSize = closure.Count;
        Observables = [.. all.Select(Code)];
        SigmaKernelPlace = all.IndexOf(Observable.SigmaKernel);
        SigmaKernel = Observables[SigmaKernelPlace].Integrand;
        if (hasTangents && system.Closure.Keeps is KeptObservables list)
            Tangents = ([.. TangentsOfList.One(list, activation).Select(Code)], [.. TangentsOfList.Two(list, activation).Select(Code)]);
        int highest = 0;
        Integrands = [.. _integrands.Select(body => body.Rewrite(node =>
        {
            if (node is not Call { Function: ActivationFunction sigma } call)
                return null;
            highest = Math.Max(highest, sigma.Order);
            return Symbol.Of(string.Create(CultureInfo.InvariantCulture, $"{(ReferenceEquals(call.Operands[0], Observable.X) ? 'f' : 'g')}[{sigma.Order}]"));
        }))];
        List<Expression> derivatives = DerivativesOf(activation.Expression, highest);
        if (IsOnModes)
            _functions = [Notation.Sigma(Observable.X)];
        Functions = [.. _functions.Select(function => IsOnModes && activation.Kinks.Count > 0
            ? FunctionCode.ValueOf(activation) with { Meaning = ExpressionPrinter.Text(function) }
            : new(ExpressionPrinter.Text(function), DerivativesOf(ListFunctions.Definite(function, activation), 2)))];
        (DerivativeLocals, Derivatives) = CommonSubexpressions.Name(derivatives, "t");
        Step = MomentStatements.Needed(system.Step);
        Quantities = MomentStatements.Needed(system.Quantities);
    }

    public EquationSystem System { get; }

    public string Name { get; }

    public string Activation { get; }

    public SubjectNumbers Numbers { get; }

    public bool IsDiscrete => System.Form == DepthForm.Discrete;

    /// <summary>True for hermite(k), false for observables.</summary>
    public bool IsOnModes => ClosureSize == 0;

    /// <summary>The orders of the modes beside g.</summary>
    public IReadOnlyList<int> Orders { get; }

    public int HighestOrder { get; }

    /// <summary>The observables, those of the closure first, and sigma(x) sigma(y).</summary>
    public IReadOnlyList<ObservableCode> Observables { get; }

    /// <summary>What one tangent is multiplied by, and what two are; empty where the tangents of two neurons are not among the state.</summary>
    public (IReadOnlyList<ObservableCode> One, IReadOnlyList<ObservableCode> Two) Tangents { get; } = ([], []);

    /// <summary>How many of them belong to the closure.</summary>
    public int ClosureSize { get; }

    /// <summary>The place of sigma(x) sigma(y) among the observables.</summary>
    public int SigmaKernelPlace { get; }

    /// <summary>Its place among the integrands.</summary>
    public int SigmaKernel { get; }

    /// <summary>Functions of x and y, f[k] and g[k].</summary>
    public IReadOnlyList<Expression> Integrands { get; }

    /// <summary>The functions of one input that observables are made of; sigma alone for closures on modes.</summary>
    public IReadOnlyList<FunctionCode> Functions { get; }

    /// <summary>Shared parts of the derivatives of sigma.</summary>
    public IReadOnlyList<Assignment> DerivativeLocals { get; }

    /// <summary>sigma(x) and its derivatives.</summary>
    public IReadOnlyList<Expression> Derivatives { get; }

    /// <summary>The statements of a layer.</summary>
    public IReadOnlyList<MomentStatement> Step { get; }

    /// <summary>The statements of what follows from the state.</summary>
    public IReadOnlyList<MomentStatement> Quantities { get; }

    /// <summary>The parameters that statements read.</summary>
    public static IReadOnlyList<Symbol> Parameters(IEnumerable<MomentStatement> statements)
    {
        IReadOnlySet<Expression> nodes = Nodes(statements);
        return [.. CodePlan.Parameters.Where(nodes.Contains)];
    }

    /// <summary>The symbols that statements read.</summary>
    public static IEnumerable<Symbol> Symbols(IEnumerable<MomentStatement> statements) => Nodes(statements).OfType<Symbol>();

    /// <summary>All parts of the right sides of statements.</summary>
    public static IReadOnlySet<Expression> Nodes(IEnumerable<MomentStatement> statements) => new HashSet<Expression>(statements.SelectMany(statement => statement switch
    {
        ContractedEquation equation => equation.RightSide.Nodes(),
        ComponentEquation equation => equation.RightSide.Nodes(),
        GaussianStatement gaussian => gaussian.Arguments.OfType<ScalarArgument>().SelectMany(argument => argument.Value.Nodes()),
        _ => [],
    }));

    /// <summary>Terms gathered behind their products of parameters.</summary>
    public static Expression Gathered(Expression value)
    {
        var groups = new SortedDictionary<Expression, List<Expression>>();
        foreach (Expression term in value.Terms)
        {
            Expression scalars = Expression.One, rest = Expression.One;
            foreach (Expression factor in term.Factors)
                (scalars, rest) = factor is not Number && factor.FreeIndices().Count == 0 ? (scalars * factor, rest) : (scalars, rest * factor);
            if (!groups.TryGetValue(scalars, out List<Expression>? members))
                groups.Add(scalars, members = []);
            members.Add(rest);
        }

        return Expression.Add(groups.Select(group => group.Key * Expression.Add(group.Value)));
    }

    /// <summary>The letters of a right side that are summed.</summary>
    public static IReadOnlyList<TensorIndex> Summed(Expression term, Indexed left)
    {
        var summed = new SortedSet<TensorIndex>(term.FreeIndices());
        summed.ExceptWith(left.Indices.ToArray());
        return [.. summed];
    }

    /// <summary>The lines of the header comment, without comment signs.</summary>
    public IEnumerable<string> Header(string language, string run)
    {
        yield return $"The {System.Closure.Name} closure, {(IsDiscrete ? "discrete depth: the map from layer l to layer l + 1" : "continuous depth: rates of change in t = eps^2 l")}.";
        yield return $"Specification {Name}: activation {Activation}. The equations hold for every activation, number of inputs and parameters.";
        yield return $"Generated by: symeft derive {Name}.yaml --to {language}";
        yield return $"Run it with:  {run}";
        yield return "";
        yield return "p, q, r, u count pairs of inputs, p = (a, b) and q = (c, d); s = C_W xi(sigma_a sigma_b) is the fluctuation of the row covariance.";
        if (IsOnModes)
        {
            yield return "M = (k, q, j) is the mode he_(k-j)(z1) he_j(z2) of order k in the frame z of the pair q, phi = L z; an input with itself has j = 0 alone.";
            yield return "Normalised modes he_k are the Hermite polynomials H_A(phi; K0) of order k over sqrt(k!).";
        }
        else
        {
            yield return "Each pair of inputs is a block: the observables of its inputs, closed in themselves. I, J, L count the observables of all blocks, one of one input";
            yield return "in each block with that input; v, w, x count the pairs of inputs that blocks see, (a, a), (a, b) and (b, b) in that of (a, b).";
            foreach (ObservableCode observable in Observables.Take(ClosureSize))
                yield return $"    f(phi_a{(observable.HasTwoInputs ? ", phi_b" : "")}) = {observable.Meaning}";
            yield return $"Functions are kept as expansions in orthonormal Hermite modes of their inputs, to order {RecipeText.ValueOf("HighestOfOne")} for one input and {RecipeText.ValueOf("HighestOfTwo")} for two;";
            yield return "expectations over two layers, of functions of up to four inputs, are sums over modes (Mehler).";
        }

    }

    private ObservableCode Code(Observable observable)
    {
        int straight = Place(observable.Body);
        int exchanged = observable.HasTwoInputs && !observable.IsSymmetric ? Place(observable.Exchanged) : straight;
        return new(ExpressionPrinter.Text(observable.Body), straight, exchanged, observable.HasTwoInputs, observable.IsSymmetric, PlaceOfFunction(observable.Diagonal), observable.HasTwoInputs ? [.. observable.Products().Select(Product)] : [], observable.Equals(Observable.Kernel));
    }

    private ObservableCode Code(TangentOfObservable tangent) => new(
        ExpressionPrinter.Text(tangent.Diagonal), 0, 0, tangent.HasTwoInputs, false, PlaceOfFunction(tangent.Diagonal),
        [.. tangent.Products.Select(product => (product.Coefficient.ToDouble(), PlaceOfFunction(product.First), PlaceOfFunction(product.Second)))]);

    private (double Coefficient, int First, int Second) Product((Expression First, Expression Second) product)
    {
        (Rational coefficient, Expression first) = Expressions.Product.SplitCoefficient(product.First);
        return (coefficient.ToDouble(), PlaceOfFunction(first), PlaceOfFunction(product.Second.Substitute(Observable.Y, Observable.X)));
    }

    private int PlaceOfFunction(Expression function) => PlaceIn(_functions, function);

    private static List<Expression> DerivativesOf(Expression function, int highest)
    {
        var derivatives = new List<Expression> { function };
        while (derivatives.Count <= highest)
            derivatives.Add(derivatives[^1].Differentiate(KnownActivations.Variable));
        return derivatives;
    }

    private int Place(Expression body) => PlaceIn(_integrands, body);

    private static int PlaceIn(List<Expression> expressions, Expression body)
    {
        int known = expressions.FindIndex(each => ReferenceEquals(each, body));
        if (known >= 0)
            return known;
        expressions.Add(body);
        return expressions.Count - 1;
    }
}
