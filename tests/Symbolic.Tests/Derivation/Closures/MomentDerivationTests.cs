using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Tests.Derivation.Closures;

/// <summary>The layer map of any function, and the moment systems that programs are printed from.</summary>
public sealed class MomentDerivationTests
{
    private static readonly TensorIndex A = Notation.A, B = Notation.B, C = Notation.C, D = Notation.D;
    private static readonly Expression Alpha = Notation.Skip, Eps = Notation.Step, CW = Notation.WeightVariance;

    [Fact]
    public void TheLayerMapOfFunctionsIsThatOfTheHeatModes()
    {
        // (dQ:dd)^p H_k = dQ^p k!/(k-2p)! H_(k-2p) for one input, and P H_k = alpha^k H_k.
        IReadOnlyList<Expression> coefficients = FunctionLayerMap.Coefficients(4);
        for (int order = 1; order <= 8; order++)
        {
            Expression expected = Expression.Zero;
            for (int p = 0; 2 * p <= order; p++)
            {
                TensorIndex[] rest = [.. Enumerable.Repeat(A, order - (2 * p))];
                Expression weight = (Expression)(Rational.Factorial(order) / Rational.Factorial(rest.Length));
                expected += coefficients[p] * weight * ModeDynamics.RowFluctuation[A, A].Pow(p) * Alpha.Pow(rest.Length) * ModePolynomials.Mode(rest);
            }

            Assert.Same(ModeDynamics.ConditionalMean([.. Enumerable.Repeat(A, order)]).Expand(), expected.Expand());
        }
    }

    [Fact]
    public void MeansOfAFunction()
    {
        Symbol carried = Symbol.Of("Pf"), u = Symbol.Of("u"), response = Symbol.Of("r"), curvature = Symbol.Of("c"), second = Symbol.Of("f");
        Expression expected = carried + (Eps.Pow(2) / 2 * ((CW * u * response) + curvature)) + (Eps.Pow(4) / 8 * second);
        Assert.Same(expected.Expand(), FunctionLayerMap.Mean(carried, u, response, curvature, second).Expand());
    }

    // V4' = alpha^4 V4 + alpha^2 h (C_sg + transpose) + h^2 C_ss + noise, and the rest of the exact leading order, truncated.
    [Theory]
    [InlineData("C_sg", "C_W*(B2_pr*V4_rq + B_kp,j*V_gM_kq,pj)")]
    [InlineData("C_sM", "C_W*(B2_pr*V_gM_kr,qj + B_HH_kp,qj)")]
    [InlineData("C_ss", "C_W*(B2_qr*C_sg_pr + B_kq,j*C_sM_kp,qj)")]
    [InlineData("U1", "B2_pr*K1_r + B_kp,j*m_kp,j")]
    [InlineData("V4", "alpha^4*V4_pq + alpha^2*eps^2*(C_sg_pq + C_sg_qp) + eps^4*C_ss_pq + noise_pq")]
    [InlineData("V4_source", "alpha^4*V4_source_pq + noise_pq")]
    [InlineData("V_gM", "alpha^2*A_kq,ij*V_gM_kp,qj + eps^2*C_sPM_kp,qi")]
    [InlineData("K1", "alpha^2*K1_p + eps^2*C_W*U1_p")]
    [InlineData("m", "A_kq,ij*m_kq,j + eps^2*C_sDM_kq,i/2 + eps^4*C_ssDDM_kq,i/8")]
    public void EquationsOfTheModes(string variable, string expected) => AssertEquation("hermite(5)", DepthForm.Discrete, variable, expected);

    [Theory]
    [InlineData("V4", "C_sg_pq + C_sg_qp + noise_pq")]
    [InlineData("V_gM", "A_kq,ij*V_gM_kp,qj + C_sM_kp,qi")]
    [InlineData("K1", "C_W*U1_p")]
    [InlineData("m", "A_kq,ij*m_kq,j + C_sDM_kq,i/2")]
    public void EquationsOfTheModesInDepthTime(string variable, string expected) => AssertEquation("hermite(5)", DepthForm.Continuous, variable, expected);

    [Theory]
    [InlineData("C_sf", "C_W*Pi_vL*V_LI")]
    [InlineData("C_Pf", "A_IL*V_LJ + eps^2*R_Iw*C_sf_wJ/2")]
    [InlineData("V", "A_JL*C_Pf_IL + eps^2*R_Jw*C_Ps_Iw/2 + N_IJ")]
    [InlineData("m", "A_IL*m_L + eps^2*(C_W*R_Iw*U1_w + D_Iw,L*C_sf_wL)/2 + eps^4*F_Iw,x*C_ss_wx/8")]
    public void EquationsOfTheObservables(string variable, string expected) => AssertEquation("sigma-kernel", DepthForm.Discrete, variable, expected);

    [Theory]
    [InlineData("C_Pf", "A_IL*V_LJ + R_Iw*C_sf_wJ/2")]
    [InlineData("V", "C_Pf_IJ + C_Pf_JI + N_IJ")]
    [InlineData("m", "A_IL*m_L + (C_W*R_Iw*U1_w + D_Iw,L*C_sf_wL)/2")]
    public void EquationsOfTheObservablesInDepthTime(string variable, string expected) => AssertEquation("sigma-kernel", DepthForm.Continuous, variable, expected);

