using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Clock;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Tests.Derivation.Clock;

// The equations worked out by hand, for any number of inputs, line by line, from the notions in which they are worked out: u, LD, E_p, k3, W, q2, ...
// Legs r, s, t are 0, 1, 2; the mode A is 0; pairs are letters of their own in each product.
public class ClockEquationsTests
{
    private static readonly ClockEquations Derived = ClockEquations.Derive(1);

    private static readonly RowFunction A = new(RowFunctionKind.Mode, 0, [], []), B = new(RowFunctionKind.Mode, 1, [], []);

    private int _pairs;

    private int Pair => _pairs++;

    [Fact]
    public void The_leading_order_is_that_by_hand()
    {
        Same(new ClockVariable(1, 1, 0), U(0, [A]));
        int p = Pair, s = Pair;
        Same(new ClockVariable(2, 0, 0), (Lam(1, p) * LD(0, p)) + (H * U(0, [F(1)])));
        Same(new ClockVariable(1, 0, 1), (Lam(0, s) * Mean(1, s)) + (H * Second(0)));
    }

    [Fact]
    public void The_part_of_two_neurons_is_that_by_hand()
    {
        int p = Pair, q = Pair, u = Pair, v = Pair, w = Pair;
        Same(new ClockVariable(1, 2, 0), (Lam(0, p) * K(0, [p], [A], [B])) + (H * Y(0, q, A) * K(0, [q], [B])) + (H * K(0, [u], [A]) * Y(0, u, B)) + (H * E(F(0, v, w)) * K(0, [v], [A]) * K(0, [w], [B])));

        Lines Y(int r, int pair, RowFunction mode) => Gamma([pair], F(r), mode) + E(F(r, pair), mode);
    }

    [Fact]
    public void The_cumulants_of_three_are_those_by_hand()
    {
        int p = Pair, q = Pair, u = Pair, v = Pair;
        Same(new ClockVariable(2, 1, 0), (Lam(0, p) * Lam(1, q) * K(0, [p, q], [A])) + (H * Lam(0, u) * Joint(u, F(1), A)) + (H * Lam(1, v) * Joint(v, F(0), A)) + (H * H * Three(F(0), F(1), A)) + Quadratic(0, 1, [A]) + Quadratic(1, 0, [A]));

        Lines third = Lines.Zero;
        int a = Pair, b = Pair, c = Pair;
        third += Lam(0, a) * Lam(1, b) * Lam(2, c) * K(0, [a, b, c]);
        foreach ((int r, int s, int t) in ((int, int, int)[])[(0, 1, 2), (1, 2, 0), (2, 0, 1)])
        {
            (int x, int y, int z, int g, int h, int k, int l) = (Pair, Pair, Pair, Pair, Pair, Pair, Pair);
            third += H * Lam(r, x) * Lam(s, y) * K(0, [x, y], [F(t)]);
            third += H * H * Lam(r, z) * Joint(z, F(s), F(t));
            third += H * ((E(F(r, g, h)) * LD(s, g) * LD(t, h)) + (LD(s, k) * U(t, [F(r, k)])) + (LD(t, l) * U(s, [F(r, l)])));
        }

        third += H * H * H * Three(F(0), F(1), F(2));
        Same(new ClockVariable(3, 0, 0), third);
    }

