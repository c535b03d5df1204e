// The terms that the equations of the random clock are made of.
//   Pairs of inputs that are summed are numbered 0, 1, ...; those of the quantity itself are -1, -2, ... A derivative of a function in the kernel is
//   f_p = 1/2 d_a d_b f for p = (a,b) (Price). A pair may also put one derivative on each of two functions of the same neuron.
//   Terms that differ by the names of summed pairs, or by the order of factors, are one: of all ways to write a term the first in the order of
//   characters is its key.

using System.Globalization;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Derivation.Clock;

/// <summary>What a function of a neuron is.</summary>
internal enum RowFunctionKind
{
    /// <summary>f_r = C_W sigma_a sigma_b + C_b: what a neuron adds to the row covariance of the next layer.</summary>
    SigmaKernel,

    /// <summary>H_r = phi_a phi_b - K_ab.</summary>
    Pair,

    /// <summary>H_A, a mode that the quantity has as a leg.</summary>
    Mode,
}

/// <summary>A function of one neuron, less its Gaussian mean unless it has a shared derivative.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Leg">Which leg of the quantity it comes from.</param>
/// <param name="Kernel">The pairs p by which it is differentiated as f_p.</param>
/// <param name="Shared">The pairs of which it has one of the two derivatives.</param>
internal sealed record RowFunction(RowFunctionKind Kind, int Leg, IReadOnlyList<int> Kernel, IReadOnlyList<int> Shared)
{
    /// <summary>The legs of further f by which it is multiplied, their means not taken away, before anything is differentiated.</summary>
    public IReadOnlyList<int> Others { get; init; } = [];

    /// <summary>With other names of pairs.</summary>
    public RowFunction Rename(Func<int, int> name) => this with { Kernel = [.. Kernel.Select(name)], Shared = [.. Shared.Select(name)] };

    /// <summary>A text that is the same for the same function.</summary>
    public string Key => $"{"fHA"[(int)Kind]}{Text(Leg)}{List('+', Others)}{List(':', Kernel)}{List('/', Shared)}";

    internal static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    internal static string List(char mark, IEnumerable<int> pairs) => string.Concat(pairs.Order().Select(pair => mark + Text(pair)));
}

/// <summary>
/// n^(E-1+loops) times a joint cumulant, at its order in 1/n, of components of Delta = Khat - K0 and of averages over *different* neurons: of m pairs and
/// b functions, E = m + b. (1,0) begins at one loop, K0 being taken away.
/// </summary>
/// <param name="Loops">The power of 1/n beyond the leading one.</param>
/// <param name="Pairs">The components of Delta.</param>
/// <param name="Functions">For each average the product of functions that is averaged.</param>
internal sealed record ClockCumulant(int Loops, IReadOnlyList<int> Pairs, IReadOnlyList<IReadOnlyList<RowFunction>> Functions)
{
    /// <summary>0 for the cumulant; else the number of a part of it, such as one of its diagrams, which need not be symmetric in the functions.</summary>
    public int Part { get; init; }

    /// <summary>The power of 1/n that it comes with.</summary>
    public int Power => Pairs.Count + Functions.Count - 1 + Loops;

    /// <summary>With other names of pairs.</summary>
    public ClockCumulant Rename(Func<int, int> name) => this with
    {
        Pairs = [.. Pairs.Select(name)],
        Functions = [.. Functions.Select(product => (IReadOnlyList<RowFunction>)[.. product.Select(function => function.Rename(name))])],
    };

    /// <summary>A text that is the same for the same cumulant.</summary>
    public string Key => Part == 0
        ? $"k{RowFunction.Text(Loops)}{RowFunction.List('.', Pairs)}[{string.Join(',', Functions.Select(ClockTerm.KeyOf).Order(StringComparer.Ordinal))}]"
        : $"d{RowFunction.Text(Part)}{RowFunction.List('.', Pairs)}[{string.Join(',', Functions.Select(ClockTerm.KeyOf))}]";
}

