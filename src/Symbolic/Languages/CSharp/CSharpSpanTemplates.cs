namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>Observables as expansions in the modes of their pair of inputs, and projections on them.</summary>
internal static class CSharpSpanTemplates
{
    public const string Common = """
        // A definite observable: its integrand, its pair, and whether it is a function of one input.
        private readonly record struct Component(int Integrand, int Pair, bool IsLine);

        // Frames, and the components of all observables in modes, those of the closure first.
        private sealed record Expansions(double[,] K0, Frame[] Frames, double[][] Functions)
        {
            public double[,]? Gram { get; set; }

            public (double[,] Vectors, double[] Weights)[]? Inverses { get; set; }
        }

        [ThreadStatic]
        private static List<Expansions>? recent;

        private static Component[] ComponentsOf(int inputs)
        {
            var components = new List<Component>();
            foreach ((int straight, int exchanged, bool hasTwo, bool symmetric) in Observables)
            {
                for (int a = 0; a < inputs; a++)
                {
                    for (int b = 0; b < inputs; b++)
                    {
                        if (hasTwo ? a <= b || !symmetric : a == b)
                            components.Add(new(a <= b ? straight : exchanged, PairOf(a, b, inputs), a == b));
                    }
                }
            }

            return [.. components];
        }

        /// <summary>The number of components in the state.</summary>
        private static int ObservableCount(int inputs)
        {
            int count = 0;
            for (int f = 0; f < ClosureSize; f++)
                count += !Observables[f].HasTwo ? inputs : Observables[f].Symmetric ? PairCount(inputs) : inputs * inputs;
            return count;
        }

        // The components whose inputs are among those of a pair.
        private static int[] SpanOf((int A, int B) pair, int inputs)
        {
            Component[] components = ComponentsOf(inputs);
            (int A, int B)[] pairs = PairsOf(inputs);
            var span = new List<int>();
            for (int n = 0; n < ObservableCount(inputs); n++)
            {
                (int a, int b) = pairs[components[n].Pair];
                if ((a == pair.A || a == pair.B) && (b == pair.A || b == pair.B))
                    span.Add(n);
            }

            return [.. span];
        }

        private static Expansions ExpansionsAt(double[,] K0)
        {
            recent ??= [];
            foreach (Expansions known in recent)
            {
                if (Equal(known.K0, K0))
                    return known;
            }

            (int A, int B)[] pairs = PairsOf(K0.GetLength(0));
            Frame[] frames = FramesOf(K0);
            var ofPair = new double[pairs.Length][][];
            for (int p = 0; p < pairs.Length; p++)
                ofPair[p] = Expansion(frames[p], pairs[p].A == pairs[p].B, pairs[p].A == pairs[p].B ? LineOrder : PlaneOrder);
            var made = new Expansions((double[,])K0.Clone(), frames, Array.ConvertAll(ComponentsOf(K0.GetLength(0)), component => ofPair[component.Pair][component.Integrand]));
            if (recent.Count == 2)
                recent.RemoveAt(0);
            recent.Add(made);
            return made;
        }

        private static bool Equal(double[,] left, double[,] right)
        {
            bool equal = left.Length == right.Length;
            for (int a = 0; equal && a < left.GetLength(0); a++)
            {
                for (int b = 0; b < left.GetLength(1); b++)
                    equal &= left[a, b] == right[a, b];
            }

            return equal;
        }

        // The components of the closure's own observables, and their pairs.
        private static (double[][] Functions, int[] Owners) StateOf(Expansions at)
        {
            int inputs = at.K0.GetLength(0), count = ObservableCount(inputs);
            return (at.Functions[..count], Array.ConvertAll(ComponentsOf(inputs)[..count], component => component.Pair));
        }

        // sum over k >= 1 of f_k . S_k(factor C) g_k: covariances of functions, factor^k for an average over alpha phi.
        private static double[,] Overlaps(double[][] left, int[] leftOwners, Frame[] leftFrames, double[][] right, int[] rightOwners, Frame[] rightFrames, double[,] K, double factor = 1)
        {
            (int A, int B)[] pairs = PairsOf(K.GetLength(0));
            var result = new double[left.Length, right.Length];
            for (int p = 0; p < pairs.Length; p++)
            {
                int[] rows = OwnedBy(p, leftOwners);
                for (int q = 0; q < pairs.Length && rows.Length > 0; q++)
                {
                    int[] columns = OwnedBy(q, rightOwners);
                    if (columns.Length == 0)
                        continue;
                    bool oneRow = pairs[p].A == pairs[p].B, oneColumn = pairs[q].A == pairs[q].B;
                    int k = 0;
                    foreach (double[,] power in SymmetricPowers(Correlations(leftFrames[p], rightFrames[q], pairs[p], pairs[q], K, factor), oneRow, oneColumn, oneRow && oneColumn ? LineOrder : PlaneOrder))
                    {
                        k++;
                        int start = oneRow ? k : k * (k + 1) / 2, other = oneColumn ? k : k * (k + 1) / 2;
                        int height = power.GetLength(0), width = power.GetLength(1);
                        foreach (int i in rows)
                        {
                            if (start + height > left[i].Length)
                                continue;
                            foreach (int j in columns)
                            {
                                if (other + width > right[j].Length)
                                    continue;
                                double sum = 0;
                                for (int m = 0; m < height; m++)
                                {
                                    double inner = 0;
                                    for (int n = 0; n < width; n++)
                                        inner += power[m, n] * right[j][other + n];
                                    sum += left[i][start + m] * inner;
                                }

                                result[i, j] += sum;
                            }
                        }
                    }
                }
            }

            return result;
        }

        private static int[] OwnedBy(int pair, int[] owners)
        {
            var owned = new List<int>();
            for (int n = 0; n < owners.Length; n++)
            {
                if (owners[n] == pair)
                    owned.Add(n);
            }

            return [.. owned];
        }

        // n Cov of the observables for independent rows.
        private static double[,] GramMatrix(double[,] K0)
        {
            Expansions at = ExpansionsAt(K0);
            (double[][] functions, int[] owners) = StateOf(at);
            return at.Gram ??= Overlaps(functions, owners, at.Frames, functions, owners, at.Frames, K0);
        }

        // For each pair the inverse of the Gram matrix of the observables of its inputs, as vectors and weights: sum of weight vector vector^T.
        private static (double[,] Vectors, double[] Weights)[] InversesAt(double[,] K0)
        {
            Expansions at = ExpansionsAt(K0);
            if (at.Inverses is not null)
                return at.Inverses;
            double[,] gram = GramMatrix(K0);
            (int A, int B)[] pairs = PairsOf(K0.GetLength(0));
            return at.Inverses = Array.ConvertAll(pairs, pair =>
            {
                int[] span = SpanOf(pair, K0.GetLength(0));
                var matrix = new double[span.Length, span.Length];
                for (int i = 0; i < span.Length; i++)
                {
                    for (int j = 0; j < span.Length; j++)
                        matrix[i, j] = 0.5 * (gram[span[i], span[j]] + gram[span[j], span[i]]);
                }

                return Inverse(matrix);
            });
        }

        // The pseudo-inverse by Jacobi rotations of the correlation matrix. Eigenvalues below 1e-12 of the largest are combinations
        // that vanish to rounding (equal inputs, dependent observables), and are left out.
        private static (double[,] Vectors, double[] Weights) Inverse(double[,] matrix)
        {
            int size = matrix.GetLength(0);
            var scale = new double[size];
            double[,] a = new double[size, size], vectors = new double[size, size];
            for (int i = 0; i < size; i++)
                (scale[i], vectors[i, i]) = (matrix[i, i] > 0 ? 1 / Math.Sqrt(matrix[i, i]) : 0, 1);
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < size; j++)
                    a[i, j] = matrix[i, j] * scale[i] * scale[j];
            }

            for (int sweep = 0; sweep < 60; sweep++)
            {
                double off = 0;
                for (int i = 0; i < size; i++)
                {
                    for (int j = i + 1; j < size; j++)
                        off += a[i, j] * a[i, j];
                }

                if (off < 1e-40)
                    break;
                for (int i = 0; i < size; i++)
                {
                    for (int j = i + 1; j < size; j++)
                    {
                        if (a[i, j] == 0)
                            continue;
                        double theta = (a[j, j] - a[i, i]) / (2 * a[i, j]), t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
                        double cosine = 1 / Math.Sqrt(t * t + 1), sine = t * cosine;
                        for (int n = 0; n < size; n++)
                            (a[n, i], a[n, j]) = (cosine * a[n, i] - sine * a[n, j], sine * a[n, i] + cosine * a[n, j]);
                        for (int n = 0; n < size; n++)
                            (a[i, n], a[j, n]) = (cosine * a[i, n] - sine * a[j, n], sine * a[i, n] + cosine * a[j, n]);
                        for (int n = 0; n < size; n++)
                            (vectors[n, i], vectors[n, j]) = (cosine * vectors[n, i] - sine * vectors[n, j], sine * vectors[n, i] + cosine * vectors[n, j]);
                    }
                }
            }

            double largest = 0;
            for (int n = 0; n < size; n++)
                largest = Math.Max(largest, a[n, n]);
            var weights = new double[size];
            for (int n = 0; n < size; n++)
            {
                weights[n] = a[n, n] > 1e-12 * largest ? 1 / a[n, n] : 0;
                for (int i = 0; i < size; i++)
                    vectors[i, n] *= scale[i];
            }

            return (vectors, weights);
        }

        // Coefficients over the observables: functions in the modes of their owner's pair in frames, projected on the observables of
        // the same inputs at K0.
        private static double[,] Project(double[][] functions, int[] owners, double[,] K0, Frame[] frames, double factor = 1)
        {
            int inputs = K0.GetLength(0);
            Expansions here = ExpansionsAt(K0);
            (double[][] state, int[] places) = StateOf(here);
            double[,] overlaps = Overlaps(functions, owners, frames, state, places, here.Frames, K0, factor);
            (double[,] Vectors, double[] Weights)[] inverses = InversesAt(K0);
            (int A, int B)[] pairs = PairsOf(inputs);
            var result = new double[functions.Length, state.Length];
            for (int n = 0; n < functions.Length; n++)
            {
                // One vector after the other: the inverse multiplied out would lose digits where observables are nearly dependent.
                int[] span = SpanOf(pairs[owners[n]], inputs);
                (double[,] vectors, double[] weights) = inverses[owners[n]];
                for (int v = 0; v < weights.Length; v++)
                {
                    double overlap = 0;
                    for (int i = 0; i < span.Length; i++)
                        overlap += vectors[i, v] * overlaps[n, span[i]];
                    for (int i = 0; i < span.Length; i++)
                        result[n, span[i]] += weights[v] * overlap * vectors[i, v];
                }
            }

            return result;
        }

        // d1 f, and d2 f for two inputs: d he_n = sqrt(n) he_(n-1).
        private static double[][] FirstDerivatives(double[] f, bool isLine)
        {
            if (isLine)
            {
                var slope = new double[f.Length - 1];
                for (int k = 0; k < slope.Length; k++)
                    slope[k] = Math.Sqrt(k + 1) * f[k + 1];
                return [slope];
            }

            int highest = 0;
            while ((highest + 2) * (highest + 3) / 2 <= f.Length)
                highest++;
            double[] first = new double[highest * (highest + 1) / 2], second = new double[first.Length];
            for (int k = 0; k < highest; k++)
            {
                for (int j = 0; j <= k; j++)
                {
                    int above = (k + 1) * (k + 2) / 2 + j;
                    first[k * (k + 1) / 2 + j] = Math.Sqrt(k - j + 1) * f[above];
                    second[k * (k + 1) / 2 + j] = Math.Sqrt(j + 1) * f[above + 1];
                }
            }

            return [first, second];
        }

        // d1 d1 f, and d1 d2 f, d2 d2 f for two inputs.
        private static double[][] SecondDerivatives(double[] f, bool isLine)
        {
            double[][] first = FirstDerivatives(f, isLine);
            return isLine ? FirstDerivatives(first[0], true) : [.. FirstDerivatives(first[0], false), FirstDerivatives(first[1], false)[1]];
        }

        // E2 over pairs, and sigma_a sigma_b projected: Pi over pairs and observables.
        private static (double[] E2, double[,] Pi) SourceInObservables(double[,] K0)
        {
            int inputs = K0.GetLength(0), count = ObservableCount(inputs);
            Expansions at = ExpansionsAt(K0);
            Component[] components = ComponentsOf(inputs);
            double[] E2 = new double[PairCount(inputs)];
            double[,] Pi = new double[E2.Length, count];
            var functions = new double[E2.Length][];
            for (int n = 0; n < components.Length; n++)
            {
                if (components[n].Integrand != SigmaKernel)
                    continue;
                (functions[components[n].Pair], E2[components[n].Pair]) = (at.Functions[n], at.Functions[n][0]);
                if (n < count)
                    Pi[components[n].Pair, n] = 1;
            }

            bool isObservable = Array.FindIndex(components, component => component.Integrand == SigmaKernel) < count;
            int[] owners = new int[E2.Length];
            for (int p = 0; p < owners.Length; p++)
                owners[p] = p;
            return (E2, isObservable ? Pi : Project(functions, owners, K0, at.Frames));
        }

        // R and D of D_p f = R + D f for D_p = d_e d_f of a pair: expectations, and projections of the averages over alpha phi + eps u.
        private static (double[,] R, double[,,] D) Responses(double[,] K0, Frame[] frames, double[][] functions, int[] owners, double factor)
        {
            int inputs = K0.GetLength(0);
            (int A, int B)[] pairs = PairsOf(inputs);
            double[,] R = new double[functions.Length, pairs.Length];
            double[,,] D = new double[functions.Length, pairs.Length, functions.Length];
            List<double[]> parts = [];
            List<int> partOwners = [];
            for (int n = 0; n < functions.Length; n++)
            {
                foreach (double[] part in SecondDerivatives(functions[n], pairs[owners[n]].A == pairs[owners[n]].B))
                {
                    parts.Add(part);
                    partOwners.Add(owners[n]);
                }
            }

            double[,] projected = Project([.. parts], [.. partOwners], K0, frames, factor);
            int at = 0;
            for (int n = 0; n < functions.Length; n++)
            {
                double[,] forms = SecondDerivativeForms(frames[owners[n]]);
                int[] kernels = KernelsOf(pairs[owners[n]], inputs);
                bool isLine = pairs[owners[n]].A == pairs[owners[n]].B;
                for (int t = 0; t < (isLine ? 1 : 3); t++, at++)
                {
                    for (int s = 0; s < (isLine ? 1 : 3); s++)
                    {
                        R[n, kernels[s]] += forms[s, t] * parts[at][0];
                        for (int l = 0; l < functions.Length; l++)
                            D[n, kernels[s], l] += forms[s, t] * projected[at, l];
                    }
                }
            }

            return (R, D);
        }

        """;

