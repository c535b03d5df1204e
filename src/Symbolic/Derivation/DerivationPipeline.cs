// From the definition of a layer to the equations of the effective field theory, pass by pass. Read this file first.
//
//   1. BlockLaw           W, b Gaussian  ->  law of the rows of U  ->  all conditional cumulants of G'
//   2. Closure            S as a functional of G
//   3. KernelExpansion    G = K0 + n^(-1/2) g, to the order asked for
//   4. PriceTheorem       kernel derivatives become derivatives of sigma under the expectation
//   5. Moments            <g> = K1/sqrt(n), <g g> = V4: collect powers of n  ->  K0', V4', K1', U1
//   6. InitialConditions  Wick on the iid rows of phi^0
//   7. DepthTimeLimit     the order eps^2 at alpha = 1 (continuous form only)
//
// Each pass adds a DerivationStep, which documents print, and hands its result on. Nothing below states a result.

using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Printing;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>A finished derivation: the equations and the steps that led to them.</summary>
/// <param name="System">The equations.</param>
/// <param name="Steps">The steps, in order.</param>
public sealed record DerivationResult(EquationSystem System, IReadOnlyList<DerivationStep> Steps)
{
    /// <summary>The equations of a program of layers, of which the system is that of the first layer; else null.</summary>
    public Programs.ProgramSystem? Program { get; init; }

    /// <summary>The derivation as plain text, step by step.</summary>
    public override string ToString() => StepText.Write(Steps);
}

/// <summary>Derives the equations of a closure.</summary>
public sealed class DerivationPipeline
{
    private static readonly (TensorIndex First, TensorIndex Second) AB = (Notation.A, Notation.B), CD = (Notation.C, Notation.D);

    private readonly DepthForm _form;
    private readonly int _highestPriceOrder;
    private readonly bool _connected;
    private readonly IClosure _closure;
    private readonly LayerLaw _layer;
    private readonly List<DerivationStep> _steps = [];

    private DerivationPipeline(IClosure closure, bool connected, DepthForm form, bool keepHessianFormal)
    {
        (_closure, _layer, _connected, _form) = (closure, closure.Law(LayerLaw.OfNetwork), connected, form);
        _highestPriceOrder = keepHessianFormal ? 1 : int.MaxValue;
    }

    /// <summary>The equations of a closure on G, component by component: K0, V4, V4 without transport, K1, and the model of U1.</summary>
    /// <param name="closure">A closure that keeps G alone.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="keepHessianFormal">
    /// True leaves second kernel derivatives formal, for a scheme that differentiates its own node sum (the published one);
    /// false applies Price's theorem to all.
    /// </param>
    /// <exception cref="ArgumentException">The closure keeps more than G.</exception>
    public static DerivationResult Of(IClosure closure, DepthForm form, bool keepHessianFormal = false) => closure.Keeps is KeptKernel kept
        ? new DerivationPipeline(closure, kept.HasConnectedTadpole, form, keepHessianFormal).Run()
        : throw new ArgumentException($"The closure {closure.Name} keeps more than G.", nameof(closure));

    /// <summary>The G-only equations: K0, V4, V4 without transport, K1, and the model of U1.</summary>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <param name="keepHessianFormal">
    /// True leaves second kernel derivatives formal, for a scheme that differentiates its own node sum (the published one);
    /// false applies Price's theorem to all.
    /// </param>
    public static DerivationResult GOnly(DepthForm form, bool keepHessianFormal = false) =>
        Of(new GOnly(), form, keepHessianFormal);

    /// <summary>
    /// The equations of g-connected: those of G-only, with the connected part of the covariance of G, V4 - free(K0), in the
    /// tadpole. free(K0), the covariance of independent rows, is V4 without transport: it has the same noise and initial value.
    /// </summary>
    /// <param name="form">Discrete or continuous depth.</param>
    public static EquationSystem GConnected(DepthForm form) => Of(new GConnected(), form).System;

    private DerivationResult Run()
    {
        BlockLaw law = DeriveBlockLaw();
        Expression mean = Close(law);
        (Expression Linear, Expression Quadratic) expansion = Expand(mean, law);
        EquationSystem system = CollectMoments(law, expansion);
        if (_form == DepthForm.Continuous)
            system = TakeDepthTimeLimit(system);
        return new DerivationResult(system, _steps);
    }

