namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>
/// Gaussian mathematics that no equation of a closure goes into: expansions in Hermite modes, their overlaps (Mehler), their
/// derivatives. Expansions are arrays order by order, he_(k-j)(z1) he_j(z2) at k(k+1)/2 + j, for one input he_k(z1) at k.
/// </summary>
internal static class CSharpGaussianTemplates
{
    public const string Common = """
        private static int PairCount(int inputs) => inputs * (inputs + 1) / 2;

        // The pairs (a, b), a <= b.
        private static (int A, int B)[] PairsOf(int inputs)
        {
            var pairs = new List<(int, int)>();
            for (int a = 0; a < inputs; a++)
            {
                for (int b = a; b < inputs; b++)
                    pairs.Add((a, b));
            }

            return [.. pairs];
        }

        private static int PairOf(int a, int b, int inputs) => a > b ? PairOf(b, a, inputs) : a * inputs - a * (a - 1) / 2 + b - a;

        // The places of (a, a), (a, b), (b, b).
        private static int[] KernelsOf((int A, int B) pair, int inputs) =>
            [PairOf(pair.A, pair.A, inputs), PairOf(pair.A, pair.B, inputs), PairOf(pair.B, pair.B, inputs)];

        // Independent standard units of a pair, phi = L z, and z1 = A phi_a, z2 = B phi_a + D phi_b. A direction without
        // variance (equal or proportional inputs; an input with itself) has zeros instead: phi_b = L21 z1.
        private readonly record struct Frame(double L11, double L21, double L22)
        {
            public double A => L11 > 0 ? 1 / L11 : 0;

            public double B => -L21 * A * D;

            public double D => L22 > 0 ? 1 / L22 : 0;
        }

        private static Frame[] FramesOf(double[,] K0)
        {
            (int A, int B)[] pairs = PairsOf(K0.GetLength(0));
            var frames = new Frame[pairs.Length];
            for (int p = 0; p < frames.Length; p++)
            {
                (int a, int b) = pairs[p];
                double kaa = K0[a, a], kab = K0[a, b], kbb = K0[b, b];
                if (!(kaa >= 0 && kbb >= 0 && Math.Abs(kab) <= Math.Sqrt(kaa * kbb) * (1 + 1e-12)))
                    throw new ArithmeticException(FormattableString.Invariant($"The kernel [[{kaa}, {kab}], [{kab}, {kbb}]] is not a covariance."));
                double complement = kaa * kbb == 0 ? 1 : Math.Sqrt(Math.Max(0, (kaa * kbb - kab * kab) / (kaa * kbb)));
                frames[p] = a == b ? new(Math.Sqrt(kaa), Math.Sqrt(kaa), 0)
                    : kaa * kbb == 0 ? new(Math.Sqrt(kaa), 0, Math.Sqrt(kbb))
                    : complement < 3e-8 ? new(Math.Sqrt(kaa), Math.CopySign(Math.Sqrt(kbb), kab), 0)
                    : new(Math.Sqrt(kaa), kab / Math.Sqrt(kaa), complement * Math.Sqrt(kbb));
            }

            return frames;
        }

        // C = E[z z'^T] of two frames, phi with the covariance K, times a factor.
        private static (double C11, double C12, double C21, double C22) Correlations(Frame left, Frame right, (int A, int B) p, (int A, int B) q, double[,] K, double factor = 1)
        {
            double ac = K[p.A, q.A], ad = K[p.A, q.B], bc = K[p.B, q.A], bd = K[p.B, q.B];
            double c = left.B * ac + left.D * bc, d = left.B * ad + left.D * bd;
            return (factor * left.A * ac * right.A, factor * left.A * (ac * right.B + ad * right.D), factor * c * right.A, factor * (c * right.B + d * right.D));
        }

        // S_k(C)[i, j] = E[he_(k-i)(z1) he_i(z2) he_(k-j)(z1') he_j(z2')] for correlations C (Mehler), k = 1, 2, ...; one row or
        // column for an input with itself.
        private static IEnumerable<double[,]> SymmetricPowers((double C11, double C12, double C21, double C22) c, bool oneRow, bool oneColumn, int highest)
        {
            double[,] power = { { 1 } };
            for (int k = 1; k <= highest; k++)
            {
                var next = new double[oneRow ? 1 : k + 1, oneColumn ? 1 : k + 1];
                for (int i = 0; i < next.GetLength(0); i++)
                {
                    for (int j = 0; j < next.GetLength(1); j++)
                    {
                        double sum = 0;
                        if (i < k && j < k)
                            sum += Math.Sqrt((k - i) * (double)(k - j)) * c.C11 * power[i, j];
                        if (i < k && j > 0)
                            sum += Math.Sqrt((k - i) * (double)j) * c.C12 * power[i, j - 1];
                        if (i > 0 && j < k)
                            sum += Math.Sqrt(i * (double)(k - j)) * c.C21 * power[i - 1, j];
                        if (i > 0 && j > 0)
                            sum += Math.Sqrt(i * (double)j) * c.C22 * power[i - 1, j - 1];
                        next[i, j] = sum / k;
                    }
                }

                yield return power = next;
            }
        }

        // D_r = d_e d_f, both orders of e and f, for r = (a, a), (a, b), (b, b), in d1 d1, d1 d2, d2 d2: d_a = A d1 + B d2, d_b = D d2.
        private static double[,] SecondDerivativeForms(Frame frame)
        {
            double a = frame.A, b = frame.B, d = frame.D;
            return new[,] { { a * a, 2 * a * b, b * b }, { 0, 2 * a * d, 2 * b * d }, { 0, 0, d * d } };
        }

        // he_0 to he_highest, orthonormal under N(0, 1), at each node.
        private static double[][] Hermite(double[] z, int highest)
        {
            var rows = new double[highest + 1][];
            for (int k = 0; k <= highest; k++)
            {
                rows[k] = new double[z.Length];
                for (int n = 0; n < z.Length; n++)
                    rows[k][n] = k == 0 ? 1 : (z[n] * rows[k - 1][n] - (k > 1 ? Math.Sqrt(k - 1) * rows[k - 2][n] : 0)) / Math.Sqrt(k);
            }

            return rows;
        }

        // Coefficients of all integrands in the modes of one pair, each order by order.
        private static double[][] Expansion(Frame frame, bool same, int highest)
        {
            double reach = 14;
            double[][]? coarse = null;
            for (int level = 2; level <= 8; level++)
            {
                (double[][] fine, double[] norms, double[] rims) = Projections(frame, same, highest, level, reach);
                bool agree = coarse is not null;
                for (int m = 0; m < fine.Length; m++)
                {
                    if (rims[m] > 1e-15 * norms[m] && reach < 36)
                    {
                        // The integrand grows so fast that its tail counts: start again, further out.
                        (reach, level, agree, coarse) = (1.4 * reach, 1, false, null);
                        break;
                    }

                    agree = agree && rims[m] <= 1e-15 * norms[m];
                    for (int n = 0; agree && n < fine[m].Length; n++)
                        agree = Math.Abs(fine[m][n] - coarse![m][n]) <= 1e-10 * norms[m];
                }

                if (agree)
                    return fine;
                if (level > 1)
                    coarse = fine;
            }

            throw new ArithmeticException("An expansion in Hermite modes did not converge on a uniform grid; the activation must be analytic near the real line.");
        }

        // Trapezoid sums of one level: coefficients, norms, and what the rim carries.
        private static (double[][] Coefficients, double[] Norms, double[] Rims) Projections(Frame frame, bool same, int highest, int level, double reach)
        {
            double width = Math.Pow(2, -level), shift = level * 0.6180339887498949 % 1;
            int last = (int)Math.Ceiling(reach / width), count = 2 * last + 2;
            double[] nodes = new double[count], weights = new double[count];
            for (int n = 0; n < count; n++)
            {
                nodes[n] = (n - last - 1 + shift) * width;
                weights[n] = width * Math.Exp(-nodes[n] * nodes[n] / 2) / Math.Sqrt(2 * Math.PI);
            }

            double[][] modes = Hermite(nodes, highest);
            bool flat = !same && frame.L22 == 0; // nothing depends on z2
            double[] norms = new double[INTEGRANDS], rims = new double[INTEGRANDS], point = new double[INTEGRANDS], f = new double[ORDERS], g = new double[ORDERS];
            var coefficients = new double[INTEGRANDS][];
            for (int m = 0; m < coefficients.Length; m++)
                coefficients[m] = new double[same ? highest + 1 : (highest + 1) * (highest + 2) / 2];
            var inner = new double[INTEGRANDS, highest + 1];
            for (int n = 0; n < count; n++)
            {
                double x = frame.L11 * nodes[n];
                bool outerRim = Math.Abs(nodes[n]) > reach - 0.5;
                Sigma(x, f);
                Array.Clear(inner);
                for (int l = 0; l < (same || flat ? 1 : count); l++)
                {
                    double y = frame.L21 * nodes[n] + (same || flat ? 0 : frame.L22 * nodes[l]), weight = same || flat ? 1 : weights[l];
                    Sigma(y, g);
                    Integrands(x, y, f, g, point);
                    bool rim = outerRim || (!same && !flat && Math.Abs(nodes[l]) > reach - 0.5);
                    for (int m = 0; m < point.Length; m++)
                    {
                        norms[m] += weights[n] * weight * point[m] * point[m];
                        if (rim)
                            rims[m] += Math.Sqrt(weights[n] * weight) * Math.Abs(point[m]);
                        double term = weight * point[m];
                        for (int q = 0; q <= (same || flat ? 0 : highest); q++)
                            inner[m, q] += term * (same || flat ? 1 : modes[q][l]);
                    }
                }

                for (int m = 0; m < point.Length; m++)
                {
                    for (int q = 0; q <= (same || flat ? 0 : highest); q++)
                    {
                        double term = weights[n] * inner[m, q];
                        for (int k = q; k <= highest; k++)
                            coefficients[m][same ? k : k * (k + 1) / 2 + q] += term * modes[k - q][n];
                    }
                }
            }

            for (int m = 0; m < norms.Length; m++)
                norms[m] = Math.Sqrt(norms[m]);
            return (coefficients, norms, rims);
        }

        // A vector or a matrix over pairs, over inputs.
        private static void OverInputs(double[] values, double[,] target)
        {
            int inputs = target.GetLength(0);
            for (int a = 0; a < inputs; a++)
            {
                for (int b = 0; b < inputs; b++)
                    target[a, b] = values[PairOf(a, b, inputs)];
            }
        }

        private static void OverInputs(double[,] values, double[,,,] target)
        {
            int inputs = target.GetLength(0);
            for (int a = 0; a < inputs; a++)
            {
                for (int b = 0; b < inputs; b++)
                {
                    for (int c = 0; c < inputs; c++)
                    {
                        for (int d = 0; d < inputs; d++)
                            target[a, b, c, d] = values[PairOf(a, b, inputs), PairOf(c, d, inputs)];
                    }
                }
            }
        }

        """;

