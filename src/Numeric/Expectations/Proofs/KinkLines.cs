// Where can an expression of two variables have kinks? Each function with a kink has one where its argument is 0:
//   a product is 0 where a factor is, a positive power and an increasing odd function where their argument is;
//   of an argument of one variable the zeros are isolated by bisection: outside of the intervals found the enclosure has no 0, and in each
//   the derivative has none;
//   an argument of both variables has to be linear in them.
// The list is complete over the rectangle searched, or there is none. Between the lines every such argument keeps its sign.

using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>A line X x + Y y + Constant = 0, each coefficient within an interval.</summary>
internal readonly record struct EnclosedLine(Interval X, Interval Y, Interval Constant);

/// <summary>Finds the lines on which an expression may have kinks.</summary>
internal static class KinkLines
{
    private const int MostLines = 75;
    private const int MostBisections = 20_000;

    private static readonly HashSet<Function> OddAndIncreasing =
        [ElementaryFunctions.Tanh, ElementaryFunctions.Sinh, ElementaryFunctions.Erf, ElementaryFunctions.ArcTan, ElementaryFunctions.ArSinh, ElementaryFunctions.ExpMinusOne];

    /// <summary>The lines within |x| &lt;= <paramref name="xReach"/>, |y| &lt;= <paramref name="yReach"/>.</summary>
    /// <exception cref="NotSupportedException">They cannot be found, or are too many.</exception>
    public static List<EnclosedLine> Find(Expression expression, Symbol x, Symbol y, double xReach, double yReach)
    {
        var lines = new List<EnclosedLine>();
        foreach (Expression node in expression.Nodes())
        {
            if (node is not Call { Function.IsSmooth: false } call) continue;
            if (!Collect(call.Operands[0]))
                throw new NotSupportedException($"E[{expression}] has no closed form that symeft knows, and the kink of {call} lies along a curve that cannot be located; kinks along straight lines such as abs(x - 2*y) can. --quadrature estimated computes it without proof.");
            if (lines.Count > MostLines)
                throw new NotSupportedException($"E[{expression}] has no closed form that symeft knows, and {call} has more than {MostLines} lines of kinks; --quadrature estimated computes it without proof.");
        }

        return lines;

        bool Collect(Expression argument)
        {
            bool hasX = argument.Contains(x), hasY = argument.Contains(y);
            if (!hasX && !hasY) return true;
            switch (argument)
            {
                case Product:
                    return argument.Operands.ToArray().All(Collect);
                case Power { Exponent: Number { Value.Sign: > 0 } } power:
                    return Collect(power.Base);
                case Call { Function: var f } inner when OddAndIncreasing.Contains(f):
                    return Collect(inner.Operands[0]);
            }

            if (PolynomialCoefficients.TryRead(argument, hasY ? y : x) is [var rest, var slope] && !slope.Contains(x) && PolynomialCoefficients.TryRead(rest, x) is { Length: <= 2 } affine)
            {
                // Over the leading coefficient, so that equal lines have equal numbers.
                Interval constant = Known(affine[0] / slope);
                lines.Add(hasY ? new(affine.Length == 2 ? Known(affine[1] / slope) : Interval.At(0), Interval.At(1), constant) : new(Interval.At(1), Interval.At(0), constant));
                return true;
            }

            if (hasX && hasY) return false;
            if (Zeros(argument, hasX ? x : y, hasX ? xReach : yReach) is not { } zeros) return false;
            foreach (Interval zero in zeros) lines.Add(hasX ? new(Interval.At(1), Interval.At(0), -zero) : new(Interval.At(0), Interval.At(1), -zero));
            return true;
        }

        static Interval Known(Expression value) => EnclosureProgram.Of(value).Range();
    }

    // Intervals outside of which f has no zero; null if they are too many.
    private static List<Interval>? Zeros(Expression f, Symbol variable, double reach)
    {
        var program = EnclosureProgram.Of(f, variable);
        var open = new Stack<Interval>();
        open.Push(new(0, reach));
        open.Push(new(-reach, 0));
        var zeros = new List<Interval>();
        for (int bisections = 0; open.TryPop(out Interval piece); bisections++)
        {
            if (bisections > MostBisections) return null;
            if (!program.Range(piece).Contains(0)) continue;
            double middle = piece.Middle;
            if (piece.Low < middle && middle < piece.High && piece.Size > 1e-300)
            {
                open.Push(new(middle, piece.High));
                open.Push(new(piece.Low, middle));
                continue;
            }

            // Neighbours that both hold the zero are one.
            if (zeros.Count > 0 && zeros[^1].High >= piece.Low) zeros[^1] = zeros[^1].And(piece);
            else zeros.Add(piece);
        }

        // Where f is monotone an interval holds one zero and no more; one too thin to matter may hold any number.
        var slope = EnclosureProgram.Of(f.Differentiate(variable), variable);
        return zeros.All(zero => zero.High - zero.Low < 1e-290 || !slope.Range(zero).Contains(0)) ? zeros : null;
    }
}
