// Every Gaussian expectation of the equations becomes a component of an array over inputs: <sigma_a sigma''_b> is S02[a,b]
// and <sigma_b sigma''_a> is S02[b,a], one integrand for both. Integrands are functions of phi_a, phi_b and of sigma and
// its derivatives there; "f[k]" is the k-th derivative at phi_a, "g[k]" that at phi_b.

using System.Globalization;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Code;

/// <summary>One array of expectations.</summary>
/// <param name="Array">Its name, with one or two indices.</param>
/// <param name="Integrand">In x and y, f[k] and g[k].</param>
/// <param name="Swapped">The integrand with the two inputs exchanged; the same object if it is symmetric.</param>
/// <param name="Meaning">The expectation, for a comment.</param>
/// <param name="Orders">The derivatives of sigma whose product it is the expectation of, that at the first index and that at the second; null where it is of anything else.</param>
internal sealed record ExpectationArray(Tensor Array, Expression Integrand, Expression Swapped, GaussianMean Meaning, (int First, int Second)? Orders)
{
    /// <summary>True if exchanging the inputs changes nothing.</summary>
    public bool IsSymmetric => ReferenceEquals(Integrand, Swapped);
}

/// <summary>The expectations that equations need, as arrays.</summary>
internal sealed class ExpectationArrays
{
    private static readonly Symbol X = GaussianMean.Slot(0), Y = GaussianMean.Slot(1);

    private readonly List<(Expression Body, int Slots, ExpectationArray Entry)> _entries = [];
    private readonly SortedSet<int> _orders = [];

    /// <summary>The arrays, in the order of the first use.</summary>
    public IReadOnlyList<ExpectationArray> All => [.. _entries.Select(entry => entry.Entry)];

    /// <summary>The highest derivative of sigma that is needed.</summary>
    public int HighestOrder => _orders.Count == 0 ? 0 : _orders.Max;

    /// <summary>Puts array components for the expectations in an expression.</summary>
    /// <exception cref="NotSupportedException">An expectation is of more than two inputs, or carries formal derivatives.</exception>
    public Expression Replace(Expression expression) => expression.Rewrite(node => node is GaussianMean mean ? Component(mean) : null);

    private Indexed Component(GaussianMean mean)
    {
        if (!mean.Derivatives.IsEmpty)
            throw new NotSupportedException($"Generated code takes no kernel derivatives of a node sum, and the equations keep {mean} formal; derive them with quadrature certified, or write them as markdown or latex.");
        if (mean.Kernel != Notation.MeanKernel || mean.Indices.Length > 2)
            throw new NotSupportedException($"Generated code takes expectations of one or two inputs under K0, and the equations need {mean}; write them as markdown or latex.");
        if (mean.Indices.Length == 1)
            return Entry(mean.Body, 1, mean).Array[mean.Indices[0]];
        Expression swapped = Exchange(mean.Body);
        bool asIs = mean.Body.CompareTo(swapped) <= 0;
        Tensor array = Entry(asIs ? mean.Body : swapped, 2, mean).Array;
        return asIs ? array[mean.Indices[0], mean.Indices[1]] : array[mean.Indices[1], mean.Indices[0]];
    }

    private ExpectationArray Entry(Expression body, int slots, GaussianMean met)
    {
        int known = _entries.FindIndex(each => each.Slots == slots && ReferenceEquals(each.Body, body));
        if (known >= 0)
            return _entries[known].Entry;
        Expression integrand = Named(body), swapped = slots == 1 ? integrand : Named(Exchange(body));
        (int First, int Second)? orders = SigmaProduct.Of(body) is var ((slot, first), (other, second)) && (slots == 1 || slot != other) ? (first, second) : null;
        var array = new Tensor((slots == 2 ? NameOf(orders) : null) ?? $"M{(_entries.Count + 1).ToString(CultureInfo.InvariantCulture)}", "S", slots);
        TensorIndex[] indices = slots == 1 ? [Notation.A] : [Notation.A, Notation.B];
        var entry = new ExpectationArray(array, integrand, swapped, (GaussianMean)GaussianMean.Of(met.Kernel, indices, body), orders);
        _entries.Add((body, slots, entry));
        return entry;
    }

    // S02 for sigma(x) sigma''(y).
    private static string? NameOf((int First, int Second)? orders) => orders is not var (i, j) ? null : i < 10 && j < 10 ? $"S{i}{j}" : $"S_{i}_{j}";

    private Expression Named(Expression body) => body.Rewrite(node =>
    {
        if (node is not Call { Function: ActivationFunction sigma } call)
            return null;
        _orders.Add(sigma.Order);
        if (!ReferenceEquals(call.Operands[0], X) && !ReferenceEquals(call.Operands[0], Y))
            throw new NotSupportedException($"Generated code evaluates sigma at phi_a and phi_b only, and the equations need {node}; write them as markdown or latex.");
        return Symbol.Of(string.Create(CultureInfo.InvariantCulture, $"{(ReferenceEquals(call.Operands[0], X) ? 'f' : 'g')}[{sigma.Order}]"));
    });

    private static Expression Exchange(Expression body) =>
        body.Substitute(new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance) { [X] = Y, [Y] = X });
}
