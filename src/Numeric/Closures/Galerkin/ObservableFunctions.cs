using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Derivation.Tangent;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Lowering;

namespace SymbolicEft.Numeric.Closures.Galerkin;

/// <summary>Observables of an activation as functions with their derivatives and kinks.</summary>
/// <param name="activation">sigma.</param>
internal sealed class ObservableFunctions(Activation activation)
{
    private readonly Dictionary<Expression, ActivationDescription> _known = [];

    /// <summary>An observable as a function of phi.</summary>
    /// <param name="observable">The observable.</param>
    /// <param name="needsProducts">False where no two inputs differ.</param>
    /// <exception cref="NotSupportedException">It contains a delta function, or is no sum of products.</exception>
    public ObservableFunction Of(Observable observable, bool needsProducts) => new(
        observable.ToString(), observable.HasTwoInputs, observable.IsSymmetric, Factor(observable.Diagonal), needsProducts && observable.HasTwoInputs ? [.. observable.Products().Select(Product)] : [], observable.Equals(Observable.Kernel));

    /// <summary>What tangents are multiplied by.</summary>
    /// <param name="tangent">The function.</param>
    /// <param name="needsProducts">False where no two inputs differ.</param>
    public ObservableFunction Of(TangentOfObservable tangent, bool needsProducts) => new(
        tangent.ToString(), tangent.HasTwoInputs, false, Factor(tangent.Diagonal), needsProducts && tangent.HasTwoInputs ? [.. tangent.Products.Select(product => (product.Coefficient.ToDouble(), Factor(product.First), Factor(product.Second)))] : []);

    private (double Coefficient, ActivationDescription First, ActivationDescription Second) Product((Expression First, Expression Second) product)
    {
        (Rational coefficient, Expression left) = Symbolic.Expressions.Product.SplitCoefficient(product.First);
        return (coefficient.ToDouble(), Factor(left), Factor(product.Second.Substitute(Observable.Y, Observable.X)));
    }

    private ActivationDescription Factor(Expression function)
    {
        if (_known.TryGetValue(function, out ActivationDescription? known)) return known;
        int order = function.Nodes().OfType<Call>().Select(call => call.Function).OfType<ActivationFunction>().Select(sigma => sigma.Order).DefaultIfEmpty(0).Max();
        foreach (KinkPoint kink in activation.Definition.Kinks)
        {
            if (order > kink.Order)
                throw new NotSupportedException(FormattableString.Invariant($"The observable function {function} has derivative {order} of {activation.Text}, which contains a delta function at {kink.Value:R}; leave it out of the closure."));
        }

        if (function.Nodes().Any(node => node is Call { Function: var part } && DeltaFunctions.OrderOf(part) is not null))
            throw new NotSupportedException($"The observable function {function} contains a delta function; leave it out of the closure.");
        Expression definite = ListFunctions.Definite(function, activation.Definition);
        Expression slope = definite.Differentiate(Activation.Variable);
        Expression[] derivatives = [definite, DeltaFunctions.LeaveOut(slope), DeltaFunctions.LeaveOut(slope.Differentiate(Activation.Variable))];
        var compiled = new Func<double, double>?[derivatives.Length];
        Func<double, double> Compiled(int derivative) => compiled[derivative] ??= ScalarCompiler.Compile(derivatives[derivative], Activation.Variable);
        var description = new ActivationDescription(function.ToString(), Compiled(0))
        {
            Derivative = derivative => derivative < derivatives.Length ? Compiled(derivative) : null,
            Kinks = PointsOf(definite),
            Expressions = derivative => derivative < derivatives.Length ? new(definite, derivative, derivatives[derivative]) : null,
        };
        _known.Add(function, description);
        return description;
    }

    // Where nothing differs on both sides, the order is one above all that are looked at.
    private static Kink[] PointsOf(Expression function)
    {
        var orders = Kinks.Find(function, Activation.Variable).ToDictionary(kink => kink.Value, kink => kink.Order);
        return [.. Kinks.Points(function, Activation.Variable).Select(point => new Kink(point, orders.GetValueOrDefault(point, Kinks.HighestOrder + 1)))];
    }
}
