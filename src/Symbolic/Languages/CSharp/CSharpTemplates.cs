using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.CSharp;

/// <summary>The parts of a generated C# file that no equation goes into.</summary>
internal static class CSharpTemplates
{
    public const string SolveDiscrete = """
        /// <summary>The state at each of some increasing layers.</summary>
        public static IEnumerable<(int Layer, State State)> Solve(double[,] kernel, Network network, IReadOnlyList<int> layers)
        {
            State state = Initial(kernel);
            int layer = 0;
            foreach (int wanted in layers)
            {
                for (; layer < wanted; layer++)
                    state = Step(state, network);
                yield return (layer, state);
            }
        }

        """;

    public const string SolveEuler = """
        /// <summary>The state at each of some increasing layers, by one Euler step of eps^2 a layer.</summary>
        public static IEnumerable<(int Layer, State State)> Solve(double[,] kernel, Network network, IReadOnlyList<int> layers)
        {
            State state = Initial(kernel);
            int layer = 0;
            foreach (int wanted in layers)
            {
                for (; layer < wanted; layer++)
                    state = Plus(state, (network.eps * network.eps, Rate(state, network)));
                yield return (layer, state);
            }
        }

        """ + Plus;

    public const string SolveContinuous = """
        /// <summary>The state at each of some increasing layers, by classical Runge-Kutta steps with error control.</summary>
        public static IEnumerable<(int Layer, State State)> Solve(double[,] kernel, Network network, IReadOnlyList<int> layers)
        {
            State state = Initial(kernel);
            int layer = 0;
            foreach (int wanted in layers)
            {
                for (; layer < wanted; layer++)
                    state = Advance(state, network, network.eps * network.eps, 0);
                yield return (layer, state);
            }
        }

        // One step of h against two of h/2; halved until they agree to 1e-11.
        private static State Advance(State state, Network network, double h, int halvings)
        {
            State whole = RungeKutta(state, network, h);
            State halves = RungeKutta(RungeKutta(state, network, h / 2), network, h / 2);
            if (Distance(whole, halves) <= 1e-11)
                return halves;
            if (halvings == 20)
                throw new ArithmeticException("The equations cannot be integrated to the tolerance: the step went to zero.");
            return Advance(Advance(state, network, h / 2, halvings + 1), network, h / 2, halvings + 1);
        }

        private static State RungeKutta(State state, Network network, double h)
        {
            State k1 = Rate(state, network);
            State k2 = Rate(Plus(state, (h / 2, k1)), network);
            State k3 = Rate(Plus(state, (h / 2, k2)), network);
            State k4 = Rate(Plus(state, (h, k3)), network);
            return Plus(state, (h / 6, k1), (h / 3, k2), (h / 3, k3), (h / 6, k4));
        }

        // The largest difference of two states, relative to the larger of 1 and the value.
        private static double Distance(State left, State right)
        {
            double largest = 0;
            for (int at = 0; at < left.Arrays.Length; at++)
            {
                Span<double> first = Flat(left.Arrays[at]), second = Flat(right.Arrays[at]);
                for (int place = 0; place < first.Length; place++)
                {
                    double difference = Math.Abs(first[place] - second[place]) / Math.Max(1, Math.Abs(second[place]));
                    largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
                }
            }

            return largest;
        }

        """ + Plus;

    private const string Plus = """
        // state + h1 rate1 + h2 rate2 + ...
        private static State Plus(State state, params (double Factor, State Rate)[] terms)
        {
            var result = new State(state.K0.GetLength(0));
            for (int at = 0; at < state.Arrays.Length; at++)
            {
                Span<double> sum = Flat(result.Arrays[at]);
                Flat(state.Arrays[at]).CopyTo(sum);
                foreach ((double factor, State rate) in terms)
                {
                    Span<double> values = Flat(rate.Arrays[at]);
                    for (int place = 0; place < sum.Length; place++)
                        sum[place] += factor * values[place];
                }
            }

            return result;
        }

        private static Span<double> Flat(Array array) =>
            MemoryMarshal.Cast<byte, double>(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), sizeof(double) * array.Length));

        """;

    public const string EachPair = """
        int inputs = K0.GetLength(0);
        var expectations = new Expectations(inputs);
        // Inputs with equal kernels have equal expectations: sum once.
        var known = new Dictionary<(double, double, double, bool), double[]>();
        for (int a = 0; a < inputs; a++)
        {
            for (int b = a; b < inputs; b++)
            {
                (double, double, double, bool) key = (K0[a, a], K0[a, b], K0[b, b], a == b);
                if (!known.TryGetValue(key, out double[]? values))
                    known.Add(key, values = Gaussian(K0[a, a], K0[a, b], K0[b, b], a == b));
        """;

