using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;
using static SymbolicEft.Symbolic.Derivation.Notation;

namespace SymbolicEft.Symbolic.Tests.Derivation;

// The equations of Kawase & Ota, arXiv:2604.15742, written out by hand term by term, against the derived ones.
public class GOnlyTests
{
    private static readonly DerivationResult Discrete = DerivationPipeline.GOnly(DepthForm.Discrete);
    private static readonly DerivationResult Continuous = DerivationPipeline.GOnly(DepthForm.Continuous);

    // <sigma^(i)_a sigma^(j)_b> under K0.
    private static Expression Mean(TensorIndex a, int i, TensorIndex b, int j) =>
        GaussianMean.OfProduct(MeanKernel, (a, x => Expression.Apply(ActivationFunction.OfOrder(i), x)), (b, x => Expression.Apply(ActivationFunction.OfOrder(j), x)));

    private static Expression K(TensorIndex a, TensorIndex b) => MeanKernel[a, b];

    private static Expression Q(TensorIndex a, TensorIndex b) => MeanRowCovariance[a, b];

    private static Expression V(TensorIndex a, TensorIndex b, TensorIndex c, TensorIndex d) => Covariance[a, b, c, d];

    // chi[X]_ab = (C_W/2) { (X + X^T)_ab <s'_a s'_b> + X_aa <s''_a s_b> + X_bb <s_a s''_b> }
    private static Expression Chi(TensorIndex a, TensorIndex b, Func<TensorIndex, TensorIndex, Expression> matrix) =>
        WeightVariance / 2 * ((2 * matrix(a, b) * Mean(a, 1, b, 1)) + (matrix(a, a) * Mean(a, 2, b, 0)) + (matrix(b, b) * Mean(a, 0, b, 2)));

    // 1/2 Hess(Q):V with Price's theorem applied twice, (1/2)(1/4) sum_efgh V_ef,gh <d_e d_f d_g d_h (s_a s_b)>: the sixteen
    // choices of (e,f,g,h) in {a,b}, counted by hand.
    private static Expression Tadpole() => WeightVariance / 8 * (
        (V(A, A, A, A) * Mean(A, 4, B, 0)) + (V(B, B, B, B) * Mean(A, 0, B, 4))
        + (4 * V(A, A, A, B) * Mean(A, 3, B, 1)) + (4 * V(A, B, B, B) * Mean(A, 1, B, 3))
        + (((2 * V(A, A, B, B)) + (4 * V(A, B, A, B))) * Mean(A, 2, B, 2)));

    private static Expression RightSide(DerivationResult result, Tensor tensor) => result.System.Equations.Single(each => each.Variable.Tensor == tensor).RightSide;

    private static void Same(Expression expected, Expression derived) => Assert.Same(expected.Expand(), derived.Expand());

    [Fact]
    public void Q_is_bias_plus_weights_times_E2() =>
        Same(BiasVariance + (WeightVariance * Mean(A, 0, B, 0)), Discrete.System.Abbreviations.Single().RightSide);

    [Fact]
    public void The_mean_field_map_and_flow()
    {
        Same((Skip.Pow(2) * K(A, B)) + (Step.Pow(2) * Q(A, B)), RightSide(Discrete, MeanKernel));
        Same(Q(A, B), RightSide(Continuous, MeanKernel));
    }

    [Fact]
    public void The_linear_response_is_chi()
    {
        DerivedFormula chi = Discrete.Steps.SelectMany(step => step.Formulas).Single(formula => formula.Left.Kind == HeadKind.LinearResponse);
        Same(Chi(A, B, (a, b) => AnyMatrix[a, b]), chi.Right);
    }

    [Fact]
    public void The_variance_flow_is_transport_plus_source()
    {
        Expression sigma = (K(A, C) * Q(B, D)) + (K(A, D) * Q(B, C)) + (K(B, C) * Q(A, D)) + (K(B, D) * Q(A, C));
        Expression transport = Chi(A, B, (a, b) => V(a, b, C, D)) + Chi(C, D, (c, d) => V(A, B, c, d));
        EvolutionEquation equation = Continuous.System.Equations.Single(each => each.Variable.Tensor == Covariance);
        Same(sigma + transport, equation.RightSide);
        Same(sigma, equation.Parts.Single(part => part.Name == "source").Value);
        Same(transport, equation.Parts.Single(part => part.Name == "transport").Value);
        Same(sigma, RightSide(Continuous, SourceOnlyCovariance));
    }

