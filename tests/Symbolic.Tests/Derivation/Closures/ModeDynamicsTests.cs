using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Tests.Derivation.Closures;

/// <summary>The engine's equations of the modes, term by term against the ones published for the exact leading order.</summary>
public sealed class ModeDynamicsTests
{
    private static readonly TensorIndex A = Notation.A, B = Notation.B, C = Notation.C, D = Notation.D, E = TensorIndex.Input("e"), F = TensorIndex.Input("f");
    private static readonly Expression Alpha = Notation.Skip, Eps = Notation.Step, CW = Notation.WeightVariance;

    [Fact]
    public void HeatPolynomialOfOrderFour()
    {
        static Expression K(TensorIndex a, TensorIndex b) => Notation.MeanKernel[a, b];
        static Expression Phi(TensorIndex a) => Notation.Preactivation[ModePolynomials.Neuron, a];
        Expression expected = (Phi(A) * Phi(B) * Phi(C) * Phi(D))
            - (K(A, B) * Phi(C) * Phi(D)) - (K(A, C) * Phi(B) * Phi(D)) - (K(A, D) * Phi(B) * Phi(C))
            - (K(B, C) * Phi(A) * Phi(D)) - (K(B, D) * Phi(A) * Phi(C)) - (K(C, D) * Phi(A) * Phi(B))
            + (K(A, B) * K(C, D)) + (K(A, C) * K(B, D)) + (K(A, D) * K(B, C));
        Assert.Same(expected, ModePolynomials.Polynomial([A, B, C, D], K));
        Assert.Same(ModePolynomials.Mode([A, B, C, D]), ModePolynomials.InModes(expected));
    }

    [Fact]
    public void ModesOfEveryOrderButTwoAreMartingales()
    {
        TensorIndex[] letters = [A, B, C, D, E, F];
        foreach (int order in new[] { 1, 3, 4, 5, 6 })
        {
            TensorIndex[] mode = letters[..order];
            Expression expected = Alpha.Pow(order) * ModePolynomials.Component(ModeDynamics.Fluctuations, mode);
            Assert.Same(expected, ModeDynamics.Fluctuation(mode));
        }

        // Repeated inputs.
        Assert.Same(Alpha.Pow(4) * ModePolynomials.Component(ModeDynamics.Fluctuations, [A, A, A, B]), ModeDynamics.Fluctuation([A, A, A, B]));
        Assert.Same((Alpha.Pow(2) * Notation.Fluctuation[A, B]) + (Eps.Pow(2) * ModeDynamics.SigmaFluctuation[A, B]), ModeDynamics.Fluctuation([A, B]));
    }

    [Fact]
    public void OverlapsAreFreeAndVanishBetweenOrders()
    {
        Assert.True(ModeDynamics.Overlap([A, B], [C]).IsZero);
        Assert.True(ModeDynamics.Overlap([A, B], [C, D, E, F]).IsZero);
        Assert.True(ModeDynamics.Overlap([A, B, C], [D]).IsZero);
        Expression free = (Notation.MeanKernel[A, C] * Notation.MeanKernel[B, D]) + (Notation.MeanKernel[A, D] * Notation.MeanKernel[B, C]);
        Assert.Same(free, ModeDynamics.Overlap([A, B], [C, D]));
        Assert.True(HermiteDerivation.Noise([A, B], [C]).IsZero);
        Assert.True(HermiteDerivation.Noise([A], [B, C, D]).IsZero);
    }

    [Fact]
    public void NoiseOfTheModesOfOrderTwoIsThatOfTheBlockLaw()
    {
        Expression block = BlockLaw.Derive().Cumulant((A, B), (C, D)).Rewrite(node => node switch
        {
            Indexed kernel when kernel.Tensor == Notation.Kernel => Notation.MeanKernel[kernel.Indices],
            Indexed rows when rows.Tensor == Notation.RowCovariance => Notation.MeanRowCovariance[rows.Indices],
            _ => null,
        });
        Assert.Same(block.Expand(), HermiteDerivation.Noise([A, B], [C, D]));
    }