    [Theory]
    [InlineData(DepthForm.Discrete)]
    [InlineData(DepthForm.Continuous)]
    public void GConnectedIsGOnlyWithTheConnectedCovarianceInTheTadpole(DepthForm form)
    {
        EquationSystem only = DerivationPipeline.GOnly(form).System, connected = DerivationPipeline.GConnected(form);
        Assert.Equal("g-connected", connected.Closure.Name);
        for (int at = 0; at < 3; at++)
            Assert.Same(only.Equations[at].RightSide, connected.Equations[at].RightSide);
        // Putting V4 - V4_source in g-only's mean equation gives g-connected's; at V4 = V4_source nothing is left but the response.
        static Expression Connected(Expression expression) => expression.Rewrite(node => node is Indexed v && v.Tensor == Notation.Covariance
            ? v - Notation.SourceOnlyCovariance[v.Indices]
            : null);
        Assert.Same(Connected(only.Equations[3].RightSide).Expand(), connected.Equations[3].RightSide.Expand());
        Assert.Same(Connected(Model(only)).Expand(), Model(connected).Expand());
        Expression atDepthZero = Model(connected).Rewrite(node => node is not Indexed component ? null
            : component.Tensor == Notation.Covariance ? Notation.SourceOnlyCovariance[component.Indices]
            : component.Tensor == Notation.MeanCorrection ? Expression.Zero
            : null);
        Assert.True(atDepthZero.Expand().IsZero);
    }

    [Fact]
    public void WithoutTransportTheCovarianceIsThatOfIndependentRows()
    {
        // V4_source' at V4_source = free(K0) is free(K0'), K0' = alpha^2 K0 + eps^2 Q.
        Expression next = DerivationPipeline.GConnected(DepthForm.Discrete).Equations[2].RightSide.Rewrite(node =>
            node is Indexed drive && drive.Tensor == Notation.SourceOnlyCovariance ? ModeDynamics.Overlap([A, B], [C, D]) : null);
        Expression free = ModeDynamics.Overlap([A, B], [C, D]).Rewrite(node =>
            node is Indexed kernel && kernel.Tensor == Notation.MeanKernel ? (Alpha.Pow(2) * kernel) + (Eps.Pow(2) * Notation.MeanRowCovariance[kernel.Indices]) : null);
        Assert.Same(free.Expand(), next.Expand());
    }

    [Fact]
    public void TheConnectedTadpoleIsTheModeOfOrderFour()
    {
        // m_abcd = sum over the pairings of V4 - free(K0): both sides obey one equation of motion.
        static Expression Connected(TensorIndex a, TensorIndex b, TensorIndex c, TensorIndex d) => Notation.Covariance[a, b, c, d] - ModeDynamics.Overlap([a, b], [c, d]);
        Expression pairings = Connected(A, B, C, D) + Connected(A, C, B, D) + Connected(A, D, B, C);
        static Expression Next(TensorIndex a, TensorIndex b, TensorIndex c, TensorIndex d) => HermiteDerivation.Of(new HermiteModes(4)).NextCovariance(a, b, c, d)
            - HermiteDerivation.Noise([a, b], [c, d]) - (Notation.Skip.Pow(4) * ModeDynamics.Overlap([a, b], [c, d]));
        Expression nextPairings = Next(A, B, C, D) + Next(A, C, B, D) + Next(A, D, B, C);
        Expression mode = ModePolynomials.Component(ModeDynamics.Means, [A, B, C, D]);
        Expression nextMode = ModeDynamics.Mean([A, B, C, D]).Rewrite(node => ReferenceEquals(node, mode) ? pairings : null);
        Assert.Same(nextMode.Expand(), nextPairings.Expand());
    }

    private static void AssertEquation(string closure, DepthForm form, string variable, string expected)
    {
        EquationSystem system = MomentDerivation.Of(ClosureRegistry.Parse(closure), form);
        ContractedEquation equation = system.Step.OfType<ContractedEquation>().Single(each => each.Variable.Tensor.Name == variable);
        // Components and parameters by their names alone, as the parser reads them.
        Expression named = equation.RightSide.Rewrite(node => node is Indexed component ? Name(component) : node is Symbol parameter ? Symbol.Of(parameter.Name) : null);
        Assert.Same(Parsed(expected).Expand(), named.Expand());

        static Expression Name(Indexed component) => Symbol.Of(component.ToString().Replace(",", "", StringComparison.Ordinal));
        static Expression Parsed(string text)
        {
            string plain = text.Replace(",", "", StringComparison.Ordinal);
            string[] symbols = [.. System.Text.RegularExpressions.Regex.Matches(plain, "[A-Za-z][A-Za-z0-9_]*").Select(match => match.Value).Distinct()];
            return SymbolicEft.Symbolic.Parsing.ExpressionParser.Parse(plain, symbols);
        }
    }

    private static Expression Model(EquationSystem system) => ((ComponentEquation)system.Quantities[0]).RightSide;
}