    public const string Modes = """
        // E2 over pairs; B2 over pairs and pairs; B over orders, pairs and modes of a pair.
        private static (double[] E2, double[,] B2, double[,,] B) SourceInModes(double[,] K0)
        {
            int inputs = K0.GetLength(0);
            (int A, int B)[] pairs = PairsOf(inputs);
            Frame[] frames = FramesOf(K0);
            var E2 = new double[pairs.Length];
            var B2 = new double[pairs.Length, pairs.Length];
            var B = new double[HighestOrder + 1, pairs.Length, HighestOrder + 1];
            for (int p = 0; p < pairs.Length; p++)
            {
                bool same = pairs[p].A == pairs[p].B;
                double[] beta = Expansion(frames[p], same, HighestOrder)[0];
                // Near rho = +-1 the coefficients of he_j(z2) are of order sqrt(1 - rho^2)^j: what is below rounding is left out.
                double kbb = K0[pairs[p].B, pairs[p].B], complement = kbb > 0 ? frames[p].L22 / Math.Sqrt(kbb) : 1;
                double Beta(int k, int j) => same ? (j == 0 ? beta[k] : 0) : Math.Pow(complement, j) <= 1e-14 ? 0 : beta[k * (k + 1) / 2 + j];
                E2[p] = beta[0];
                double[,] two = OrderTwo(frames[p]);
                int[] kernels = KernelsOf(pairs[p], inputs);
                for (int s = 0; s < 3; s++)
                {
                    for (int j = 0; j <= 2; j++)
                        B2[p, kernels[s]] += Beta(2, j) * two[j, s];
                }

                foreach (int k in Orders)
                {
                    for (int j = 0; j <= k; j++)
                        B[k, p, j] = Beta(k, j);
                }
            }

            return (E2, B2, B);
        }

        // The modes of order 2, he_2(z1), z1 z2, he_2(z2), as quadratic forms in phi: coefficients of g_aa, g_ab, g_bb.
        private static double[,] OrderTwo(Frame frame)
        {
            double a = frame.A, b = frame.B, d = frame.D, root = Math.Sqrt(0.5);
            return new[,] { { a * a * root, 0, 0 }, { a * b, a * d, 0 }, { b * b * root, 2 * b * d * root, d * d * root } };
        }

        // sum_i B[k, p, i] E[H_kpi H_kqj].
        private static double[,,,] ContractWithOverlaps(double[,] K0, double[,,] B)
        {
            (int A, int B)[] pairs = PairsOf(K0.GetLength(0));
            Frame[] frames = FramesOf(K0);
            var result = new double[HighestOrder + 1, pairs.Length, pairs.Length, HighestOrder + 1];
            for (int p = 0; p < pairs.Length; p++)
            {
                for (int q = 0; q < pairs.Length; q++)
                {
                    int k = 0;
                    foreach (double[,] overlap in SymmetricPowers(Correlations(frames[p], frames[q], pairs[p], pairs[q], K0), pairs[p].A == pairs[p].B, pairs[q].A == pairs[q].B, HighestOrder))
                    {
                        k++;
                        for (int i = 0; i < overlap.GetLength(0); i++)
                        {
                            for (int j = 0; j < overlap.GetLength(1); j++)
                                result[k, p, q, j] += B[k, p, i] * overlap[i, j];
                        }
                    }
                }
            }

            return result;
        }

        // sum_r C[., r] D_r H_M: covariances with the modes two orders below; those with order 2 come from C_sg, times a factor.
        private static double[,,] SecondDerivatives(double[,,,] C, double[,] C_sg, double[,] K, double factor)
        {
            int inputs = K.GetLength(0);
            (int A, int B)[] pairs = PairsOf(inputs);
            Frame[] frames = FramesOf(K);
            var result = new double[HighestOrder + 1, pairs.Length, HighestOrder + 1];
            for (int q = 0; q < pairs.Length; q++)
            {
                int[] kernels = KernelsOf(pairs[q], inputs);
                double[,] forms = SecondDerivativeForms(frames[q]), two = OrderTwo(frames[q]);
                for (int s = 0; s < 3; s++)
                {
                    for (int k = 3; k <= HighestOrder; k++)
                    {
                        for (int j = 0; j <= k - 2; j++)
                        {
                            double lower = k == 4 ? 0 : C[k - 2, kernels[s], q, j];
                            for (int t = 0; k == 4 && t < 3; t++)
                                lower += factor * two[j, t] * C_sg[kernels[s], kernels[t]];
                            AddDerivative(forms, s, k, q, j, lower, result);
                        }
                    }
                }
            }

            return result;
        }

        // Adds what D_s makes of the mode (k - 2, j) of the pair q to the modes of order k: d he_n = sqrt(n) he_(n-1).
        private static void AddDerivative(double[,] forms, int s, int k, int q, int j, double lower, double[,,] target)
        {
            target[k, q, j] += forms[s, 0] * Math.Sqrt((k - j) * (k - j - 1.0)) * lower;
            target[k, q, j + 1] += forms[s, 1] * Math.Sqrt((k - j - 1.0) * (j + 1)) * lower;
            target[k, q, j + 2] += forms[s, 2] * Math.Sqrt((j + 1.0) * (j + 2)) * lower;
        }

        """;

