// The next orders in 1/n of the network itself, in the random clock (ClockMoments): a closed set of equations for the joint cumulants of Delta = Khat - K0 and
// of averages of modes over different neurons, order by order, and what they say about G. At order p the cumulants of m components of Delta, m >= 1, and of
// b modes at n^-(m + b - 1 + L), m + b - 1 + L at most p + 1.

using System.Collections.Concurrent;
using SymbolicEft.Symbolic.Derivation.HigherOrders;

namespace SymbolicEft.Symbolic.Derivation.Clock;

/// <summary>n^(m + b - 1 + loops) times a joint cumulant of m components of Delta and b averages of modes.</summary>
/// <param name="Pairs">m.</param>
/// <param name="Modes">b.</param>
/// <param name="Loops">Powers of 1/n beyond the leading one.</param>
/// <param name="Part">0, or the number of a part of it.</param>
internal readonly record struct ClockVariable(int Pairs, int Modes, int Loops, int Part = 0)
{
    /// <summary>The power of 1/n.</summary>
    public int Power => Pairs + Modes - 1 + Loops;
}

/// <summary>
/// A variable and the sum that it is at the next layer, with the factor alpha^|A| of each mode A left out; or its rate of change, with the factor C_W of the one
/// f in each term left in f.
/// </summary>
/// <param name="Variable">The variable.</param>
/// <param name="RightSide">The sum.</param>
internal sealed record ClockEquation(ClockVariable Variable, ClockSum RightSide);

/// <summary>A quantity that follows from the state: n^power times a cumulant of components of G or of the row covariance.</summary>
/// <param name="External">How many components E.</param>
/// <param name="Loops">The power of 1/n beyond n^-(E-1).</param>
/// <param name="Value">The sum.</param>
internal sealed record ClockOutput(int External, int Loops, ClockSum Value)
{
    /// <summary>What it is called.</summary>
    public string Name { get; init; } = CumulantTensors.Of(External, Loops).Name;
}

/// <summary>The equations up to an order.</summary>
/// <param name="State">The equations of the cumulants, lower powers of 1/n first.</param>
/// <param name="Kernel">The cumulants of G.</param>
/// <param name="RowCovariance">The mean of the row covariance.</param>
internal sealed record ClockEquations(IReadOnlyList<ClockEquation> State, IReadOnlyList<ClockOutput> Kernel, IReadOnlyList<ClockOutput> RowCovariance)
{
    // They depend on nothing else, and order 2 takes seconds.
    private static readonly ConcurrentDictionary<(int Order, DepthForm Form), Lazy<ClockEquations>> Derived = [];

    /// <summary>Derives the equations.</summary>
    /// <param name="order">Powers of 1/n beyond the leading one, 0 or more.</param>
    /// <param name="form">Discrete or continuous depth.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is negative.</exception>
    public static ClockEquations Derive(int order, DepthForm form = DepthForm.Discrete)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        return Derived.GetOrAdd((order, form), key => new(() => Once(key.Order, key.Form))).Value;
    }

    private static ClockEquations Once(int order, DepthForm form)
    {
        int highest = order + 1;
        var next = new ClockMoments(ClockLeg.NextDelta, highest);
        var kernel = new ClockMoments(ClockLeg.Kernel, highest);
        var rows = new ClockMoments(ClockLeg.RowCovariance, highest);
        return new(
            [.. Variables(highest).Select(variable => new ClockEquation(variable, Rate(next.Cumulant(variable.Pairs, variable.Modes, variable.Power), form)))],
            [.. Enumerable.Range(1, highest).SelectMany(HigherOrderEquations.Cumulants).Select(each => new ClockOutput(each.External, each.Loops, kernel.Cumulant(each.External, 0, each.External - 1 + each.Loops)))],
            [.. Enumerable.Range(1, highest).Select(power => new ClockOutput(1, power, rows.Cumulant(1, 0, power)))]);
    }

    /// <summary>The same equations, with products of f as whole functions.</summary>
    public ClockEquations WithWholeProducts() => this with
    {
        State = [.. State.Select(equation => equation with { RightSide = WholeProducts.In(equation.RightSide) })],
        Kernel = [.. Kernel.Select(output => output with { Value = WholeProducts.In(output.Value) })],
        RowCovariance = [.. RowCovariance.Select(output => output with { Value = WholeProducts.In(output.Value) })],
    };

    /// <summary>The state, lower powers of 1/n first.</summary>
    /// <param name="highest">The highest power of 1/n.</param>
    public static IEnumerable<ClockVariable> Variables(int highest) =>
        from power in Enumerable.Range(1, highest)
        from pairs in Enumerable.Range(1, power + 1)
        from modes in Enumerable.Range(0, power + 2 - pairs)
        select new ClockVariable(pairs, modes, power + 1 - pairs - modes);

    // Of the change in a layer at alpha = 1 the order h: lam_rp = delta_rp + h E f_(r,p).
    private static ClockSum Rate(ClockSum layer, DepthForm form)
    {
        if (form == DepthForm.Discrete)
            return layer;
        var rate = new ClockSum();
        foreach (ClockTerm term in layer.Terms.Where(term => term.Steps <= 1))
        {
            // Every response stands still, or, at order h, one of them moves.
            for (int moving = term.Steps == 1 ? -1 : 0; moving < (term.Steps == 1 ? 0 : term.Responses.Count); moving++)
            {
                (int Leg, int Pair)[] still = [.. term.Responses.Where((_, at) => at != moving)];
                ClockTerm changed = term with
                {
                    Steps = 0,
                    Responses = [],
                    Means = moving < 0 ? term.Means : [.. term.Means, [new RowFunction(RowFunctionKind.SigmaKernel, term.Responses[moving].Leg, [term.Responses[moving].Pair], [])]],
                };
                rate.Add(changed.Rename(pair => still.Where(each => each.Pair == pair).Select(each => -(each.Leg + 1)).DefaultIfEmpty(pair).First()));
            }
        }

        return rate;
    }
}