    public const string Discrete = """
        // A, R, D, F: everything of the next layer's observables, averaged over one layer at infinite width.
        private static (double[,] A, double[,] R, double[,,] D, double[,,] F) CarriedObservables(double[,] K0, double[,] nextK0, double alpha)
        {
            int inputs = K0.GetLength(0);
            (int A, int B)[] pairs = PairsOf(inputs);
            Expansions next = ExpansionsAt(nextK0);
            (double[][] functions, int[] owners) = StateOf(next);
            double[,] A = Project(functions, owners, K0, next.Frames, alpha);
            (double[,] R, double[,,] D) = Responses(K0, next.Frames, functions, owners, alpha);
            // Fourth derivatives d1^(4-q) d2^q of he_(4-q)(z1) he_q(z2) are sqrt((4-q)! q!).
            double[] norms = [Math.Sqrt(24), Math.Sqrt(6), 2, Math.Sqrt(6), Math.Sqrt(24)];
            var F = new double[functions.Length, pairs.Length, pairs.Length];
            for (int n = 0; n < functions.Length; n++)
            {
                bool isLine = pairs[owners[n]].A == pairs[owners[n]].B;
                double[,] forms = SecondDerivativeForms(next.Frames[owners[n]]);
                int[] kernels = KernelsOf(pairs[owners[n]], inputs);
                int terms = isLine ? 1 : 3, start = isLine ? 4 : 10;
                for (int s = 0; s < terms; s++)
                {
                    for (int t = 0; t < terms; t++)
                    {
                        for (int i = 0; i < terms; i++)
                        {
                            for (int j = 0; j < terms; j++)
                                F[n, kernels[s], kernels[t]] += forms[s, i] * forms[t, j] * norms[i + j] * functions[n][start + i + j];
                        }
                    }
                }
            }

            return (A, R, D, F);
        }

        // E_K0'[f g] - E_K0[P f P g], the correlations of alpha phi in the next frame.
        private static double[,] NoiseOfObservables(double[,] K0, double[,] nextK0, double alpha)
        {
            Expansions next = ExpansionsAt(nextK0);
            (double[][] functions, int[] owners) = StateOf(next);
            double[,] after = GramMatrix(nextK0), before = Overlaps(functions, owners, next.Frames, functions, owners, next.Frames, K0, alpha * alpha);
            var result = new double[functions.Length, functions.Length];
            for (int i = 0; i < functions.Length; i++)
            {
                for (int j = 0; j < functions.Length; j++)
                    result[i, j] = 0.5 * (after[i, j] + after[j, i] - before[i, j] - before[j, i]);
            }

            return result;
        }

        """;

