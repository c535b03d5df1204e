using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Compilation;

/// <summary>
/// One number a right side needs of the activation: E_{N(0,K)}[sigma^(i)(phi_a) sigma^(j)(phi_b)], or a formal derivative
/// of it with respect to the kernel entries K_aa, K_ab, K_bb.
/// </summary>
/// <param name="FirstInput">a, from 0.</param>
/// <param name="SecondInput">b, from 0; equal to a for one input.</param>
/// <param name="FirstOrder">i.</param>
/// <param name="SecondOrder">j.</param>
/// <param name="InFirst">How often it is differentiated by K_aa.</param>
/// <param name="InCross">How often by K_ab.</param>
/// <param name="InSecond">How often by K_bb.</param>
public readonly record struct ExpectationAtom(
    int FirstInput, int SecondInput, int FirstOrder, int SecondOrder, int InFirst = 0, int InCross = 0, int InSecond = 0)
{
    /// <summary>True if it still carries a derivative with respect to kernel entries.</summary>
    public bool IsKernelDerivative => InFirst + InCross + InSecond > 0;

    /// <summary>Reads an expectation whose indices are numbers.</summary>
    /// <exception cref="NotSupportedException">The integrand is not a product of two derivatives of sigma.</exception>
    public static ExpectationAtom Of(GaussianMean mean)
    {
        if (SigmaProduct.Of(mean.Body) is not var ((firstSlot, firstOrder), (secondSlot, secondOrder)) || mean.Indices.Length > 2)
            throw new NotSupportedException($"The expectation {mean} is not one of two derivatives of sigma.");
        int first = mean.Indices[firstSlot].Value, second = mean.Indices[secondSlot].Value;
        int inFirst = 0, inCross = 0, inSecond = 0;
        foreach (KernelEntry entry in mean.Derivatives)
        {
            if (entry.First != entry.Second)
                inCross++;
            else if (entry.First == 0)
                inFirst++;
            else
                inSecond++;
        }

        return new(first, second, firstOrder, secondOrder, inFirst, inCross, inSecond);
    }
}