    [Fact]
    public void The_corrections_of_one_over_n_are_those_by_hand()
    {
        Lines c1 = Lines.Zero;
        (int p, int q, int s, int t) = (Pair, Pair, Pair, Pair);
        c1 += Lam(0, p) * K(1, [p], [A]);
        c1 += H * Corrected([F(0)], [A]);
        c1 += H * Half * E(F(0, q, s)) * (K(0, [q, s], [A]) + (2 * Mean(1, q) * K(0, [s], [A])));
        c1 += H * (Joint(t, F(0, t), A) + Lines.Zero);
        (int a, int b, int c, int d, int e, int f, int g, int h) = (Pair, Pair, Pair, Pair, Pair, Pair, Pair, Pair);
        c1 += H * ((Mean(1, a) * E(F(0, a), A)) + (Half * E(F(0, b, c, d)) * K(0, [b, c]) * K(0, [d], [A])) + (Half * K(0, [e, f]) * E(F(0, e, f), A)) + (K(0, [g], [A]) * K(0, [h], [F(0, g, h)])));
        Same(new ClockVariable(1, 1, 1), c1);

        Lines d1 = Lines.Zero;
        (int i, int j) = (Pair, Pair);
        d1 += Lam(0, i) * Lam(1, j) * K(1, [i, j]);
        foreach ((int r, int v) in ((int, int)[])[(0, 1), (1, 0)])
        {
            int x = Pair;
            d1 += (H * Lam(r, x) * K(1, [x], [F(v)])) + C2(r, v) + C3(r, v);
        }

        Same(new ClockVariable(2, 0, 1), d1 + (H * H * Corrected([F(0)], [F(1)])) + V2());

        Lines C2(int r, int v)
        {
            (int k, int l, int m, int n, int o, int u, int w, int x, int y) = (Pair, Pair, Pair, Pair, Pair, Pair, Pair, Pair, Pair);
            Lines third = (Lam(r, m) * K(0, [m, k, l])) + (H * K(0, [k, l], [F(r)])) + (2 * Mean(1, k) * LD(r, l));
            return H * ((Half * E(F(v, k, l)) * third) + (Lam(r, n) * K(0, [n, o], [F(v, o)])) + (H * Joint(u, F(r), F(v, u))) + (Mean(1, w) * U(r, [F(v, w)])));
        }

        Lines C3(int r, int v)
        {
            (int k, int l, int m, int n, int o, int u, int w) = (Pair, Pair, Pair, Pair, Pair, Pair, Pair);
            return H * ((Half * E(F(v, k, l, m)) * K(0, [k, l]) * LD(r, m)) + (Half * K(0, [n, o]) * U(r, [F(v, n, o)])) + (LD(r, u) * K(0, [w], [F(v, u, w)])));
        }

        Lines V2()
        {
            (int k, int l, int m, int n) = (Pair, Pair, Pair, Pair);
            Lines sum = Half * E(F(0, k, l)) * E(F(1, m, n)) * K(0, [k, m]) * K(0, [l, n]);
            foreach ((int r, int v) in ((int, int)[])[(0, 1), (1, 0)])
            {
                (int x, int y, int z) = (Pair, Pair, Pair);
                sum += E(F(r, x, y)) * K(0, [x, z]) * K(0, [y], [F(v, z)]);
            }

            (int a1, int b1, int c1, int e1) = (Pair, Pair, Pair, Pair);
            return H * H * (sum + (K(0, [a1, b1]) * E(F(0, a1), F(1, b1))) + (K(0, [c1], [F(1, e1)]) * K(0, [e1], [F(0, c1)])));
        }
    }

    [Fact]
    public void The_second_correction_of_the_mean_is_that_by_hand()
    {
        int[] p = [.. Enumerable.Range(0, 30)];
        Lines quadratic = Half * E(F(0, p[0], p[1])) * (K(1, [p[0], p[1]]) + (Mean(1, p[0]) * Mean(1, p[1])));
        Lines cubic = Sixth * E(F(0, p[2], p[3], p[4])) * (K(0, [p[2], p[3], p[4]]) + (3 * K(0, [p[2], p[3]]) * Mean(1, p[4])));
        Lines quartic = Eighth * E(F(0, p[5], p[6], p[7], p[8])) * K(0, [p[5], p[6]]) * K(0, [p[7], p[8]]);
        Lines modes = K(1, [p[9]], [F(0, p[9])]) + (Half * K(0, [p[10], p[11]], [F(0, p[10], p[11])])) + (Mean(1, p[12]) * K(0, [p[13]], [F(0, p[12], p[13])]))
            + (Half * K(0, [p[14], p[15]]) * K(0, [p[16]], [F(0, p[14], p[15], p[16])]));
        Same(new ClockVariable(1, 0, 2), (Lam(0, p[17]) * Mean(2, p[17])) + (H * (quadratic + cubic + quartic + modes)));
    }