    [Fact]
    public void MeansOfOrdersThreeFourAndFive()
    {
        static Expression Drive(TensorIndex a, TensorIndex b, params TensorIndex[] mode) => ModeDynamics.WithMode(ModeDynamics.SigmaWithMode, a, b, mode);
        Expression three = (Alpha.Pow(3) * ModePolynomials.Component(ModeDynamics.Means, [A, B, C]))
            + (Eps.Pow(2) * Alpha * (Drive(A, B, C) + Drive(A, C, B) + Drive(B, C, A)));
        Assert.Same(three.Expand(), ModeDynamics.Mean([A, B, C]).Expand());

        // Six pairs p < q, and h^2/2 times the same six: every pairing twice.
        Expression four = (Alpha.Pow(4) * ModePolynomials.Component(ModeDynamics.Means, [A, B, C, D]))
            + (Eps.Pow(2) * Alpha.Pow(2) * (Drive(A, B, C, D) + Drive(A, C, B, D) + Drive(A, D, B, C) + Drive(B, C, A, D) + Drive(B, D, A, C) + Drive(C, D, A, B)))
            + (Eps.Pow(4) * (ModeDynamics.SigmaCovariance[A, B, C, D] + ModeDynamics.SigmaCovariance[A, C, B, D] + ModeDynamics.SigmaCovariance[A, D, B, C]));
        Assert.Same(four.Expand(), ModeDynamics.Mean([A, B, C, D]).Expand());

        // For k = 5 the products of two dQ carry a mode of order 1, which is of higher order in 1/n.
        Assert.True(ModeDynamics.Mean([A, B, C, D, E]).Coefficient(Notation.Step, 4).IsZero);
        Assert.Equal(10, ModeDynamics.Mean([A, B, C, D, E]).Coefficient(Notation.Step, 2).Terms.Length);
        Assert.Same(
            ((Alpha.Pow(2) * Notation.MeanCorrection[A, B]) + (Eps.Pow(2) * CW * Notation.SigmaCorrection[A, B])).Expand(),
            ModeDynamics.Mean([A, B]).Expand());
    }

    [Fact]
    public void CoefficientsOfTheSourceAreThoseOfTheDerivativeExpectations()
    {
        // B_ij = C_W E[sigma^(i) sigma^(j)]/(i! j!).
        var derivation = new HermiteDerivation([1, 3], [3], LayerLaw.OfNetwork);
        Expression source = derivation.Drive(A, B);
        foreach (int order in new[] { 1, 3 })
        {
            for (int i = 0; i <= order; i++)
            {
                int j = order - i;
                Expression mode = ModePolynomials.Component(ModeDynamics.Fluctuations, [.. Enumerable.Repeat(A, i), .. Enumerable.Repeat(B, j)]);
                Expression coefficient = Expression.Add(source.Expand().Terms.ToArray().Where(term => term.Factors.Contains(mode))) / mode;
                Expression expected = CW * Mean(i, j) / (Expression)(Rational.Factorial(i) * Rational.Factorial(j));
                Assert.Same(expected, coefficient);
            }
        }

        // One input: C_W E[(sigma^2)''']/3!.
        Expression single = ModePolynomials.Part(Observable.SigmaKernel, A, A, 3, ModeDynamics.Fluctuations);
        Expression third = Observable.SigmaKernel.Diagonal.Differentiate(Observable.X).Differentiate(Observable.X).Differentiate(Observable.X).Expand();
        Expression wanted = Expression.Add(third.Terms.ToArray().Select(term => GaussianMean.Of(Notation.MeanKernel, [A], term)))
            * ModePolynomials.Component(ModeDynamics.Fluctuations, [A, A, A]) / 6;
        Assert.Same(wanted.Expand(), single.Expand());
    }

    [Fact]
    public void PartOfOrderTwoIsTheLinearResponseOfGOnly()
    {
        // chi by Price's theorem, from the derivative of Q in a direction.
        BlockLaw law = BlockLaw.Derive();
        Expression price = PriceTheorem.Apply(KernelExpansion.Expand(GOnlyClosure.Close(law.RowCovariance), Notation.Fluctuation, 1)[1]);
        Expression response = Notation.WeightVariance * ModePolynomials.Part(Observable.SigmaKernel, A, B, 2, ModeDynamics.Fluctuations);
        Assert.Same(price.Expand(), response.Expand());
    }

    [Fact]
    public void CovariancesOfTheSource()
    {
        var derivation = new HermiteDerivation([1], [], LayerLaw.OfNetwork);
        // chi V4 + B V_Mg.
        Expression withKernel = derivation.DriveWithKernel(A, B, C, D);
        Expression expected = Respond((first, second) => Notation.Covariance[first, second, C, D])
            + (CW * Mean(1, 0) * ModeDynamics.WithMode(ModeDynamics.KernelWithMode, C, D, [A]))
            + (CW * Mean(0, 1) * ModeDynamics.WithMode(ModeDynamics.KernelWithMode, C, D, [B]));
        Assert.Same(expected.Expand(), withKernel);

        // chi V_gM + B [M M].
        Expression withMode = derivation.DriveWithMode(A, B, [C]);
        expected = Respond((first, second) => ModeDynamics.WithMode(ModeDynamics.KernelWithMode, first, second, [C]))
            + (CW * Mean(1, 0) * Notation.MeanKernel[A, C])
            + (CW * Mean(0, 1) * Notation.MeanKernel[B, C]);
        Assert.Same(expected.Expand(), withMode);
    }