    public const string ModesDiscrete = """
        // sum_ru C_ss[r, u] D_r D_u H_M.
        private static double[,,] FourthDerivatives(double[,] C_ss, double[,] K)
        {
            int inputs = K.GetLength(0);
            (int A, int B)[] pairs = PairsOf(inputs);
            Frame[] frames = FramesOf(K);
            var result = new double[HighestOrder + 1, pairs.Length, HighestOrder + 1];
            for (int q = 0; q < pairs.Length && HighestOrder >= 4; q++)
            {
                int[] kernels = KernelsOf(pairs[q], inputs);
                double[,] forms = SecondDerivativeForms(frames[q]);
                for (int s = 0; s < 3; s++)
                {
                    var once = new double[3, pairs.Length, 3];
                    for (int t = 0; t < 3; t++)
                        AddDerivative(forms, t, 2, q, 0, C_ss[kernels[s], kernels[t]], once);
                    for (int j = 0; j <= 2; j++)
                        AddDerivative(forms, s, 4, q, j, once[2, q, j], result);
                }
            }

            return result;
        }

        // A[k, q, i, j]: the modes of the next frame, averaged over the layer, in those of this one: S_k(alpha T), T = L^T L'^(-T).
        private static double[,,,] CarriedModes(double[,] K0, double[,] nextK0, double alpha)
        {
            (int A, int B)[] pairs = PairsOf(K0.GetLength(0));
            Frame[] here = FramesOf(K0), there = FramesOf(nextK0);
            var result = new double[HighestOrder + 1, pairs.Length, HighestOrder + 1, HighestOrder + 1];
            for (int q = 0; q < pairs.Length; q++)
            {
                bool same = pairs[q].A == pairs[q].B;
                int k = 0;
                foreach (double[,] power in SymmetricPowers(
                    (alpha * here[q].L11 * there[q].A, alpha * (here[q].L11 * there[q].B + here[q].L21 * there[q].D), 0, alpha * here[q].L22 * there[q].D), same, same, HighestOrder))
                {
                    k++;
                    for (int i = 0; i < power.GetLength(1); i++)
                    {
                        for (int j = 0; j < power.GetLength(0); j++)
                            result[k, q, i, j] = power[j, i];
                    }
                }
            }

            return result;
        }

        """;