    [Fact]
    public void The_cumulants_of_the_kernel_are_those_by_hand()
    {
        RowFunction[] h = [.. Enumerable.Range(0, 3).Select(leg => new RowFunction(RowFunctionKind.Pair, leg, [], []))];
        int[] r = [-1, -2, -3];
        Same(Kernel(1, 1), Mean(1, -1));
        Same(Kernel(1, 2), Mean(2, -1));
        Same(Kernel(2, 0), K(0, [-1, -2]) + K(0, [-1], [h[1]]) + K(0, [-2], [h[0]]) + E(h[0], h[1]));
        Same(Kernel(2, 1), K(1, [-1, -2]) + K(1, [-1], [h[1]]) + K(1, [-2], [h[0]]) + Corrected([h[0]], [h[1]]));
        Lines third = K(0, r) + Three(h[0], h[1], h[2]);
        foreach ((int a, int b, int c) in ((int, int, int)[])[(0, 1, 2), (1, 2, 0), (2, 0, 1)])
            third += K(0, [r[a], r[b]], [h[c]]) + Joint(r[a], h[b], h[c]);
        Same(Kernel(3, 0), third);

        ClockSum Kernel(int external, int loops) => Derived.Kernel.Single(output => output.External == external && output.Loops == loops).Value;
    }

    // At alpha = 1 the change in a layer of h is h times the rate, at h -> 0: every term of the rate is one of the layer, with one f.
    [Fact]
    public void A_rate_has_one_activation_in_every_term()
    {
        ClockEquations rates = ClockEquations.Derive(1, DepthForm.Continuous);
        Assert.All(rates.State.SelectMany(equation => equation.RightSide.Terms), term =>
        {
            Assert.Empty(term.Responses);
            Assert.Equal(1, term.Means.Concat(term.Cumulants.SelectMany(each => each.Functions)).Sum(product => product.Count(function => function.Kind == RowFunctionKind.SigmaKernel)));
        });
        Assert.Equal(["1 E[A0*f0]", "1 E[f0:0] k0.0[A0]"], rates.State.Single(equation => equation.Variable == new ClockVariable(1, 1, 0)).RightSide.Keys.Select(key => "1 " + key[3..]));
    }

    // The next order: what a polynomial of the moments' order demands, a mean of six components of Delta among them, and nothing that is no cumulant.
    [Fact]
    public void The_order_is_a_number()
    {
        ClockEquations leading = ClockEquations.Derive(0);
        Assert.Equal([new(1, 0, 1), new(1, 1, 0), new(2, 0, 0)], leading.State.Select(equation => equation.Variable));
        foreach (ClockEquation equation in leading.State)
            Assert.Equal(equation.RightSide.Keys, Derived.State.Single(each => each.Variable == equation.Variable).RightSide.Keys);
    }

    // Products of f are differentiated as a whole, or not at all: what squares delta functions where sigma has corners cancels.
    [Theory]
    [InlineData(DepthForm.Discrete)]
    [InlineData(DepthForm.Continuous)]
    public void The_clock_moves_products_of_f_as_one(DepthForm form)
    {
        ClockEquations whole = ClockEquations.Derive(1, form).WithWholeProducts();
        IEnumerable<ClockSum> sums = [.. whole.State.Select(equation => equation.RightSide), .. whole.Kernel.Select(output => output.Value), .. whole.RowCovariance.Select(output => output.Value)];
        Assert.DoesNotContain(
            sums.SelectMany(sum => sum.Terms).SelectMany(term => term.Means.Concat(term.Cumulants.SelectMany(cumulant => cumulant.Functions))),
            product => product.Count(function => function.Kind == RowFunctionKind.SigmaKernel) > 1);
        if (form == DepthForm.Discrete)
            Assert.Equal(Rational.Half, whole.State.Single(equation => equation.Variable == new ClockVariable(2, 0, 1)).RightSide["h2 E[f0+1:0:1] k0.0.1[]"]);
    }

    private static void Same(ClockVariable variable, Lines expected) => Same(Derived.State.Single(equation => equation.Variable == variable).RightSide, expected);

    private static void Same(ClockSum derived, Lines expected)
    {
        ClockSum sum = expected.Sum;
        Assert.Equal(sum.Keys.Select(key => $"{sum[key]} {key}"), derived.Keys.Select(key => $"{derived[key]} {key}"));
    }

    // Sums of terms whose pairs keep their names in products, unlike those of ClockTerm.
    private readonly struct Lines(params ClockTerm[] terms)
    {
        public static Lines Zero => new();

        public ClockSum Sum
        {
            get
            {
                var sum = new ClockSum();
                foreach (ClockTerm term in Terms)
                    sum.Add(term);
                return sum;
            }
        }

        private ClockTerm[] Terms => terms ?? [];

        public static Lines operator +(Lines left, Lines right) => new([.. left.Terms, .. right.Terms]);

        public static Lines operator *(int number, Lines right) => new Lines(ClockTerm.One with { Coefficient = number }) * right;

        public static Lines operator *(Lines left, Lines right) => new(
        [
            .. from a in left.Terms
               from b in right.Terms
               select new ClockTerm(a.Coefficient * b.Coefficient, a.Steps + b.Steps, [.. a.Responses, .. b.Responses], [.. a.Means, .. b.Means], [.. a.Cumulants, .. b.Cumulants]),
        ]);
    }