    [Fact]
    public void EquationsOfTheCovariances()
    {
        static Expression Drive(TensorIndex a, TensorIndex b, params TensorIndex[] mode) => ModeDynamics.WithMode(ModeDynamics.SigmaWithMode, a, b, mode);
        Expression mixed = HermiteDerivation.Of(new HermiteModes(4)).NextMixed(A, B, [C]);
        Assert.Same(
            (Alpha.Pow(3) * ModeDynamics.WithMode(ModeDynamics.KernelWithMode, A, B, [C])) + (Eps.Pow(2) * Alpha * Drive(A, B, C)),
            mixed);
        Expression next = HermiteDerivation.Of(new HermiteModes(4)).NextCovariance(A, B, C, D) - HermiteDerivation.Noise([A, B], [C, D]);
        Expression expected = (Alpha.Pow(4) * Notation.Covariance[A, B, C, D])
            + (Alpha.Pow(2) * Eps.Pow(2) * (Drive(A, B, C, D) + Drive(C, D, A, B)))
            + (Eps.Pow(4) * ModeDynamics.SigmaCovariance[A, B, C, D]);
        Assert.Same(expected.Expand(), next.Expand());
    }

    [Fact]
    public void TheGeneratingFunctionGivesTheSameLayerMapAtEveryOrder()
    {
        // exp(J phi - J K J/2) is carried to exp(alpha J phi - alpha^2 J K J/2 + eps^2 J dQ J/2): the coefficient of J_a^k for one input.
        Expression h = ModePolynomials.Modes(1)[A];
        for (int order = 1; order <= 8; order++)
        {
            TensorIndex[] mode = [.. Enumerable.Repeat(A, order)];
            Expression expected = Expression.Zero;
            for (int pairs = 0; 2 * pairs <= order; pairs++)
            {
                TensorIndex[] rest = mode[..(order - (2 * pairs))];
                Expression weight = (Expression)(Rational.Factorial(order) / (Rational.Factorial(rest.Length) * Rational.Factorial(pairs)));
                expected += weight * (Eps.Pow(2) * ModeDynamics.RowFluctuation[A, A] / 2).Pow(pairs) * Alpha.Pow(rest.Length) * ModePolynomials.Mode(rest);
            }

            Assert.Same(expected.Expand(), ModeDynamics.ConditionalMean(mode).Expand());
        }

        Assert.Same(h, ModePolynomials.Mode([A]));
    }

    [Fact]
    public void StepsOfEveryClosureCanBePrinted()
    {
        foreach (string name in new[] { "g-only", "g-connected", "hermite(1)", "hermite(4)", "sigma-kernel", "sigma-kernel(2)", "[x*y, sigma(x)*sigma(y), x]" })
        {
            foreach (DepthForm form in new[] { DepthForm.Discrete, DepthForm.Continuous })
                AssertPrintable(ClosureDerivation.Steps(ClosureRegistry.Parse(name), form, 3));
        }
    }

    private static void AssertPrintable(IReadOnlyList<DerivationStep> steps)
    {
        Assert.True(steps.Count >= 6);
        foreach (DerivationStep step in steps)
        {
            Assert.NotEmpty(step.Prose);
            foreach (DerivedFormula formula in step.Formulas)
            {
                Assert.All(formula.Left.Operands, operand => Assert.NotEmpty(operand.ToString()));
                Assert.NotEmpty(formula.Right.ToString());
            }
        }
    }

    private static Expression Mean(int i, int j) => GaussianMean.Of(
        Notation.MeanKernel,
        [A, B],
        Expression.Apply(Symbolic.Functions.ActivationFunction.OfOrder(i), Observable.X) * Expression.Apply(Symbolic.Functions.ActivationFunction.OfOrder(j), Observable.Y));

    private static Expression Respond(Func<TensorIndex, TensorIndex, Expression> values) => CW * (
        (Mean(1, 1) * values(A, B)) + (Mean(2, 0) * values(A, A) / 2) + (Mean(0, 2) * values(B, B) / 2));
}
