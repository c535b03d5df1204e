namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>Observables as expansions in the modes of their pair of inputs, and projections on them.</summary>
internal static class CSharpSpanTemplates
{
    public const string Common = """
        // A definite observable: its integrand, the pair of inputs that it is a function of, and the pair whose block it stands in.
        private readonly record struct Component(int Integrand, int Pair, int Block, bool IsOfEveryPair);

        // Frames, and the components of all observables in modes, those of the closure first.
        private sealed record Expansions(double[,] K0, Frame[] Frames, bool[] IsLine, double[][] Functions)
        {
            public double[,]? Gram { get; set; }

            public Inverse[][]? Inverses { get; set; }
        }

        // The inverse of the Gram matrix of some observables, as vectors and weights: sum of weight vector vector^T.
        private sealed record Inverse(int[] Places, double[,] Vectors, double[] Weights);

        [ThreadStatic]
        private static List<Expansions>? recent;

        // Each observable of the closure in the block of its own inputs, then those of one input again in the blocks of two, then sigma_a sigma_b if it is
        // no observable of the closure.
        private static Component[] ComponentsOf(int inputs)
        {
            (int A, int B)[] pairs = PairsOf(inputs);
            List<Component> own = [], further = [];
            for (int f = 0; f < Observables.Length; f++)
            {
                (int straight, int exchanged, bool hasTwo, bool symmetric) = Observables[f];
                for (int a = 0; a < inputs; a++)
                {
                    for (int b = 0; b < inputs; b++)
                    {
                        int pair = PairOf(a, b, inputs);
                        if (hasTwo ? a <= b || !symmetric : a == b)
                            (f < ClosureSize ? own : further).Add(new(a <= b ? straight : exchanged, pair, pair, f == 0 || !hasTwo));
                    }
                }
            }

            List<Component> again = [];
            for (int block = 0; block < pairs.Length; block++)
            {
                (int a, int b) = pairs[block];
                foreach (Component component in own)
                {
                    if (a != b && (component.Pair == PairOf(a, a, inputs) || component.Pair == PairOf(b, b, inputs)))
                        again.Add(component with { Block = block });
                }
            }

            return [.. own, .. again, .. further];
        }

        /// <summary>The number of components in the state: all but sigma_a sigma_b where it is no observable of the closure.</summary>
        private static int ObservableCount(int inputs) => ComponentsOf(inputs).Length - (Observables.Length > ClosureSize ? PairCount(inputs) : 0);

        // sigma_a sigma_b as the block of a pair knows it: each pair in its own block, then (a, a) and (b, b) in those of two.
        private static (int Block, int Pair)[] SourcesOf(int inputs)
        {
            (int A, int B)[] pairs = PairsOf(inputs);
            List<(int, int)> sources = [];
            for (int p = 0; p < pairs.Length; p++)
                sources.Add((p, p));
            for (int p = 0; p < pairs.Length; p++)
            {
                (int a, int b) = pairs[p];
                if (a != b)
                    sources.AddRange([(p, PairOf(a, a, inputs)), (p, PairOf(b, b, inputs))]);
            }

            return [.. sources];
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
            var isLine = new bool[pairs.Length];
            for (int p = 0; p < pairs.Length; p++)
            {
                (int a, int b) = pairs[p];
                double complement = frames[p].L22 / Math.Sqrt(K0[b, b]);
                if (a != b && frames[p].L21 != 0 && complement > 0 && complement < 1e-4)
                    throw new ArithmeticException(FormattableString.Invariant($"Inputs {a} and {b} are nearly proportional, sqrt(1 - rho^2) = {complement}, where this program would lose digits: make them equal, or solve the specification with symeft solve."));
                // Functions of proportional inputs are functions of one.
                isLine[p] = a == b || (frames[p].L22 == 0 && frames[p].L21 != 0);
                ofPair[p] = Expansion(frames[p], isLine[p], isLine[p] ? LineOrder : PlaneOrder);
            }

            // All functions of a block end at one order.
            var made = new Expansions((double[,])K0.Clone(), frames, isLine, Array.ConvertAll(ComponentsOf(K0.GetLength(0)), component =>
            {
                double[] function = ofPair[component.Pair][component.Integrand];
                return isLine[component.Pair] && !isLine[component.Block] ? function[..(PlaneOrder + 1)] : function;
            }));
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

        // The components of the state.
        private static (double[][] Functions, Component[] Places) StateOf(Expansions at)
        {
            int inputs = at.K0.GetLength(0), count = ObservableCount(inputs);
            return (at.Functions[..count], ComponentsOf(inputs)[..count]);
        }

        // sum over k >= 1 of f_k . S_k(factor C) g_k: covariances of functions, factor^k for an average over alpha phi; of functions in one block, if so wished.
        private static double[,] Overlaps(double[][] left, Component[] leftPlaces, Expansions leftAt, double[][] right, Component[] rightPlaces, Expansions rightAt, double[,] K, double factor = 1, bool inBlocks = false)
        {
            (int A, int B)[] pairs = PairsOf(K.GetLength(0));
            var result = new double[left.Length, right.Length];
            for (int p = 0; p < pairs.Length; p++)
            {
                int[] rows = Array.FindAll(Range(left.Length), n => leftPlaces[n].Pair == p);
                for (int q = 0; q < pairs.Length && rows.Length > 0; q++)
                {
                    int[] columns = Array.FindAll(Range(right.Length), n => rightPlaces[n].Pair == q && (!inBlocks || Array.Exists(rows, i => leftPlaces[i].Block == rightPlaces[n].Block)));
                    if (columns.Length == 0)
                        continue;
                    bool oneRow = leftAt.IsLine[p], oneColumn = rightAt.IsLine[q];
                    int k = 0;
                    foreach (double[,] power in SymmetricPowers(Correlations(leftAt.Frames[p], rightAt.Frames[q], pairs[p], pairs[q], K, factor), oneRow, oneColumn, oneRow && oneColumn ? LineOrder : PlaneOrder))
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
                                if (other + width > right[j].Length || (inBlocks && leftPlaces[i].Block != rightPlaces[j].Block))
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

        private static int[] Range(int count)
        {
            var range = new int[count];
            for (int n = 0; n < count; n++)
                range[n] = n;
            return range;
        }

        // n Cov of the observables for independent rows.
        private static double[,] GramMatrix(double[,] K0)
        {
            Expansions at = ExpansionsAt(K0);
            (double[][] functions, Component[] places) = StateOf(at);
            return at.Gram ??= Overlaps(functions, places, at, functions, places, at, K0);
        }

        // For each block, and functions of its inputs a alone, both, b alone: what they are projected on. That is all of the block, but where inputs are nearly
        // proportional, 1 - rho^2 < 1e-3, observables of the same pair, and for functions of both those of one input and x y: f(a, a) - 2 f(a, b) + f(b, b)
        // is then too small for coefficients of it.
        private static Inverse[][] InversesAt(double[,] K0)
        {
            Expansions at = ExpansionsAt(K0);
            if (at.Inverses is not null)
                return at.Inverses;
            double[,] gram = GramMatrix(K0);
            int inputs = K0.GetLength(0);
            (int A, int B)[] pairs = PairsOf(inputs);
            Component[] components = StateOf(at).Places;
            var inverses = new Inverse[pairs.Length][];
            for (int block = 0; block < pairs.Length; block++)
            {
                (int a, int b) = pairs[block];
                Frame frame = at.Frames[block];
                bool narrow = !at.IsLine[block] && frame.L22 * frame.L22 < 1e-3 * K0[b, b];
                int its = block;
                Inverse? whole = narrow ? null : InverseOf(Array.FindAll(Range(components.Length), n => components[n].Block == its), gram);
                inverses[block] = Array.ConvertAll(KernelsOf(pairs[block], inputs), pair => whole ?? InverseOf(
                    Array.FindAll(Range(components.Length), n => components[n].Block == its && (components[n].Pair == pair || (pair == its && components[n].IsOfEveryPair))), gram));
            }

            return at.Inverses = inverses;
        }

        // The pseudo-inverse by Jacobi rotations of the correlation matrix. Eigenvalues below 1e-12 of the largest are combinations
        // that vanish to rounding (equal inputs, dependent observables), and are left out.
        private static Inverse InverseOf(int[] places, double[,] gram)
        {
            int size = places.Length;
            var scale = new double[size];
            double[,] a = new double[size, size], vectors = new double[size, size];
            for (int i = 0; i < size; i++)
                (scale[i], vectors[i, i]) = (gram[places[i], places[i]] > 0 ? 1 / Math.Sqrt(gram[places[i], places[i]]) : 0, 1);
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j < size; j++)
                    a[i, j] = 0.5 * (gram[places[i], places[j]] + gram[places[j], places[i]]) * scale[i] * scale[j];
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

            return new(places, vectors, weights);
        }

        // Coefficients over the observables: functions in the modes of their pair in the frames of "from", projected on the observables of their block at K0.
        private static double[,] Project(double[][] functions, Component[] places, double[,] K0, Expansions from, double factor = 1)
        {
            int inputs = K0.GetLength(0);
            Expansions here = ExpansionsAt(K0);
            (double[][] state, Component[] components) = StateOf(here);
            double[,] overlaps = Overlaps(functions, places, from, state, components, here, K0, factor, inBlocks: true);
            Inverse[][] inverses = InversesAt(K0);
            (int A, int B)[] pairs = PairsOf(inputs);
            var result = new double[functions.Length, state.Length];
            for (int n = 0; n < functions.Length; n++)
            {
                // One vector after the other: the inverse multiplied out would lose digits where observables are nearly dependent.
                (int[] span, double[,] vectors, double[] weights) = inverses[places[n].Block][Array.IndexOf(KernelsOf(pairs[places[n].Block], inputs), places[n].Pair)];
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

        // E2 over pairs, and sigma_a sigma_b projected: Pi over pairs as the blocks see them, and observables.
        private static (double[] E2, double[,] Pi) SourceInObservables(double[,] K0)
        {
            int inputs = K0.GetLength(0), count = ObservableCount(inputs);
            Expansions at = ExpansionsAt(K0);
            Component[] components = ComponentsOf(inputs);
            (int Block, int Pair)[] sources = SourcesOf(inputs);
            double[] E2 = new double[PairCount(inputs)];
            double[,] Pi = new double[sources.Length, count];
            var functions = new double[E2.Length][];
            bool isObservable = false;
            for (int n = 0; n < components.Length; n++)
            {
                if (components[n].Integrand != SigmaKernel)
                    continue;
                int source = Array.IndexOf(sources, (components[n].Block, components[n].Pair));
                if (source < E2.Length)
                    (functions[source], E2[source]) = (at.Functions[n], at.Functions[n][0]);
                if (n < count)
                    (Pi[source, n], isObservable) = (1, true);
            }

            if (isObservable)
                return (E2, Pi);
            Component[] places = Array.ConvertAll(sources, source => new Component(SigmaKernel, source.Pair, source.Block, false));
            double[][] repeated = Array.ConvertAll(sources, source => functions[source.Pair]);
            return (E2, Project(repeated, places, K0, at));
        }

        // R and D of D_v f = R + D f for D_v = d_e d_f of a pair of the block: expectations, and projections of the averages over alpha phi + eps u.
        private static (double[,] R, double[,,] D) Responses(double[,] K0, Expansions from, double[][] functions, Component[] places, double factor)
        {
            int inputs = K0.GetLength(0);
            (int A, int B)[] pairs = PairsOf(inputs);
            (int Block, int Pair)[] sources = SourcesOf(inputs);
            double[,] R = new double[functions.Length, sources.Length];
            double[,,] D = new double[functions.Length, sources.Length, functions.Length];
            List<double[]> parts = [];
            List<Component> partPlaces = [];
            for (int n = 0; n < functions.Length; n++)
            {
                foreach (double[] part in SecondDerivatives(functions[n], from.IsLine[places[n].Pair]))
                {
                    parts.Add(part);
                    partPlaces.Add(places[n]);
                }
            }

            double[,] projected = Project([.. parts], [.. partPlaces], K0, from, factor);
            int at = 0;
            for (int n = 0; n < functions.Length; n++)
            {
                double[,] forms = SecondDerivativeForms(from.Frames[places[n].Pair]);
                int terms = from.IsLine[places[n].Pair] ? 1 : 3;
                for (int t = 0; t < terms; t++, at++)
                {
                    for (int s = 0; s < terms; s++)
                    {
                        int source = Array.IndexOf(sources, (places[n].Block, KernelsOf(pairs[places[n].Pair], inputs)[s]));
                        R[n, source] += forms[s, t] * parts[at][0];
                        for (int l = 0; l < functions.Length; l++)
                            D[n, source, l] += forms[s, t] * projected[at, l];
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
            (int Block, int Pair)[] sources = SourcesOf(inputs);
            Expansions next = ExpansionsAt(nextK0);
            (double[][] functions, Component[] places) = StateOf(next);
            double[,] A = Project(functions, places, K0, next, alpha);
            (double[,] R, double[,,] D) = Responses(K0, next, functions, places, alpha);
            // Fourth derivatives d1^(4-q) d2^q of he_(4-q)(z1) he_q(z2) are sqrt((4-q)! q!).
            double[] norms = [Math.Sqrt(24), Math.Sqrt(6), 2, Math.Sqrt(6), Math.Sqrt(24)];
            var F = new double[functions.Length, sources.Length, sources.Length];
            for (int n = 0; n < functions.Length; n++)
            {
                bool isLine = next.IsLine[places[n].Pair];
                double[,] forms = SecondDerivativeForms(next.Frames[places[n].Pair]);
                int[] its = Array.ConvertAll(KernelsOf(pairs[places[n].Pair], inputs), kernel => Array.IndexOf(sources, (places[n].Block, kernel)));
                int terms = isLine ? 1 : 3, start = isLine ? 4 : 10;
                for (int s = 0; s < terms; s++)
                {
                    for (int t = 0; t < terms; t++)
                    {
                        for (int i = 0; i < terms; i++)
                        {
                            for (int j = 0; j < terms; j++)
                                F[n, its[s], its[t]] += forms[s, i] * forms[t, j] * norms[i + j] * functions[n][start + i + j];
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
            (double[][] functions, Component[] places) = StateOf(next);
            double[,] after = GramMatrix(nextK0), before = Overlaps(functions, places, next, functions, places, next, K0, alpha * alpha);
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
            (double[][] functions, Component[] places) = StateOf(here);
            var halves = new double[functions.Length][];
            for (int n = 0; n < functions.Length; n++)
            {
                (int a, int b) = pairs[places[n].Pair];
                double[,] forms = SecondDerivativeForms(here.Frames[places[n].Pair]);
                double[] rows = [Q[a, a], Q[a, b], Q[b, b]];
                double[][] parts = SecondDerivatives(functions[n], here.IsLine[places[n].Pair]);
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

            (double[,] R, double[,,] D) = Responses(K0, here, functions, places, 1);
            return (Project(halves, places, K0, here), R, D);
        }

        // E[d_e f_I Q_ef d_f f_J].
        private static double[,] NoiseRateOfObservables(double[,] K0, double[,] Q)
        {
            (int A, int B)[] pairs = PairsOf(K0.GetLength(0));
            Expansions here = ExpansionsAt(K0);
            (double[][] functions, Component[] components) = StateOf(here);
            List<double[]> slopes = [];
            List<(int Function, int Direction)> places = [];
            for (int n = 0; n < functions.Length; n++)
            {
                double[][] parts = FirstDerivatives(functions[n], here.IsLine[components[n].Pair]);
                for (int e = 0; e < parts.Length; e++)
                {
                    slopes.Add(parts[e]);
                    places.Add((n, e));
                }
            }

            Component[] owners = [.. places.ConvertAll(place => components[place.Function])];
            double[,] overlaps = Overlaps([.. slopes], owners, here, [.. slopes], owners, here, K0);
            var result = new double[functions.Length, functions.Length];
            for (int i = 0; i < slopes.Count; i++)
            {
                for (int j = 0; j < slopes.Count; j++)
                {
                    int p = owners[i].Pair, q = owners[j].Pair;
                    (double C11, double C12, double C21, double C22) = Correlations(here.Frames[p], here.Frames[q], pairs[p], pairs[q], Q);
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