    private static Lines Half => new(ClockTerm.One with { Coefficient = Rational.Half });

    private static Lines Sixth => new(ClockTerm.One with { Coefficient = Rational.Of(1, 6) });

    private static Lines Eighth => new(ClockTerm.One with { Coefficient = Rational.Of(1, 8) });

    private static Lines H => new(ClockTerm.One with { Steps = 1 });

    private static Lines Lam(int leg, int pair) => new(ClockTerm.One with { Responses = [(leg, pair)] });

    private static RowFunction F(int leg, params int[] pairs) => new(RowFunctionKind.SigmaKernel, leg, pairs, []);

    private static Lines E(params RowFunction[] product) => new(ClockTerm.One with { Means = [product] });

    private static Lines K(int loops, int[] pairs, params RowFunction[][] averages) => new(ClockTerm.One with { Cumulants = [new(loops, pairs, averages)] });

    private static Lines Mean(int loops, int pair) => K(loops, [pair]);

    private static RowFunction[] Share(RowFunction[] functions, int[] pairs) => [.. functions.Select(function => function with { Shared = [.. function.Shared, .. pairs] })];

    private static Lines Gamma(int[] pairs, RowFunction left, RowFunction right) => E(Share([left, right], pairs));

    // E f_(r,pq) D_pq / 2 + c_p[f_(r,p)].
    private Lines Second(int leg)
    {
        (int p, int q, int s) = (Pair, Pair, Pair);
        return (Half * E(F(leg, p, q)) * K(0, [p, q])) + K(0, [s], [F(leg, s)]);
    }

    // u_r[F] = lam_rp c_p[F] + h E f_r F.
    private Lines U(int leg, RowFunction[] function)
    {
        int p = Pair;
        return (Lam(leg, p) * K(0, [p], function)) + (H * E([F(leg), .. function]));
    }

    // LD_rp = lam_rq D_qp + h c_p[f_r].
    private Lines LD(int leg, int pair)
    {
        int q = Pair;
        return (Lam(leg, q) * K(0, [q, pair])) + (H * K(0, [pair], [F(leg)]));
    }

    // E_p(F,G) = c_p[FG] + D_pq E Gamma_q(F,G) + X_p[F,G].
    private Lines Joint(int pair, RowFunction left, RowFunction right)
    {
        int q = Pair;
        return K(0, [pair], [left, right]) + (K(0, [pair, q]) * Gamma([q], left, right)) + K(0, [pair], [left], [right]);
    }

    // k3(F,G,H) = E FGH + sum over three of E Gamma_p(F,G) c_p[H].
    private Lines Three(RowFunction first, RowFunction second, RowFunction third)
    {
        (int p, int q, int s) = (Pair, Pair, Pair);
        return E(first, second, third) + (Gamma([p], first, second) * K(0, [p], [third])) + (Gamma([q], second, third) * K(0, [q], [first])) + (Gamma([s], first, third) * K(0, [s], [second]));
    }

    // W(F,G) = d1_p E Gamma_p + D_pq E Gamma_pq / 2 + c_p[Gamma_p].
    private Lines Corrected(RowFunction[] left, RowFunction[] right)
    {
        (int p, int q, int s, int t) = (Pair, Pair, Pair, Pair);
        return (Mean(1, p) * Gamma([p], left[0], right[0])) + (Half * K(0, [q, s]) * Gamma([q, s], left[0], right[0])) + K(0, [t], Share([left[0], right[0]], [t]));
    }

    // q2(r;s,F) = h { E f_(r,pq) LD_sp c_q[F] + LD_sp E f_(r,p) F + c_p[F] u_s[f_(r,p)] }.
    private Lines Quadratic(int leg, int other, RowFunction[] function)
    {
        (int p, int q, int s, int t) = (Pair, Pair, Pair, Pair);
        return H * ((E(F(leg, p, q)) * LD(other, p) * K(0, [q], function)) + (LD(other, s) * E([F(leg, s), .. function])) + (K(0, [t], function) * U(other, [F(leg, t)])));
    }
}
