using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Derivation;

/// <summary>
/// The definitions G_ab = (1/n) sum_i phi_ia phi_ib and S_ab = (1/n) sum_i sigma(phi_ia) sigma(phi_ib), and their use
/// from right to left: a neuron sum that is one of these is given its name.
/// </summary>
internal static class EmpiricalAverages
{
    private static readonly TensorIndex I = TensorIndex.Neuron("i");

    /// <summary>The named kernels and the one-neuron observables they average.</summary>
    private static readonly (Tensor Kernel, Func<Expression, Expression, Expression> Observable)[] Definitions =
    [
        (Notation.Kernel, (left, right) => left * right),
        (Notation.SigmaKernel, (left, right) => Notation.Sigma(left) * Notation.Sigma(right)),
    ];

    /// <summary>The definition of a named kernel: (1/n) sum_i f(phi_ia, phi_ib).</summary>
    public static Expression Definition(Tensor kernel, TensorIndex first, TensorIndex second)
    {
        Func<Expression, Expression, Expression> observable = Definitions.Single(each => each.Kernel == kernel).Observable;
        return IndexSum.Of(I, observable(Notation.Preactivation[I, first], Notation.Preactivation[I, second])) / Notation.Width;
    }

    /// <summary>Names every neuron sum that is n times a named kernel.</summary>
    /// <exception cref="InvalidOperationException">A neuron sum is none of the named kernels.</exception>
    public static Expression Fold(Expression expression) =>
        expression.Rewrite(node => node is IndexSum sum ? Name(sum) : null);

    private static Expression Name(IndexSum sum)
    {
        TensorIndex[] inputs = [.. sum.Body.FreeIndices().Where(index => index.Kind == IndexKind.Input)];
        foreach (TensorIndex first in inputs)
        {
            foreach (TensorIndex second in inputs)
            {
                foreach ((Tensor kernel, Func<Expression, Expression, Expression> observable) in Definitions)
                {
                    if (ReferenceEquals(observable(Notation.Preactivation[sum.Index, first], Notation.Preactivation[sum.Index, second]), sum.Body))
                        return Notation.Width * kernel[first, second];
                }
            }
        }

        throw new InvalidOperationException($"The neuron sum {sum} is not one of the named kernels G and S.");
    }
}