    public const string ModesContinuous = """
        // A[k, q, i, j]: L' = L (1 + eps^2 Phi), Phi the lower half of L^-1 Q L^-T with half its diagonal.
        private static double[,,,] DriftOfModes(double[,] K0, double[,] Q)
        {
            (int A, int B)[] pairs = PairsOf(K0.GetLength(0));
            Frame[] frames = FramesOf(K0);
            var result = new double[HighestOrder + 1, pairs.Length, HighestOrder + 1, HighestOrder + 1];
            for (int q = 0; q < pairs.Length; q++)
            {
                (int a, int b) = pairs[q];
                if (a != b && frames[q].L22 == 0)
                {
                    double ratio = frames[q].L21 * frames[q].A, rest = Q[b, b] - 2 * ratio * Q[a, b] + ratio * ratio * Q[a, a];
                    if (Math.Abs(rest) > 1e-10 * (Math.Abs(Q[b, b]) + ratio * ratio * Q[a, a]))
                        throw new ArithmeticException($"Inputs {a} and {b} are proportional at this depth and not at the next, so that the modes have no derivative in depth time; use discrete stepping.");
                }

                (double R11, double R12, _, double R22) = Correlations(frames[q], frames[q], pairs[q], pairs[q], Q);
                for (int k = 0; k <= HighestOrder; k++)
                {
                    for (int j = 0; j <= k; j++)
                    {
                        result[k, q, j, j] = -0.5 * ((k - j) * R11 + j * R22);
                        if (j < k)
                            result[k, q, j + 1, j] = -R12 * Math.Sqrt((k - j) * (j + 1.0));
                    }
                }
            }

            return result;
        }

        """;
}