    // V4' = (alpha^2 + h chi) V4 (alpha^2 + h chi)^T + free(K0') - alpha^4 free(K0), free(K) = K_ac K_bd + K_ad K_bc.
    [Fact]
    public void The_variance_map_is_the_published_one_with_all_powers_of_eps()
    {
        Expression Next(TensorIndex a, TensorIndex b) => (Skip.Pow(2) * K(a, b)) + (Step.Pow(2) * Q(a, b));
        Expression free = (Next(A, C) * Next(B, D)) + (Next(A, D) * Next(B, C)) - (Skip.Pow(4) * ((K(A, C) * K(B, D)) + (K(A, D) * K(B, C))));
        Expression One(TensorIndex a, TensorIndex b, Func<TensorIndex, TensorIndex, Expression> matrix) => (Skip.Pow(2) * matrix(a, b)) + (Step.Pow(2) * Chi(a, b, matrix));
        Expression propagated = One(A, B, (a, b) => One(C, D, (c, d) => V(a, b, c, d)));
        Same(propagated + free, RightSide(Discrete, Covariance));
        Same((Skip.Pow(4) * SourceOnlyCovariance[A, B, C, D]) + free, RightSide(Discrete, SourceOnlyCovariance));
    }

    [Fact]
    public void The_mean_at_order_one_over_n_has_the_response_and_the_tadpole()
    {
        Expression response = Chi(A, B, (a, b) => MeanCorrection[a, b]);
        Same(response + Tadpole(), RightSide(Continuous, MeanCorrection));
        Same((Skip.Pow(2) * MeanCorrection[A, B]) + (Step.Pow(2) * (response + Tadpole())), RightSide(Discrete, MeanCorrection));
    }

    [Fact]
    public void The_source_closure_is_the_mean_correction_over_C_W()
    {
        Expression model = Discrete.System.Quantities.OfType<ComponentEquation>().Single(each => each.Variable.Tensor == SigmaCorrection).RightSide;
        Same((Chi(A, B, (a, b) => MeanCorrection[a, b]) + Tadpole()) / WeightVariance, model);
    }

    [Fact]
    public void Initial_conditions_are_those_of_independent_gaussian_rows()
    {
        Same((K(A, C) * K(B, D)) + (K(A, D) * K(B, C)), Discrete.System.Equations.Single(each => each.Variable.Tensor == Covariance).Initial);
        Assert.True(Discrete.System.Equations.Single(each => each.Variable.Tensor == MeanCorrection).Initial.IsZero);
    }

    [Fact]
    public void Parts_add_up_to_their_equation()
    {
        foreach (EvolutionEquation equation in Discrete.System.Equations.Concat(Continuous.System.Equations).Where(each => each.Parts.Count > 0))
            Same(Expression.Add(equation.Parts.Select(part => part.Value)), equation.RightSide);
    }

    [Fact]
    public void Without_Price_the_tadpole_keeps_second_kernel_derivatives_and_the_response_does_not()
    {
        DerivationResult formal = DerivationPipeline.GOnly(DepthForm.Continuous, keepHessianFormal: true);
        Assert.Same(RightSide(Continuous, Covariance), RightSide(formal, Covariance));
        int[] orders = [.. RightSide(formal, MeanCorrection).Nodes().OfType<GaussianMean>().Select(mean => mean.Derivatives.Length).Distinct().Order()];
        Assert.Equal([0, 2], orders);
        Same(RightSide(Continuous, MeanCorrection), PriceTheorem.Apply(RightSide(formal, MeanCorrection)));
    }

    // With S - E S replaced by its closure chi/C_W (G - E G), the exact one-step budget is the closure's transport.
    [Fact]
    public void The_exact_balance_reduces_to_the_closure_when_S_follows_G()
    {
        OneStepBalance balance = OneStepBalance.Derive();
        Expression Response(TensorIndex a, TensorIndex b, Func<TensorIndex, TensorIndex, Expression> matrix) => Chi(a, b, matrix) / WeightVariance;
        Expression closed = balance.Transport.Rewrite(node => node is not Indexed indexed ? null
            : indexed.Tensor == OneStepBalance.SigmaKernelCovariance
                ? Response(indexed.Indices[0], indexed.Indices[1], Fixed(indexed.Indices[2], indexed.Indices[3]))
            : indexed.Tensor == OneStepBalance.SigmaSigmaCovariance
                ? Response(indexed.Indices[0], indexed.Indices[1], Nested(indexed.Indices[2], indexed.Indices[3]))
            : null);
        Func<TensorIndex, TensorIndex, Expression> Fixed(TensorIndex c, TensorIndex d) => (a, b) => V(a, b, c, d);
        Func<TensorIndex, TensorIndex, Expression> Nested(TensorIndex c, TensorIndex d) => (a, b) => Response(c, d, (e, f) => V(a, b, e, f));
        Expression transport = Discrete.System.Equations.Single(each => each.Variable.Tensor == Covariance).Parts.Single(part => part.Name == "transport").Value;
        Same(transport, closed);
    }
}