    public const string Quadrature = """
        // Both inputs standardised; one dimension where they are one and the same.
        private static double[] Gaussian(double kaa, double kab, double kbb, bool same)
        {
            if (!(kaa >= 0 && kbb >= 0 && Math.Abs(kab) <= Math.Sqrt(kaa * kbb) * (1 + 1e-12)))
                throw new ArithmeticException(FormattableString.Invariant($"The kernel [[{kaa}, {kab}], [{kab}, {kbb}]] is not a covariance."));
            double rho = same ? 1 : kaa * kbb == 0 ? 0 : Math.Clamp(kab / Math.Sqrt(kaa * kbb), -1, 1);
            double reach = 9;
            double[]? coarse = null;
            for (int level = 2; level <= 8; level++)
            {
                (double[] fine, double[] magnitudes, double[] rims) = Sums(Math.Sqrt(kaa), Math.Sqrt(kbb), rho, same, level, reach);
                bool agree = coarse is not null;
                for (int k = 0; k < fine.Length; k++)
                {
                    if (rims[k] > 1e-15 * magnitudes[k] && reach < 36)
                    {
                        // The integrand grows so fast that its tail counts: start again, further out.
                        (reach, level, agree, coarse) = (1.4 * reach, 1, false, null);
                        break;
                    }

                    agree = agree && rims[k] <= 1e-15 * magnitudes[k] && Math.Abs(fine[k] - coarse![k]) <= 1e-10 * magnitudes[k];
                }

                if (agree)
                    return fine;
                if (level > 1)
                    coarse = fine;
            }

            throw new ArithmeticException(FormattableString.Invariant($"A Gaussian expectation at the kernel [[{kaa}, {kab}], [{kab}, {kbb}]] did not converge on a uniform grid; the activation must be analytic near the real line."));
        }

        private static (double[] Values, double[] Magnitudes, double[] Rims) Sums(double sqrtA, double sqrtB, double rho, bool same, int level, double reach)
        {
            double[] values = new double[COUNT], magnitudes = new double[COUNT], rims = new double[COUNT], point = new double[COUNT];
            double[] f = new double[ORDERS], g = new double[ORDERS];
            double across = Math.Sqrt((1 - rho) * (1 + rho)), step = Math.Pow(2, -level), shift = level * 0.6180339887498949 % 1;
            int last = (int)Math.Ceiling(reach / step);
            for (int p = -last - 1; p <= last; p++)
            {
                double u = (p + shift) * step;
                double outer = step * Math.Exp(-u * u / 2) / Math.Sqrt(2 * Math.PI);
                double x = sqrtA * u;
                Sigma(x, f);
                for (int q = same ? 0 : -last - 1; q <= (same ? 0 : last); q++)
                {
                    double v = same ? 0 : (q + shift) * step;
                    double square = u * u + v * v;
                    if (square > reach * reach)
                        continue;
                    double weight = same ? outer : outer * step * Math.Exp(-v * v / 2) / Math.Sqrt(2 * Math.PI);
                    double y = sqrtB * (rho * u + across * v);
                    Sigma(y, g);
                    Integrands(x, y, f, g, point);
                    bool rim = square > (reach - 0.5) * (reach - 0.5);
                    for (int k = 0; k < point.Length; k++)
                    {
                        double term = weight * point[k], magnitude = Math.Abs(term);
                        values[k] += term;
                        magnitudes[k] += magnitude;
                        if (rim)
                            rims[k] += magnitude;
                    }
                }
            }

            return (values, magnitudes, rims);
        }

        """;

    public const string Program = """

        /// <summary>Solves the specification and prints a table; leave it out of a program of your own.</summary>
        internal static class CLASSProgram
        {
            private static void Main()
            {
                double[,] kernel = { KERNEL };
                int[] layers = [LAYERS];
                string[] names = [NAMES];
                var network = new CLASS.Network();
                List<(int Layer, CLASS.State State)> records = [.. CLASS.Solve(kernel, network, layers)];
                for (int other = 0; other < Math.Min(2, kernel.GetLength(0)); other++)
                {
                    Console.WriteLine($"component a = c = 0, b = d = {other}");
                    Console.WriteLine($"{"layer",6} {"t",9} {string.Join(" ", Array.ConvertAll(names, name => $"{name,14}"))}");
                    foreach ((int layer, CLASS.State state) in records)
                    {
                        CLASS.Quantities quantities = CLASS.QuantitiesOf(state, network);
                        double[] row = [VALUES];
                        string numbers = string.Join(" ", Array.ConvertAll(row, value => value.ToString("G9", CultureInfo.InvariantCulture).PadLeft(14)));
                        Console.WriteLine(FormattableString.Invariant($"{layer,6} {TIME,9:G6} {numbers}"));
                    }
                }
            }
        }
        """;

    public static IReadOnlyDictionary<string, string> Puts { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["PutPair"] = "private static void PutPair(double[,] array, int a, int b, double value) =>\n    array[a, b] = array[b, a] = value;",
        ["PutPairs"] = """
            private static void PutPairs(double[,,,] array, int a, int b, int c, int d, double value) =>
                array[a, b, c, d] = array[b, a, c, d] = array[a, b, d, c] = array[b, a, d, c] = value;
            """,
        ["PutCovariance"] = """
            private static void PutCovariance(double[,,,] array, int a, int b, int c, int d, double value)
            {
                array[a, b, c, d] = array[b, a, c, d] = array[a, b, d, c] = array[b, a, d, c] = value;
                array[c, d, a, b] = array[c, d, b, a] = array[d, c, a, b] = array[d, c, b, a] = value;
            }
            """,
    };

    public static string PutName(LoopShape shape) => shape.Symmetry switch
    {
        TensorSymmetry.Symmetric => "PutPair",
        TensorSymmetry.SymmetricInEachPair => "PutPairs",
        _ => "PutCovariance",
    };

    // The component that the table shows: a = c = 0, b = d = other.
    public static string Component(int arity) => string.Join(", ", Enumerable.Range(0, arity).Select(at => at % 2 == 0 ? "0" : "other"));
}
