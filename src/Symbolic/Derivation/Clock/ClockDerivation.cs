// The derivation of the next orders in 1/n as a paper's section: the exact statements in words, then the equations that follow from them, term by term.

using System.Globalization;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Derivation.Clock;

/// <summary>Writes the clock equations as steps of a derivation.</summary>
internal static class ClockDerivation
{
    private const string LegLetters = "rstuvw", PairLetters = "pqijklmxyz", ModeLetters = "ABCDEF";

    private static readonly Symbol Alpha = Notation.Skip;

    /// <summary>The steps of the orders beyond the leading one.</summary>
    /// <param name="order">Powers of 1/n beyond the leading one, at least 1.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    public static IReadOnlyList<DerivationStep> Steps(int order, DepthForm form)
    {
        ClockEquations equations = ClockEquations.Derive(order, form);
        HeadKind head = form == DepthForm.Discrete ? HeadKind.NextLayer : HeadKind.TimeDerivative;
        string change = form == DepthForm.Discrete
            ? "lam_rp = alpha^2 delta_rp + h E[f_r:p] with h = eps^2 is what a change of Khat_p makes of Khat_r in a layer."
            : "The rates are those of alpha = 1, per unit of h = eps^2.";
        return
        [
            new(
                "The random clock",
                "Orders beyond the leading one are those of the network itself, not of the closure above: k is only where the sums over modes end. Let Khat be the kernel that the layers have fed in, Khat' = alpha^2 Khat + h Qhat, "
                + "Khat(0) = K(0), and H_A(phi; Khat) the Hermite polynomials at it. Given phi the rows of u are independent N(0, Qhat): E[H_A(phi'; Khat') | phi] = alpha^|A| H_A(phi; Khat) at every n. Averages Y of products over different neurons "
                + "then obey E[Delta'^m Y' | phi] = alpha^|A| Delta'^m Y with Delta = Khat - K0, and have mean 0. Delta' is a power series in Delta and in averages <f> of f_r = C_W sigma_a sigma_b + C_b, r = (a,b). Products of averages are "
                + "averages over different neurons plus 1/n for each neuron in common, where functions are multiplied point by point.",
                []),
            new(
                "Cumulants of the clock",
                "kappa^(L)[p q | F, G] is the coefficient at n^-(E-1+L) of the joint cumulant of E variables: Delta_p, Delta_q and the average of F G over two different neurons; all are 0 at depth 0. f_r:p is the derivative of f_r in K_p, "
                + "1/2 d_a d_b f_r (Price); d_p on two functions puts one of the two derivatives on each. Repeated pairs are summed; functions are less their Gaussian mean, E alone of one function is its mean. " + change,
                [.. equations.State.Select(equation => new DerivedFormula(new(head, Variable(equation.Variable)), Carried(equation.Variable, form) * Sum(equation.RightSide)))]),
            new(
                "The cumulants of G",
                "G = Khat + <H>, H_r = phi_a phi_b - K_ab: E G = K0 + K1/n + K2/n^2, n Cov = V4 + V4_1/n, n^2 times the third cumulant is V6. U is n times the mean of the row covariance less that of infinite width, divided by C_W.",
                [
                    .. equations.Kernel.Select(output => new DerivedFormula(new(HeadKind.Plain, Output(output)), Sum(output.Value))),
                    .. equations.RowCovariance.Select(output => new DerivedFormula(new(HeadKind.Plain, Symbol.Of($"U{Text(output.Loops)}_r", $"U^{{({Text(output.Loops)})}}_{{r}}")), Sum(output.Value) / Notation.WeightVariance)),
                ]),
        ];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Expression Carried(ClockVariable variable, DepthForm form)
    {
        if (variable.Modes == 0 || form == DepthForm.Continuous)
            return Expression.One;
        string modes = string.Concat(Enumerable.Range(0, variable.Modes).Select(mode => $"|{ModeLetters[mode]}|").Aggregate((left, right) => left + "+" + right));
        return Symbol.Of($"{Alpha.Name}^({modes})", $"{Alpha.Latex}^{{{modes}}}");
    }

    /// <summary>A cumulant of the state as the equations name it.</summary>
    internal static Symbol Variable(ClockVariable variable) => Symbol.Of(
        Cumulant(variable.Loops, Enumerable.Range(0, variable.Pairs).Select(Leg), Enumerable.Range(0, variable.Modes).Select(mode => "H_" + ModeLetters[mode]), "kappa^(", ")"),
        Cumulant(variable.Loops, Enumerable.Range(0, variable.Pairs).Select(Leg), Enumerable.Range(0, variable.Modes).Select(mode => "H_" + ModeLetters[mode]), @"\kappa^{(", ")}"));

    /// <summary>A cumulant of G as the equations name it.</summary>
    internal static Symbol Output(ClockOutput output)
    {
        string name = CumulantTensors.Of(output.External, output.Loops).Name, latex = CumulantTensors.Of(output.External, output.Loops).Latex;
        string[] legs = [.. Enumerable.Range(0, output.External).Select(Leg)];
        return Symbol.Of($"{name}_{string.Join(',', legs)}", $"{latex}_{{{string.Join(',', legs)}}}");
    }

    private static Expression Sum(ClockSum sum) => Expression.Add(sum.Terms.Select(Term));

    /// <summary>A term as the equations write it.</summary>
    internal static Expression Term(ClockTerm term) => Expression.Multiply(
    [
        (Expression)term.Coefficient,
        Notation.Step.Pow(2 * term.Steps),
        .. term.Responses.Select(each => Symbol.Of($"lam_{Leg(each.Leg)}{Pair(each.Pair)}", $@"\lambda_{{{Leg(each.Leg)}{Pair(each.Pair)}}}")),
        .. term.Means.Select(mean => Symbol.Of($"E[{Product(mean, false)}]", $@"\langle {Product(mean, true)}\rangle")),
        .. term.Cumulants.Select(each => Symbol.Of(
            Cumulant(each.Loops, each.Pairs.Select(Pair), each.Functions.Select(product => Product(product, false)), "kappa^(", ")"),
            Cumulant(each.Loops, each.Pairs.Select(Pair), each.Functions.Select(product => Product(product, true)), @"\kappa^{(", ")}"))),
    ]);

    private static string Cumulant(int loops, IEnumerable<string> pairs, IEnumerable<string> functions, string open, string close)
    {
        string averages = string.Join(", ", functions);
        return $"{open}{Text(loops)}{close}[{string.Join(' ', pairs)}{(averages.Length == 0 ? "" : " | " + averages)}]";
    }

    private static string Product(IReadOnlyList<RowFunction> product, bool isLatex) => string.Join(isLatex ? @"\," : " ", product.Select(function => Function(function, isLatex)));

    private static string Function(RowFunction function, bool isLatex)
    {
        string index = (function.Kind == RowFunctionKind.Mode ? ModeLetters[function.Leg].ToString() : Leg(function.Leg) + string.Concat(function.Others.Select(Leg))) + (function.Kernel.Count == 0 ? "" : ":" + string.Concat(function.Kernel.Select(Pair)));
        string shared = string.Concat(function.Shared.Select(pair => isLatex ? $@"\partial_{{{Pair(pair)}}}" : $"d_{Pair(pair)} "));
        string letter = function.Kind == RowFunctionKind.SigmaKernel ? "f" : "H";
        return shared + (isLatex ? $"{letter}_{{{index}}}" : $"{letter}_{index}");
    }

    private static string Leg(int leg) => LegLetters[leg].ToString();

    private static string Pair(int pair) => pair < 0 ? Leg(-pair - 1) : PairLetters[pair].ToString();
}