    private BlockLaw DeriveBlockLaw()
    {
        TensorIndex i = TensorIndex.Neuron("i"), k = TensorIndex.Neuron("k");
        TensorIndex e = TensorIndex.Input("e"), f = TensorIndex.Input("f");
        _steps.Add(new(
            "Definitions",
            "One layer, with weights W_ij of variance C_W/n and biases b_i of variance C_b drawn afresh, and the two empirical kernels.",
            [
                new(new(HeadKind.NextLayer, Notation.Preactivation[i, Notation.A]), BlockLaw.NextPreactivation(i, Notation.A)),
                new(new(HeadKind.Plain, Notation.Increment[i, Notation.A]), BlockLaw.Increment(i, k, Notation.A)),
                new(new(HeadKind.Plain, Notation.Kernel[Notation.A, Notation.B]), EmpiricalAverages.Definition(Notation.Kernel, Notation.A, Notation.B)),
                new(new(HeadKind.Plain, Notation.SigmaKernel[Notation.A, Notation.B]), EmpiricalAverages.Definition(Notation.SigmaKernel, Notation.A, Notation.B)),
            ]));
        BlockLaw law = BlockLaw.Derive();
        _steps.Add(new(
            "Rows of the increment",
            "Contracting the weights and the biases (Wick): given phi, rows of U for different neurons are independent, and each is Gaussian with the covariance Qhat.",
            [new(new(HeadKind.Plain, Notation.RowCovariance[Notation.A, Notation.B]), law.RowCovariance)]));
        Indexed kernelAB = Notation.Kernel[Notation.A, Notation.B], kernelCD = Notation.Kernel[Notation.C, Notation.D], kernelEF = Notation.Kernel[e, f];
        _steps.Add(new(
            "Block law",
            "Contracting the rows of U gives every conditional cumulant of G' exactly, at every width: closed loops of Qhat, and open chains of Qhat that end on G.",
            [
                new(new(HeadKind.ConditionalMean, kernelAB), law.Cumulant(AB)),
                new(new(HeadKind.ConditionalCumulant, kernelAB, kernelCD), law.Cumulant(AB, CD)),
                new(new(HeadKind.ConditionalCumulant, kernelAB, kernelCD, kernelEF), law.Cumulant(AB, CD, (e, f))),
            ]));
        return law;
    }

    private Expression Close(BlockLaw law)
    {
        Expression rowCovariance = GOnlyClosure.Close(law.RowCovariance);
        _steps.Add(new(
            "Closure",
            "G-only: the sigma-kernel is replaced by its Gaussian expectation at the empirical kernel, so that the law of G' depends on G alone.",
            [
                new(new(HeadKind.Plain, Notation.SigmaKernel[Notation.A, Notation.B]), GOnlyClosure.SigmaKernel(Notation.A, Notation.B)),
                new(new(HeadKind.Plain, Notation.RowCovariance[Notation.A, Notation.B]), rowCovariance),
            ]));
        _steps.AddRange(LawStep(_closure));
        return _layer.Mean.Rewrite(node => node is Indexed rows && rows.Tensor == Notation.RowCovariance
            ? rowCovariance.Rename(new Dictionary<TensorIndex, TensorIndex> { [Notation.A] = rows.Indices[0], [Notation.B] = rows.Indices[1] })
            : null);
    }

    /// <summary>What a closure says of a layer, where that is not the network's law; nothing else.</summary>
    /// <param name="closure">The closure.</param>
    internal static IEnumerable<DerivationStep> LawStep(IClosure closure)
    {
        LayerLaw law = closure.Law(LayerLaw.OfNetwork);
        return law == LayerLaw.OfNetwork ? [] :
        [
            new(
                "Law of a layer",
                $"{closure.Name} takes, in place of the block law, this mean and this noise of the next layer's G.",
                [
                    new(new(HeadKind.ConditionalMean, Notation.Kernel[Notation.A, Notation.B]), law.Mean),
                    new(new(HeadKind.ConditionalCumulant, Notation.Kernel[Notation.A, Notation.B], Notation.Kernel[Notation.C, Notation.D]), law.Covariance),
                ]),
        ];
    }

