// E_{N(0,K)}[f(phi_a, phi_b, ...)], written with slots: the body is a function of the scalar variables x, y, z, w, and
// slot s stands for the input index Indices[s]. A definite pair of inputs is put in by renaming indices; the body never
// changes. Derivatives with respect to kernel entries are kept formal, by slot, until Price's theorem is applied:
// at a = b the entries K_aa, K_ab, K_bb are one number, but the three partial derivatives are still three numbers.

using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Tensors;

/// <summary>A derivative with respect to the kernel entry of two slots, First at most Second.</summary>
/// <param name="First">The first slot.</param>
/// <param name="Second">The second slot.</param>
public readonly record struct KernelEntry(int First, int Second) : IComparable<KernelEntry>
{
    /// <summary>The entry with its slots in order.</summary>
    public static KernelEntry Of(int first, int second) => first <= second ? new(first, second) : new(second, first);

    /// <inheritdoc/>
    public int CompareTo(KernelEntry other) => First != other.First ? First.CompareTo(other.First) : Second.CompareTo(other.Second);
}

/// <summary>A Gaussian expectation of a function of pre-activations, or a derivative of it with respect to kernel entries.</summary>
public sealed class GaussianMean : Expression, ITensorExpression
{
    private static readonly Symbol[] Slots = [Symbol.Of("x"), Symbol.Of("y"), Symbol.Of("z"), Symbol.Of("w")];

    private readonly TensorIndex[] _indices;
    private readonly KernelEntry[] _derivatives;
    private readonly Expression[] _body;

    private GaussianMean(Tensor kernel, TensorIndex[] indices, Expression body, KernelEntry[] derivatives)
        : base(IndexOperations.Hash(HashCode.Combine(37, kernel.Name, body.StructuralHash, derivatives.Length, derivatives.Length > 0 ? derivatives[^1] : default), indices)) =>
        (Kernel, _indices, _body, _derivatives) = (kernel, indices, [body], derivatives);

    /// <summary>The covariance of the Gaussian, a symmetric tensor.</summary>
    public Tensor Kernel { get; }

    /// <summary>The input index of each slot.</summary>
    public ReadOnlySpan<TensorIndex> Indices => _indices;

    /// <summary>The integrand, a function of the slot variables.</summary>
    public Expression Body => _body[0];

    /// <summary>Formal derivatives with respect to kernel entries, sorted.</summary>
    public ReadOnlySpan<KernelEntry> Derivatives => _derivatives;

    /// <inheritdoc/>
    public override ReadOnlySpan<Expression> Operands => _body;

    internal override int Rank => 6;

    /// <summary>The variable of a slot: x, y, z or w.</summary>
    public static Symbol Slot(int slot) => Slots[slot];

    /// <summary>The expectation of a body over the slots' inputs, canonical.</summary>
    /// <param name="kernel">The covariance.</param>
    /// <param name="indices">The input of each slot.</param>
    /// <param name="body">The integrand in the slot variables.</param>
    /// <param name="derivatives">Formal derivatives with respect to kernel entries.</param>
    public static Expression Of(Tensor kernel, ReadOnlySpan<TensorIndex> indices, Expression body, params ReadOnlySpan<KernelEntry> derivatives)
    {
        (Rational coefficient, Expression rest) = Product.SplitCoefficient(body);
        if (rest.IsOne)
            return derivatives.IsEmpty ? Number.Of(coefficient) : Zero;
        if (!coefficient.IsOne)
            return Number.Of(coefficient) * Of(kernel, indices, rest, derivatives);

        // Sort the inputs; equal inputs share a slot unless derivatives tell them apart.
        int count = indices.Length;
        int[] order = [.. Enumerable.Range(0, count)];
        TensorIndex[] given = indices.ToArray();
        bool merge = derivatives.IsEmpty;
        HashSet<Expression> used = [.. body.Nodes()];
        int[] kept = merge ? [.. order.Where(slot => used.Contains(Slots[slot]))] : order;
        kept = [.. kept.OrderBy(slot => given[slot]).ThenBy(slot => slot)];
        var newSlot = new int[count];
        var newIndices = new List<TensorIndex>();
        foreach (int slot in kept)
        {
            if (!merge || newIndices.Count == 0 || newIndices[^1] != given[slot])
                newIndices.Add(given[slot]);
            newSlot[slot] = newIndices.Count - 1;
        }

        var replacement = new Dictionary<Expression, Expression>(ReferenceEqualityComparer.Instance);
        foreach (int slot in kept)
            replacement[Slots[slot]] = Slots[newSlot[slot]];
        Expression renamed = body.Substitute(replacement);
        var entries = new KernelEntry[derivatives.Length];
        for (int at = 0; at < entries.Length; at++)
            entries[at] = KernelEntry.Of(newSlot[derivatives[at].First], newSlot[derivatives[at].Second]);
        Array.Sort(entries);
        return ExpressionPool.Intern(new GaussianMean(kernel, [.. newIndices], renamed, entries));
    }

    /// <summary>The expectation of a product of functions, one per input: E[f(phi_a) g(phi_b) ...].</summary>
    public static Expression OfProduct(Tensor kernel, params ReadOnlySpan<(TensorIndex Input, Func<Expression, Expression> Function)> factors)
    {
        var indices = new TensorIndex[factors.Length];
        Expression body = One;
        for (int at = 0; at < factors.Length; at++)
        {
            indices[at] = factors[at].Input;
            body *= factors[at].Function(Slots[at]);
        }

        return Of(kernel, indices, body);
    }

    /// <inheritdoc/>
    public override Expression WithOperands(ReadOnlySpan<Expression> operands) => Of(Kernel, _indices, operands[0], _derivatives);

    /// <summary>The same expectation under another covariance.</summary>
    public Expression WithKernel(Tensor kernel) => Of(kernel, _indices, Body, _derivatives);

    /// <summary>One more formal derivative with respect to the kernel entry of two slots.</summary>
    public Expression DifferentiateKernel(int first, int second) => Of(Kernel, _indices, Body, [.. _derivatives, KernelEntry.Of(first, second)]);

    int ITensorExpression.CompareContent(Expression other)
    {
        var mean = (GaussianMean)other;
        int order = string.CompareOrdinal(Kernel.Name, mean.Kernel.Name);
        if (order == 0)
            order = _derivatives.Length.CompareTo(mean._derivatives.Length);
        for (int at = 0; order == 0 && at < _derivatives.Length; at++)
            order = _derivatives[at].CompareTo(mean._derivatives[at]);
        return order != 0 ? order : IndexOperations.Compare(_indices, mean._indices);
    }

    Expression ITensorExpression.WithIndices(Func<TensorIndex, TensorIndex> rename) => Of(Kernel, [.. _indices.Select(rename)], Body, _derivatives);

    internal override bool HasSameContent(Expression other) =>
        other is GaussianMean mean
        && mean.Kernel.Name == Kernel.Name
        && ReferenceEquals(mean.Body, Body)
        && _indices.AsSpan().SequenceEqual(mean._indices)
        && _derivatives.AsSpan().SequenceEqual(mean._derivatives);
}