    public const string Continuous = """
        // A, R, D in depth time: A is the projection of 1/2 Q:dd f.
        private static (double[,] A, double[,] R, double[,,] D) DriftOfObservables(double[,] K0, double[,] Q)
        {
            int inputs = K0.GetLength(0);
            (int A, int B)[] pairs = PairsOf(inputs);
            Expansions here = ExpansionsAt(K0);
            (double[][] functions, int[] owners) = StateOf(here);
            var halves = new double[functions.Length][];
            for (int n = 0; n < functions.Length; n++)
            {
                (int a, int b) = pairs[owners[n]];
                double[,] forms = SecondDerivativeForms(here.Frames[owners[n]]);
                double[] rows = [Q[a, a], Q[a, b], Q[b, b]];
                double[][] parts = SecondDerivatives(functions[n], a == b);
                halves[n] = new double[parts[0].Length];
                for (int t = 0; t < parts.Length; t++)
                {
                    for (int s = 0; s < parts.Length; s++)
                    {
                        for (int k = 0; k < halves[n].Length; k++)
                            halves[n][k] += 0.5 * rows[s] * forms[s, t] * parts[t][k];
                    }
                }
            }

            (double[,] R, double[,,] D) = Responses(K0, here.Frames, functions, owners, 1);
            return (Project(halves, owners, K0, here.Frames), R, D);
        }

        // E[d_e f_I Q_ef d_f f_J].
        private static double[,] NoiseRateOfObservables(double[,] K0, double[,] Q)
        {
            (int A, int B)[] pairs = PairsOf(K0.GetLength(0));
            Expansions here = ExpansionsAt(K0);
            (double[][] functions, int[] owners) = StateOf(here);
            List<double[]> slopes = [];
            List<(int Function, int Direction)> places = [];
            for (int n = 0; n < functions.Length; n++)
            {
                double[][] parts = FirstDerivatives(functions[n], pairs[owners[n]].A == pairs[owners[n]].B);
                for (int e = 0; e < parts.Length; e++)
                {
                    slopes.Add(parts[e]);
                    places.Add((n, e));
                }
            }

            int[] slopeOwners = [.. places.ConvertAll(place => owners[place.Function])];
            double[,] overlaps = Overlaps([.. slopes], slopeOwners, here.Frames, [.. slopes], slopeOwners, here.Frames, K0);
            var result = new double[functions.Length, functions.Length];
            for (int i = 0; i < slopes.Count; i++)
            {
                for (int j = 0; j < slopes.Count; j++)
                {
                    (double C11, double C12, double C21, double C22) = Correlations(here.Frames[slopeOwners[i]], here.Frames[slopeOwners[j]], pairs[slopeOwners[i]], pairs[slopeOwners[j]], Q);
                    double rate = places[i].Direction == 0 ? (places[j].Direction == 0 ? C11 : C12) : places[j].Direction == 0 ? C21 : C22;
                    double value = 0.5 * rate * (overlaps[i, j] + slopes[i][0] * slopes[j][0]);
                    result[places[i].Function, places[j].Function] += value;
                    result[places[j].Function, places[i].Function] += value;
                }
            }

            return result;
        }

        """;
}