    /// <summary>What every closure takes for infinite width: the sigma-kernel, the row covariance and the equation of K0.</summary>
    /// <param name="law">What a layer does to G.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    internal static DerivationStep InfiniteWidthStep(LayerLaw law, DepthForm form)
    {
        Expression kernel = Notation.MeanKernel[Notation.A, Notation.B], next = LayerLaw.AtInfiniteWidth(law.Mean).Expand();
        return new(
            "Infinite width",
            "Neurons are independent and N(0, K0): G and S are their averages, and Qhat is Q.",
            [
                new(new(HeadKind.Plain, Notation.MeanSigmaKernel[Notation.A, Notation.B]), KernelExpansion.Expand(GOnlyClosure.SigmaKernel(Notation.A, Notation.B), Notation.Fluctuation, 0)[0]),
                new(new(HeadKind.Plain, Notation.MeanRowCovariance[Notation.A, Notation.B]), MeanRowCovariance(BlockLaw.Derive())),
                form == DepthForm.Discrete ? new(new(HeadKind.NextLayer, kernel), next) : new(new(HeadKind.TimeDerivative, kernel), DepthTimeLimit.Rate(next - kernel)),
            ]);
    }

    private (Expression Linear, Expression Quadratic) Expand(Expression mean, BlockLaw law)
    {
        IReadOnlyList<Expression> orders = KernelExpansion.Expand(mean, Notation.Fluctuation, 2);
        Expression linear = PriceTheorem.Apply(orders[1], _highestPriceOrder);
        Expression quadratic = PriceTheorem.Apply(orders[2], _highestPriceOrder);
        Expression chi = PriceTheorem.Apply(KernelExpansion.Expand(GOnlyClosure.Close(law.RowCovariance), Notation.AnyMatrix, 1)[1]);
        _steps.Add(new(
            "Expansion in the width",
            "G = K0 + g/sqrt(n) in the conditional mean, with Price's theorem for the derivatives of the Gaussian expectations: "
            + "Q at infinite width, the linear response chi (the derivative of Q in the direction A), the fluctuation equation without its noise, and the quadratic term (the tadpole).",
            [
                new(new(HeadKind.Plain, Notation.MeanRowCovariance[Notation.A, Notation.B]), MeanRowCovariance(law)),
                new(new(HeadKind.LinearResponse, Notation.AnyMatrix[Notation.A, Notation.B]), chi),
                new(new(HeadKind.NextLayer, Notation.Fluctuation[Notation.A, Notation.B]), linear),
                new(new(HeadKind.Tadpole, Notation.MeanCorrection[Notation.A, Notation.B]), Average(quadratic)),
            ]));
        return (linear, quadratic);
    }

    private static Expression MeanRowCovariance(BlockLaw law) =>
        KernelExpansion.Expand(GOnlyClosure.Close(law.RowCovariance), Notation.Fluctuation, 0)[0];

    private EquationSystem CollectMoments(BlockLaw law, (Expression Linear, Expression Quadratic) mean)
    {
        // At infinite width G and Qhat are K0 and Q: the mean map, and the noise that one layer adds.
        Expression meanMap = LayerLaw.AtInfiniteWidth(_layer.Mean), noise = LayerLaw.AtInfiniteWidth(_layer.Covariance);
        Expression transported = Propagate(mean.Linear, Notation.Covariance);
        Expression withoutResponse = Propagate(mean.Linear.Substitute(Notation.Step, 0), Notation.SourceOnlyCovariance);
        Expression carried = Propagate(mean.Linear.Substitute(Notation.Step, 0), Notation.Covariance);
        Expression meanCorrection = Average(mean.Linear) + Average(mean.Quadratic);

        Expression initialCovariance = InitialRows.KernelCovariance(AB, CD);
        Expression initialMean = InitialRows.KernelMean(AB) - Notation.MeanKernel[Notation.A, Notation.B];

        var equations = new List<EvolutionEquation>
        {
            new(Notation.MeanKernel[Notation.A, Notation.B], meanMap, Notation.MeanKernel[Notation.A, Notation.B], []),
            new(
                Notation.Covariance[Notation.A, Notation.B, Notation.C, Notation.D],
                transported + noise,
                initialCovariance,
                [("transport", transported - carried), ("source", noise), ("carried over", carried)]),
            new(Notation.SourceOnlyCovariance[Notation.A, Notation.B, Notation.C, Notation.D], withoutResponse + noise, initialCovariance, []),
            new(
                Notation.MeanCorrection[Notation.A, Notation.B],
                meanCorrection,
                initialMean,
                [("response", Average(mean.Linear)), ("tadpole", Average(mean.Quadratic))]),
        };
        IReadOnlyList<Expression> sigma = KernelExpansion.Expand(GOnlyClosure.SigmaKernel(Notation.A, Notation.B), Notation.Fluctuation, 2);
        Expression sigmaCorrection = Average(PriceTheorem.Apply(sigma[1], _highestPriceOrder)) + Average(PriceTheorem.Apply(sigma[2], _highestPriceOrder));
        var quantities = new List<ComponentEquation>
        {
            new("", Notation.SigmaCorrection[Notation.A, Notation.B], sigmaCorrection),
            new("", Notation.MeanSigmaKernel[Notation.A, Notation.B], sigma[0]),
        };
        ComponentEquation[] abbreviations = [new("", Notation.MeanRowCovariance[Notation.A, Notation.B], MeanRowCovariance(law))];
        var system = EquationSystem.OfComponents(_closure, DepthForm.Discrete, abbreviations, equations, quantities);
        _steps.Add(new(
            "Moments",
            "E g = K1/sqrt(n) and E g g = V4 at leading order; the covariance of G' is that of its conditional mean plus the mean of its conditional covariance. Powers of n collected:",
            [
                .. equations.Select(equation => new DerivedFormula(new(HeadKind.NextLayer, equation.Variable), equation.RightSide)),
                .. quantities.Select(quantity => new DerivedFormula(new(HeadKind.Plain, quantity.Variable), quantity.RightSide)),
            ]));
        _steps.Add(new(
            "Initial conditions",
            "Rows of phi^0 are independent N(0, K(0)); Wick gives",
            [.. equations.Skip(1).Select(equation => new DerivedFormula(new(HeadKind.AtDepthZero, equation.Variable), equation.Initial))]));
        return system;
    }

