using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation.Programs;

/// <summary>
/// The Gaussian rows that a dense layer makes, given the stream: their covariance is Q + s/sqrt(n) + U/n. What a closure says of s is in the statements that lead
/// to it.
/// </summary>
/// <param name="Covariance">The statement of Q over pairs.</param>
/// <param name="With">n Cov(s_p, g_q) and n Cov(s_p, xi(H_M)) with each field that outputs are added to later; the last is the field that these rows are added to.</param>
/// <param name="WithItself">n Cov(s_p, s_q).</param>
/// <param name="Mean">U over pairs, from a pair.</param>
/// <param name="Width">r: there are r n rows.</param>
internal sealed record LayerRows(MomentStatement Covariance, IReadOnlyList<FieldCovariance> With, Tensor WithItself, Func<TensorIndex, Expression> Mean, Expression Width)
{
    /// <summary>s, as paths name it.</summary>
    public required Tensor Drive { get; init; }

    /// <summary>n Cov(s_p, g_q).</summary>
    public Tensor WithKernel => With[^1].WithKernel;

    /// <summary>n Cov(s_p, xi(H_M)); null where the closure has no modes.</summary>
    public Tensor? WithMode => With[^1].WithMode;

    /// <summary>n Cov(s_p, t_q), from the covariances of something t with the field at which the branch begins, or with the one that its rows read.</summary>
    public required Func<FieldCovariance, Tensor> FromBase { get; init; }

    /// <summary>The tensor of Q.</summary>
    public Tensor CovarianceTensor => Covariance switch
    {
        ContractedEquation equation => equation.Variable.Tensor,
        ComponentEquation equation => equation.Variable.Tensor,
        _ => throw new InvalidOperationException($"{Covariance} determines no tensor."),
    };

    /// <summary>n times the fourth cumulant of a row, over pairs and pairs; null for 0.</summary>
    public Tensor? FourthCumulant { get; init; }

    /// <summary>What the covariance of the kernel of the rows has less than that of independent rows, over pairs and pairs and times the number of rows over n; null for 0.</summary>
    public Tensor? LostNoise { get; init; }
}
