using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Diagrams.Equations;

/// <summary>A cumulant in a term, with the blocks that its legs lead to.</summary>
/// <param name="Cumulant">Which cumulant.</param>
/// <param name="Blocks">For every leg the place of a block, ascending.</param>
internal sealed record MoveFactor(Cumulant Cumulant, ImmutableArray<int> Blocks);

/// <summary>
/// A term of the equation of kappa_(E,L) of one kernel, discrete or continuous: coefficient, couplings of the blocks, and the
/// cumulants before the move.
/// </summary>
/// <param name="Coefficient">1/|Aut| of the picture in which every cumulant is one blob.</param>
/// <param name="External">E.</param>
/// <param name="Blocks">Vertices that act, then legs that are carried on or stand still.</param>
/// <param name="Factors">The cumulants.</param>
/// <param name="Diagrams">The diagrams that add up to the term, each with this last move.</param>
internal sealed record MoveTerm(
    Rational Coefficient, int External, ImmutableArray<MovingBlock> Blocks, ImmutableArray<MoveFactor> Factors, ImmutableArray<Diagram> Diagrams)
{
    /// <summary>Whether no vertex acts: the linearised drift carries the cumulant itself on.</summary>
    public bool IsLinear => Blocks.All(block => block.Vertex is { ResponseLegs: 1, KernelLegs: 1 });

    /// <summary>
    /// The term in short: "1/2 c(1,2)_ab|12 V4_12". c(p,m) is the derivative of order m of the p-th conditional cumulant; before
    /// the bar the index pairs that it drives, behind it numbers for the index pairs of its kernel legs, which are summed over.
    /// </summary>
    public override string ToString() => Short(
        coefficient => coefficient.ToString(),
        (p, m, indices) => string.Create(CultureInfo.InvariantCulture, $"c({p},{m})_{indices}"),
        (tensor, indices) => $"{tensor.Name}_{indices}");

    /// <summary>The same in LaTeX.</summary>
    public string Latex => Short(
        coefficient => coefficient.Denominator.IsOne ? coefficient.ToString() : $@"\tfrac{{{coefficient.Numerator}}}{{{coefficient.Denominator}}}",
        (p, m, indices) => string.Create(CultureInfo.InvariantCulture, $"c^{{({p},{m})}}_{{{indices}}}"),
        (tensor, indices) => $"{{{tensor.Latex}}}_{{{indices}}}");

    /// <summary>The same as a MathML element.</summary>
    public string MathMl => "<math><mrow>" + Short(
        coefficient => coefficient.Denominator.IsOne
            ? $"<mn>{coefficient}</mn>"
            : $"<mfrac><mn>{coefficient.Numerator}</mn><mn>{coefficient.Denominator}</mn></mfrac>",
        (p, m, indices) => string.Create(CultureInfo.InvariantCulture, $"<msubsup><mi>c</mi><mtext>{indices}</mtext><mtext>({p},{m})</mtext></msubsup>"),
        (tensor, indices) => Tensor(tensor, indices)) + "</mrow></math>";

    private static string Tensor(Tensor tensor, string indices)
    {
        // "V^{(6),1}": the letter, and what stands above it.
        int at = tensor.Latex.IndexOf('^');
        return $"<msubsup><mi>{tensor.Latex[..at]}</mi><mtext>{indices}</mtext><mtext>{tensor.Latex[(at + 2)..^1]}</mtext></msubsup>";
    }

    // Legs that stand still are written on the cumulant itself; all others get a number.
    private string Short(Func<Rational, string> number, Func<int, int, string, string> coupling, Func<Tensor, string, string> cumulant)
    {
        IReadOnlyList<(TensorIndex First, TensorIndex Second)> pairs = CumulantTensors.Pairs(External);
        string Pair(int leg) => $"{pairs[leg].First}{pairs[leg].Second}";
        var numbers = new List<string>[Blocks.Length];
        for (int block = 0; block < Blocks.Length; block++) numbers[block] = [];
        var factors = new List<string>();
        int next = 0;
        foreach (MoveFactor factor in Factors)
        {
            var indices = new List<string>();
            foreach (int block in factor.Blocks)
            {
                if (!Blocks[block].Moves)
                {
                    indices.Add(Pair(Blocks[block].Externals[0]));
                    continue;
                }

                string name = (++next).ToString(CultureInfo.InvariantCulture);
                numbers[block].Add(name);
                indices.Add(name);
            }

            factors.Add(cumulant(CumulantTensors.Of(factor.Cumulant.External, factor.Cumulant.Loops), Joined(indices)));
        }

        var text = new List<string>();
        if (Coefficient != Rational.One) text.Add(number(Coefficient));
        for (int block = 0; block < Blocks.Length; block++)
        {
            if (!Blocks[block].Moves) continue;
            var indices = new StringBuilder(string.Join(',', Blocks[block].Externals.Select(Pair)));
            if (numbers[block].Count > 0) indices.Append('|').Append(Joined(numbers[block]));
            text.Add(coupling(Blocks[block].Vertex.ResponseLegs, Blocks[block].Vertex.KernelLegs, indices.ToString()));
        }

        return string.Join(' ', text.Concat(factors));
    }

    // Numbers of one digit need no comma between them.
    private static string Joined(List<string> indices) => string.Join(indices.All(each => each.Length == 1) ? "" : ",", indices);

    internal static Rational BlobCoefficient(IEnumerable<MoveFactor> factors)
    {
        Rational automorphisms = Rational.One;
        foreach (IGrouping<string, MoveFactor> equal in factors.GroupBy(factor => $"{factor.Cumulant}[{string.Join(',', factor.Blocks)}]", StringComparer.Ordinal))
        {
            foreach (MoveFactor factor in equal)
            {
                foreach (IGrouping<int, int> legs in factor.Blocks.GroupBy(block => block)) automorphisms *= Rational.Factorial(legs.Count());
            }

            // A blob on a leg that no vertex drives is told apart by the leg's label: no two of them are equal.
            if (equal.Count() > 1) automorphisms *= Rational.Factorial(equal.Count());
        }

        return Rational.One / automorphisms;
    }
}
