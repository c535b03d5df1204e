// The equations of a closure on a list of observables (Galerkin).
// Discrete depth: f is expanded in the modes of the next kernel, f = sum_A E_{K0'}[d_A f] H_A(.; K0')/A!, whose layer map is
// known (ModeDynamics): P f = sum_A alpha^k E_{K0'}[d_A f] H_A(.; K0)/A!, and s enters through the order 2.
// Depth time:
//   <f>' = 1/2 Qhat_ef <d_e d_f f>                         (ObservableDynamics)
//   Qhat = Q + C_W xi(sigma sigma)/sqrt(n):   xi(f)' = xi(1/2 Q:dd f) + 1/2 C_W <d_e d_f f> xi(sigma_e sigma_f) + noise,
//   and xi(h) of any function h of (phi_a, phi_b) that is not in the list is projected on the block of the pair (a, b): the list at
//   (a, a), (a, b), (b, b). xi(h) = sum_J c_J xi(f_J),  sum_J Cov(f_I, f_J) c_J = Cov(f_I, h), in L2(N(0, K0)). Each block is closed in
//   itself: what it knows of (a, a) is its own, so that dropping other inputs changes nothing, and differences of functions of similar
//   inputs remain small.

using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>Derives the closure on a list of observables.</summary>
/// <param name="closure">The closure.</param>
/// <param name="list">Its observables.</param>
internal sealed class ObservableDerivation(IClosure closure, IReadOnlyList<Observable> list)
{
    /// <summary>The fluctuation xi(h) of a function of one neuron, h in slots x, y.</summary>
    public static Expression Fluctuation(Expression body, TensorIndex first, TensorIndex second) => Named("xi", @"\xi", body, first, second);

    /// <summary>m(h) = n (E of the layer average of h - E_{K0} h).</summary>
    public static Expression Mean(Expression body, TensorIndex first, TensorIndex second) => Named("m", "m", body, first, second);

    /// <summary>E_{K0}[h].</summary>
    public static Expression GaussianMeanOf(Expression body, TensorIndex first, TensorIndex second) =>
        GaussianExpectations.Of(Notation.MeanKernel, [first, second], body);

