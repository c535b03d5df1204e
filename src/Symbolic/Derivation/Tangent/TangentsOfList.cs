// A network with its tangents is a network, phi + eta dphi. To first order in the tangents of its two slots an observable f(x, y) of it is
//   f,   d_x f dx,   d_y f dy,   d_x d_y f dx dy
// so that a closure on a list projects what one tangent is multiplied by on the first derivatives of the list in the slot of that tangent, and what two are multiplied by on the mixed ones.
// x y gives y and 1, sigma sigma gives sigma' sigma and sigma' sigma'. An observable that jumps in a slot has no tangent there: it would be a delta function, which has no variance.

using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Derivation.Programs;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Derivation.Tangent;

/// <summary>A function of two inputs that tangents are multiplied by.</summary>
/// <param name="Products">It as a sum of products F(x) G(y), both written in x: the input of the first slot has the tangent, or both have one.</param>
/// <param name="HasTwoInputs">Whether the input of the second slot counts: it does where it has a tangent, or where the function depends on it.</param>
internal sealed record TangentOfObservable(IReadOnlyList<(Rational Coefficient, Expression First, Expression Second)> Products, bool HasTwoInputs)
{
    /// <summary>F(x) G(x).</summary>
    public Expression Diagonal => Expression.Add(Products.Select(product => product.Coefficient * product.First * product.Second));

    /// <summary>For messages.</summary>
    public override string ToString() => Expression.Add(Products.Select(product => product.Coefficient * product.First * product.Second.Substitute(Observable.X, Observable.Y))).ToString();
}

/// <summary>The tangents of a list of observables.</summary>
internal static class TangentsOfList
{
    /// <summary>What one tangent is multiplied by, that of the first slot; the first is that of x y.</summary>
    /// <param name="kept">The list.</param>
    /// <param name="sigma">sigma.</param>
    public static IReadOnlyList<TangentOfObservable> One(KeptObservables kept, ActivationDefinition sigma) =>
    [
        .. from observable in kept.Observables
           let products = Products(observable, sigma)
           from slot in observable.IsSymmetric || !observable.HasTwoInputs ? new[] { products } : [products, Exchanged(products)]
           let derivative = Derivative(slot)
           where derivative is not null
           select derivative,
    ];

    /// <summary>What two tangents are multiplied by, one of each slot.</summary>
    /// <param name="kept">The list.</param>
    /// <param name="sigma">sigma.</param>
    public static IReadOnlyList<TangentOfObservable> Two(KeptObservables kept, ActivationDefinition sigma) =>
    [
        .. from observable in kept.Observables
           let first = Derivative(Products(observable, sigma))
           where first is not null
           let both = Derivative(Exchanged(first.Products))
           where both is not null
           select new TangentOfObservable(Exchanged(both.Products), HasTwoInputs: true),
    ];

    private static (Rational Coefficient, Expression First, Expression Second)[] Products(Observable observable, ActivationDefinition sigma) => [.. observable.Products().Select(product =>
    {
        (Rational coefficient, Expression first) = Product.SplitCoefficient(product.First);
        return (coefficient, ListFunctions.Definite(first, sigma), ListFunctions.Definite(product.Second.Substitute(Observable.Y, Observable.X), sigma));
    })];

    private static (Rational Coefficient, Expression First, Expression Second)[] Exchanged(IEnumerable<(Rational Coefficient, Expression First, Expression Second)> products) =>
        [.. products.Select(product => (product.Coefficient, product.Second, product.First))];

    // In the first slot; null where it jumps, or does not depend on it.
    private static TangentOfObservable? Derivative(IReadOnlyList<(Rational Coefficient, Expression First, Expression Second)> products)
    {
        if (products.Any(product => Kinks.Find(product.First, Observable.X).Any(kink => kink.Order < 1)))
            return null;
        (Rational, Expression, Expression)[] derivatives = [.. products.Select(product => (product.Coefficient, DeltaFunctions.LeaveOut(product.First.Differentiate(Observable.X)), product.Second)).Where(product => !product.Item2.IsZero)];
        return derivatives.Length == 0 ? null : new(derivatives, derivatives.Any(product => product.Item3.Nodes().Contains(Observable.X)));
    }
}