/// <summary>A product: coefficient h^Steps, responses lam_rp = alpha^2 delta_rp + h E f_(r,p), means of products of functions, cumulants.</summary>
/// <param name="Coefficient">A number.</param>
/// <param name="Steps">The power of h = eps^2.</param>
/// <param name="Responses">(leg r, pair p) for each lam_rp.</param>
/// <param name="Means">Products of functions of a neuron, of which the Gaussian mean is taken.</param>
/// <param name="Cumulants">Cumulants of the state.</param>
internal sealed record ClockTerm(
    Rational Coefficient,
    int Steps,
    IReadOnlyList<(int Leg, int Pair)> Responses,
    IReadOnlyList<IReadOnlyList<RowFunction>> Means,
    IReadOnlyList<ClockCumulant> Cumulants)
{
    /// <summary>1.</summary>
    public static ClockTerm One { get; } = new(Rational.One, 0, [], [], []);

    /// <summary>The number of summed pairs.</summary>
    public int SummedPairs => AllPairs.Where(pair => pair >= 0).Distinct().Count();

    private IEnumerable<int> AllPairs => Responses.Select(each => each.Pair)
        .Concat(Cumulants.SelectMany(each => each.Pairs))
        .Concat(Means.Concat(Cumulants.SelectMany(each => each.Functions)).SelectMany(product => product).SelectMany(function => function.Kernel.Concat(function.Shared)));

    /// <summary>The product with another term; its summed pairs get names of their own.</summary>
    public ClockTerm Times(ClockTerm other)
    {
        int offset = SummedPairs;
        ClockTerm apart = offset == 0 ? other : other.Rename(pair => pair < 0 ? pair : pair + offset);
        return new(
            Coefficient * apart.Coefficient, Steps + apart.Steps, [.. Responses, .. apart.Responses], [.. Means, .. apart.Means], [.. Cumulants, .. apart.Cumulants]);
    }

    /// <summary>With other names of pairs.</summary>
    public ClockTerm Rename(Func<int, int> name) => new(
        Coefficient,
        Steps,
        [.. Responses.Select(each => (each.Leg, name(each.Pair)))],
        [.. Means.Select(product => (IReadOnlyList<RowFunction>)[.. product.Select(function => function.Rename(name))])],
        [.. Cumulants.Select(each => each.Rename(name))]);

    /// <summary>The term of the quantity whose legs and modes have other numbers.</summary>
    /// <param name="leg">The new number of each leg that is no mode.</param>
    /// <param name="mode">The new number of each mode.</param>
    public ClockTerm Relabel(Func<int, int> leg, Func<int, int> mode)
    {
        IReadOnlyList<RowFunction> Product(IReadOnlyList<RowFunction> product) =>
            [.. product.Select(function => function with { Leg = function.Kind == RowFunctionKind.Mode ? mode(function.Leg) : leg(function.Leg) })];
        ClockTerm moved = this with
        {
            Responses = [.. Responses.Select(each => (leg(each.Leg), each.Pair))],
            Means = [.. Means.Select(Product)],
            Cumulants = [.. Cumulants.Select(each => each with { Functions = [.. each.Functions.Select(Product)] })],
        };
        return moved.Rename(pair => pair < 0 ? -(leg(-pair - 1) + 1) : pair);
    }

    /// <summary>A text that is the same for the same product of functions.</summary>
    public static string KeyOf(IReadOnlyList<RowFunction> product) => string.Join('*', product.Select(function => function.Key).Order(StringComparer.Ordinal));

    /// <summary>The term with its summed pairs named 0, 1, ... in the one way that makes its key the first, and that key.</summary>
    public (string Key, ClockTerm Term) Canonical()
    {
        int[] summed = [.. AllPairs.Where(pair => pair >= 0).Distinct()];
        // Pairs that stand at different places are told apart by a mark; only those that look alike are tried in every order.
        (int Pair, string Place)[] places = [.. summed.Select(pair => (pair, Rename(name => name < 0 ? name : name == pair ? 1 : 0).Key)).OrderBy(each => each.Key, StringComparer.Ordinal)];
        int[][] alike = [.. places.GroupBy(each => each.Place, StringComparer.Ordinal).Select(group => group.Select(each => each.Pair).ToArray())];
        (string Key, ClockTerm Term) best = ("", this);
        foreach (int[] order in Orders(alike))
        {
            ClockTerm renamed = Rename(pair => pair < 0 ? pair : Array.IndexOf(order, pair));
            string key = renamed.Key;
            if (best.Key.Length == 0 || string.CompareOrdinal(key, best.Key) < 0)
                best = (key, renamed);
        }

        return best;
    }

    private string Key => string.Join(' ',
        (string[])[
            "h" + RowFunction.Text(Steps),
            .. Responses.Select(each => $"L{RowFunction.Text(each.Leg)}.{RowFunction.Text(each.Pair)}").Order(StringComparer.Ordinal),
            .. Means.Select(product => $"E[{KeyOf(product)}]").Order(StringComparer.Ordinal),
            .. Cumulants.Select(each => each.Key).Order(StringComparer.Ordinal),
        ]);

    private static IEnumerable<int[]> Orders(int[][] groups) => groups.Length == 0
        ? [[]]
        : from first in Permutations(groups[0]) from rest in Orders(groups[1..]) select (int[])[.. first, .. rest];

    private static IEnumerable<int[]> Permutations(int[] members) => members.Length <= 1
        ? [members]
        : from at in Enumerable.Range(0, members.Length) from rest in Permutations([.. members[..at], .. members[(at + 1)..]]) select (int[])[members[at], .. rest];
}

/// <summary>A sum of terms, each written once.</summary>
internal sealed class ClockSum
{
    private readonly SortedDictionary<string, ClockTerm> _terms = new(StringComparer.Ordinal);

    /// <summary>The terms, in the order of their keys.</summary>
    public IReadOnlyCollection<ClockTerm> Terms => _terms.Values;

    /// <summary>The keys of the terms.</summary>
    public IReadOnlyCollection<string> Keys => _terms.Keys;

    /// <summary>The coefficient of a term by its key; 0 where it is none.</summary>
    public Rational this[string key] => _terms.TryGetValue(key, out ClockTerm? term) ? term.Coefficient : Rational.Zero;

    /// <summary>Adds a term.</summary>
    public void Add(ClockTerm added)
    {
        (string key, ClockTerm term) = added.Canonical();
        Rational sum = term.Coefficient + this[key];
        if (sum.IsZero)
            _terms.Remove(key);
        else
            _terms[key] = term with { Coefficient = sum };
    }

    /// <summary>Adds a sum times a number.</summary>
    public void Add(ClockSum added, Rational factor)
    {
        foreach (ClockTerm term in added.Terms)
            Add(term with { Coefficient = factor * term.Coefficient });
    }

    /// <summary>The product of two sums.</summary>
    public ClockSum Times(ClockSum other)
    {
        var product = new ClockSum();
        foreach (ClockTerm left in Terms)
        {
            foreach (ClockTerm right in other.Terms)
                product.Add(left.Times(right));
        }

        return product;
    }
}