    /// <summary>Cov_{K0}(f, g) of two functions, f of (a, b) and g of (c, d).</summary>
    public static Expression GaussianCovariance(Expression left, TensorIndex a, TensorIndex b, Expression right, TensorIndex c, TensorIndex d)
    {
        Expression shifted = right.Substitute(new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance)
        {
            [Observable.X] = GaussianMean.Slot(2),
            [Observable.Y] = GaussianMean.Slot(3),
        });
        Expression product = GaussianExpectations.Of(Notation.MeanKernel, [a, b, c, d], left * shifted);
        return product - (GaussianMeanOf(left, a, b) * GaussianMeanOf(right, c, d));
    }

    /// <summary>K0': the kernel at the next layer and infinite width.</summary>
    public static Tensor NextKernel { get; } = new("K0'", @"K^{(0)\prime}", 2, TensorSymmetry.Symmetric);

    /// <summary>xi(f) at the next layer without noise, from modes up to an order.</summary>
    public static Expression NextFluctuation(Observable observable, TensorIndex first, TensorIndex second, int highestOrder) => Expression.Add(
        Enumerable.Range(1, highestOrder).Select(order => ModePolynomials.Part(observable, first, second, order, NextKernel, ModeDynamics.Fluctuation))).Expand();

    /// <summary>m(f) at the next layer, from modes up to an order.</summary>
    public static Expression NextMean(Observable observable, TensorIndex first, TensorIndex second, int highestOrder) => Expression.Add(
        Enumerable.Range(1, highestOrder).Select(order => ModePolynomials.Part(observable, first, second, order, NextKernel, ModeDynamics.Mean))).Expand();

    /// <summary>The part of order k of the noise covariance E_{K0'}[f g] - E_{K0}[P f P g] of one layer.</summary>
    public static Expression NextNoise(Observable left, TensorIndex a, TensorIndex b, Observable right, TensorIndex c, TensorIndex d, int order) =>
        ModePolynomials.Part(left, a, b, order, NextKernel, first =>
            ModePolynomials.Part(right, c, d, order, NextKernel, second => HermiteDerivation.Noise(first, second)));

    /// <summary>d xi(f)/dt without noise: the order n^(-1/2) of the drift.</summary>
    public static Expression FluctuationRate(Observable observable, TensorIndex first, TensorIndex second) => Expression.Add(
        Curvatures(observable, first, second).Select(part =>
            Expression.Half * ((Notation.MeanRowCovariance[part.First, part.Second] * Xi(part.Body, first, second))
                + (Notation.WeightVariance * GaussianMeanOf(part.Body, first, second) * Fluctuation(Observable.SigmaKernel.Body, part.First, part.Second)))));

    /// <summary>d m(f)/dt: the order 1/n of the drift; Cov(xi(d d f), xi(sigma sigma)) stands as a named covariance.</summary>
    public static Expression MeanRate(Observable observable, TensorIndex first, TensorIndex second) => Expression.Add(
        Curvatures(observable, first, second).Select(part =>
            Expression.Half * ((Notation.MeanRowCovariance[part.First, part.Second] * M(part.Body, first, second))
                + (Notation.WeightVariance * GaussianMeanOf(part.Body, first, second) * Mean(Observable.SigmaKernel.Body, part.First, part.Second))
                + (Notation.WeightVariance * Covariance(part.Body, first, second, Observable.SigmaKernel.Body, part.First, part.Second)))));

    /// <summary>n Cov(xi(h), xi(g)) as a name; 0 if one of them is constant.</summary>
    public static Expression Covariance(Expression left, TensorIndex a, TensorIndex b, Expression right, TensorIndex c, TensorIndex d) =>
        IsConstant(left) || IsConstant(right)
            ? Expression.Zero
            : new Tensor($"Cov({left}; {right})", $@"\mathrm{{Cov}}[{Latex(left)}; {Latex(right)}]", 4)[a, b, c, d];

    /// <summary>The steps of the derivation.</summary>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="highestShown">In discrete depth: modes up to this order are written out.</param>
    public IReadOnlyList<DerivationStep> Steps(DepthForm form, int highestShown = 4) =>
        [Definitions(), .. form == DepthForm.Discrete ? Layer(highestShown) : DepthTime(), Projection()];

    private IEnumerable<(Observable Left, Observable Right)> Pairs() =>
        from i in Enumerable.Range(0, list.Count)
        from j in Enumerable.Range(i, list.Count - i)
        select (list[i], list[j]);

    private DerivationStep Definitions() => new(
        "Observables",
        "The layer averages that describe the fluctuations. " + closure.Summary,
        [.. list.Select(f => new DerivedFormula(
            new(HeadKind.Plain, Fluctuation(f.Body, Notation.A, Notation.B)),
            ObservableDynamics.At(f.Body, Notation.A, Notation.B) - GaussianMeanOf(f.Body, Notation.A, Notation.B)))]);

    private IReadOnlyList<DerivationStep> Layer(int highestShown)
    {
        TensorIndex a = Notation.A, b = Notation.B, c = Notation.C, d = Notation.D;
        return
        [
            new("Fluctuations",
                "Each observable is expanded in the modes of the next kernel, whose layer map is known: the order n^(-1/2), without noise. The first orders are written out; the rest is alpha^k times the mode.",
                [.. list.Select(f => new DerivedFormula(new(HeadKind.NextLayer, Fluctuation(f.Body, a, b)), NextFluctuation(f, a, b, highestShown)))]),
            new("Noise",
                "The covariance that one layer adds, from the modes of order 1 and 2; higher orders follow the same way.",
                [.. Pairs().Select(pair => new DerivedFormula(
                    new(HeadKind.NoiseCovariance, Covariance(pair.Left.Body, a, b, pair.Right.Body, c, d)),
                    NextNoise(pair.Left, a, b, pair.Right, c, d, 1) + NextNoise(pair.Left, a, b, pair.Right, c, d, 2)))]),
            new("Means",
                "The order 1/n of the same expansion. All means vanish at depth 0, so that U1(0) = 0.",
                [.. list.Select(f => new DerivedFormula(new(HeadKind.NextLayer, Mean(f.Body, a, b)), NextMean(f, a, b, highestShown)))]),
        ];
    }

    private IReadOnlyList<DerivationStep> DepthTime()
    {
        TensorIndex a = Notation.A, b = Notation.B, c = Notation.C, d = Notation.D;
        return
        [
            new("Drift",
                "Taylor's expansion in eps and Wick over the rows of U, alpha = 1: the coefficient of eps^2 of the mean of f(phi') given phi.",
                [.. list.Select(f => new DerivedFormula(new(HeadKind.ConditionalMean, ObservableDynamics.At(f.Body, a, b)), ObservableDynamics.Drift(f, a, b)))]),
            new("Noise",
                "The coefficient of eps^2 of the covariance of two observables of one neuron given phi; its average over N(0, K0) drives the covariances.",
                [.. Pairs().Select(pair => new DerivedFormula(
                    new(HeadKind.ConditionalCumulant, ObservableDynamics.At(pair.Left.Body, a, b), ObservableDynamics.At(pair.Right.Body, c, d)),
                    ObservableDynamics.Noise(pair.Left, a, b, pair.Right, c, d)))]),
            new("Fluctuations",
                "Qhat = Q + C_W xi(sigma sigma)/sqrt(n) in the drift, at order n^(-1/2).",
                [.. list.Select(f => new DerivedFormula(new(HeadKind.TimeDerivative, Fluctuation(f.Body, a, b)), FluctuationRate(f, a, b)))]),
            new("Means",
                "The order 1/n of the drift: means, and the covariance of the response with sigma sigma. All means vanish at depth 0, so that U1(0) = 0.",
                [.. list.Select(f => new DerivedFormula(new(HeadKind.TimeDerivative, Mean(f.Body, a, b)), MeanRate(f, a, b)))]),
        ];
    }

    private DerivationStep Projection() => new(
        "Projection",
        "Functions outside of the list are projected on the block of their inputs a and b, which is the list at (a, a), (a, b) and (b, b); each pair of inputs has a block of its own, closed in itself, and an observable of one input stands in all of its blocks. Where inputs are nearly proportional, 1 - rho^2 < 1e-3, functions of a pair are projected on the list at that pair, on observables of one input, and on G. The covariances of the observables under N(0, K0) are the Gram matrix, and the initial condition; a singular one, as for equal inputs or linearly dependent observables, is inverted on its range.",
        [.. Pairs().Select(pair => new DerivedFormula(
            new(HeadKind.AtDepthZero, Covariance(pair.Left.Body, Notation.A, Notation.B, pair.Right.Body, Notation.C, Notation.D)),
            GaussianCovariance(pair.Left.Body, Notation.A, Notation.B, pair.Right.Body, Notation.C, Notation.D)))]);

    // d_e d_f f for e, f out of the two slots, with the inputs they stand for.
    private static IEnumerable<(TensorIndex First, TensorIndex Second, Expression Body)> Curvatures(Observable observable, TensorIndex first, TensorIndex second)
    {
        (Expression Slot, TensorIndex Input)[] slots = observable.HasTwoInputs ? [(Observable.X, first), (Observable.Y, second)] : [(Observable.X, first)];
        return from e in slots
               from f in slots
               let body = observable.Body.Differentiate(e.Slot).Differentiate(f.Slot).Expand()
               where !body.IsZero
               select (e.Input, f.Input, body);
    }

    private static bool IsConstant(Expression body) => !body.Nodes().Contains(Observable.X) && !body.Nodes().Contains(Observable.Y);

    private static Expression Xi(Expression body, TensorIndex first, TensorIndex second) => IsConstant(body) ? Expression.Zero : Fluctuation(body, first, second);

    private static Expression M(Expression body, TensorIndex first, TensorIndex second) => IsConstant(body) ? Expression.Zero : Mean(body, first, second);

    private static Expression Named(string name, string latex, Expression body, TensorIndex first, TensorIndex second)
    {
        if (ReferenceEquals(body, Observable.Kernel.Body))
            return name == "xi" ? Notation.Fluctuation[first, second] : Notation.MeanCorrection[first, second];
        if (ReferenceEquals(body, Observable.SigmaKernel.Body) && name == "m")
            return Notation.SigmaCorrection[first, second];
        bool hasSecond = body.Nodes().Contains(Observable.Y), hasFirst = body.Nodes().Contains(Observable.X);
        if (!hasFirst)
            (body, first, hasSecond) = (body.Substitute(Observable.Y, Observable.X), second, false);
        if (!hasSecond)
            return Of(body, 1)[first];
        Expression exchanged = Observable.Of(body).Exchanged;
        if (ReferenceEquals(exchanged, body))
            return Of(body, 2, TensorSymmetry.Symmetric)[first, second];
        // f(x, y) and f(y, x) are one tensor with its indices exchanged.
        return body.CompareTo(exchanged) <= 0 ? Of(body, 2)[first, second] : Of(exchanged, 2)[second, first];

        Tensor Of(Expression function, int arity, TensorSymmetry symmetry = TensorSymmetry.None) => new($"{name}({function})", $"{latex}[{Latex(function)}]", arity, symmetry);
    }

    // The function that a name is of; brackets within a name do not grow.
    private static string Latex(Expression function) =>
        ExpressionPrinter.Latex(function).Replace(@"\left", "", StringComparison.Ordinal).Replace(@"\right", "", StringComparison.Ordinal);
}
