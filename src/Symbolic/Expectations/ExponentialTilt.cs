// e^q with q = -x A x / 2 + b x + c under N(0, K):  e^q N(0, K) = Z N(mean, S) with
//   M = 1 + K A,   S = M^-1 K,   mean = S b,   Z = det(M)^(-1/2) e^(c + b S b / 2).
// It exists where M has positive eigenvalues only. They are real (M is similar to 1 + K^(1/2) A K^(1/2)), so that is the case
// where every elementary symmetric function of them, the sum of the principal minors of one size, is positive.

using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Expectations;

/// <summary>Gaussian and exponential factors: the tilted measure.</summary>
internal static class ExponentialTilt
{
    /// <summary>Name of the law, for people.</summary>
    public const string Name = "tilted Gaussian";

    /// <summary>
    /// The tilted vector, the logarithm of the weight and the factor det(M)^(-1/2); conditions are added. The covariances
    /// of a vector tilted by a quadratic form are symbols for now, and <paramref name="definitions"/> says what they stand for.
    /// </summary>
    /// <returns>Null if q is not a polynomial of second degree.</returns>
    public static (GaussianVector Vector, Expression Exponent, Expression Weight)? TryApply(
        Expression q, IReadOnlyList<Symbol> variables, Expression[,] kernel, ISet<Expression> conditions, IDictionary<Expression, Expression> definitions)
    {
        int n = variables.Count;
        var a = new Expression[n, n];
        var b = new Expression[n];

        // 1/x has no value at 0 to expand around.
        if (variables.Any(variable => PolynomialCoefficients.TryRead(q, variable) is null))
            return null;
        for (int i = 0; i < n; i++)
        {
            Expression slope = q.Differentiate(variables[i]).Expand();
            b[i] = AtZero(slope);
            for (int j = 0; j < n; j++)
            {
                a[i, j] = -slope.Differentiate(variables[j]).Expand();
                if (variables.Any(a[i, j].Contains))
                    return null;
            }
        }

        var m = new Expression[n, n];
        bool isQuadratic = false;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                isQuadratic |= !a[i, j].IsZero;
                m[i, j] = i == j ? Expression.One : Expression.Zero;
                for (int k = 0; k < n; k++)
                    m[i, j] += kernel[i, k] * a[k, j];
            }
        }

        Expression weight = Expression.One;
        Expression[,] covariance = kernel;
        if (isQuadratic)
        {
            for (int size = 1; size <= n; size++)
            {
                Expression symmetric = Expression.Zero;
                foreach (int[] rows in Subsets(n, size))
                    symmetric += Determinant(m, rows, rows);
                symmetric = symmetric.Expand();
                if (symmetric is not Number { Value.Sign: > 0 })
                    conditions.Add(symmetric);
            }

            int[] all = [.. Enumerable.Range(0, n)];
            Expression determinant = Determinant(m, all, all).Expand();
            weight = Power.Of(determinant, -Expression.Half);
            covariance = new Expression[n, n];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    Expression sum = Expression.Zero;
                    for (int k = 0; k < n; k++)
                        sum += ((i + k) % 2 == 0 ? 1 : -1) * Determinant(m, Without(all, k), Without(all, i)) * kernel[k, j];
                    Symbol entry = Symbol.Of($"_S{Math.Min(i, j)}{Math.Max(i, j)}");
                    definitions[entry] = sum.Expand() / determinant;
                    covariance[i, j] = definitions[entry].IsZero ? Expression.Zero : entry;
                }
            }
        }

        Expression exponent = AtZero(q);
        var mean = new Expression[n];
        for (int i = 0; i < n; i++)
        {
            mean[i] = Expression.Zero;
            for (int j = 0; j < n; j++)
                mean[i] += covariance[i, j] * b[j];
            exponent += b[i] * mean[i] / 2;
        }

        return (new GaussianVector(mean, covariance), exponent, weight);

        Expression AtZero(Expression polynomial)
        {
            foreach (Symbol variable in variables)
                polynomial = polynomial.Substitute(variable, Expression.Zero);
            return polynomial;
        }
    }

    private static int[] Without(int[] indices, int removed) => [.. indices.Where(index => index != removed)];

    private static IEnumerable<int[]> Subsets(int n, int size) =>
        Enumerable.Range(0, 1 << n).Where(bits => int.PopCount(bits) == size).Select(bits => Enumerable.Range(0, n).Where(i => (bits >> i & 1) == 1).ToArray());

    private static Expression Determinant(Expression[,] matrix, int[] rows, int[] columns)
    {
        if (rows.Length == 0)
            return Expression.One;
        Expression sum = Expression.Zero;
        for (int at = 0; at < columns.Length; at++)
        {
            if (!matrix[rows[0], columns[at]].IsZero)
                sum += (at % 2 == 0 ? 1 : -1) * matrix[rows[0], columns[at]] * Determinant(matrix, rows[1..], Without(columns, columns[at]));
        }

        return sum;
    }
}