    private EquationSystem TakeDepthTimeLimit(EquationSystem map)
    {
        Expression Rate(Expression next, Expression present) => DepthTimeLimit.Rate(next - present);
        Expression Part(Expression part) => DepthTimeLimit.Rate(part);
        var equations = map.Equations.Select(equation => equation with
        {
            RightSide = Rate(equation.RightSide, equation.Variable),
            Parts = [.. equation.Parts.Where(part => part.Name != "carried over").Select(part =>
                (part.Name, part.Name == "response" ? Rate(part.Value, equation.Variable) : Part(part.Value)))],
        }).ToList();
        var system = map.With(equations, DepthForm.Continuous);
        Expression source = equations[1].Parts.Single(part => part.Name == "source").Value;
        _steps.Add(new(
            "Depth time",
            "t = eps^2 l at alpha = 1: the order eps^2 of one layer's change.",
            [
                new(new(HeadKind.NoiseCovariance, equations[1].Variable), source),
                .. equations.Select(equation => new DerivedFormula(new(HeadKind.TimeDerivative, equation.Variable), equation.RightSide)),
            ]));
        return system;
    }

    // E of a polynomial in g of degree at most 2, with the powers of nu that go with it: nu g -> nu^2 K1, nu^2 g g -> nu^2 V4.
    private Expression Average(Expression polynomial) =>
        Expression.Add(polynomial.CollectIn(Notation.Fluctuation).Select(entry => entry.Monomial switch
        {
            [] => entry.Coefficient,
            [var g] => entry.Coefficient * Notation.MeanCorrection[g.Indices],
            [var g, var h] => entry.Coefficient * Pair(g, h),
            _ => throw new InvalidOperationException("A monomial of degree 3 in g belongs to a higher order than the one collected."),
        }));

    private Expression Pair(Indexed g, Indexed h)
    {
        Expression covariance = Notation.Covariance[[.. g.Indices, .. h.Indices]];
        return _connected ? covariance - Notation.SourceOnlyCovariance[[.. g.Indices, .. h.Indices]] : covariance;
    }

    // Cov(g'_ab, g'_cd) of g' linear in g: coefficients times covariances. The coefficients are kept whole, so that a
    // compiler finds them as common subexpressions.
    private static Expression Propagate(Expression linear, Tensor covariance)
    {
        Expression second = linear.Rename(new Dictionary<TensorIndex, TensorIndex> { [Notation.A] = Notation.C, [Notation.B] = Notation.D });
        IReadOnlyList<(IReadOnlyList<Indexed> Monomial, Expression Coefficient)> left = linear.CollectIn(Notation.Fluctuation), right = second.CollectIn(Notation.Fluctuation);
        return Expression.Add(
            from first in left
            from other in right
            select first.Coefficient * other.Coefficient * covariance[[.. first.Monomial[0].Indices, .. other.Monomial[0].Indices]]);
    }
}
