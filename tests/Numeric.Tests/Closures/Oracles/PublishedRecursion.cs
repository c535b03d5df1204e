// The recursion of the field's other derivation of finite-width tangent kernels (arXiv:2508.11522, sections 3 and 5), for perceptrons without biases: of preactivations z ~ N(0, K) of the
// last layer, its tensors V, D and F of two neurons, G1 and Theta1. It has no modes and no neurons' averages: E of derivatives come by parts, from Gauss-Hermite nodes.
//   Omega_ab = s_a s_b + C Theta_ab s'_a s'_b,  kernels of rows,  Theta in units of raw weights
//   Theta1' = C Theta1 <s's'> + 1/2 G1:<dd Omega> + 1/8 V::<dddd Omega> + C/2 D:<dd s's'> + C F:<dd s's'>      the five contributions
//   G1'     = C (1/2 G1:<dd ss> + 1/8 V::<dddd ss>)
//   V'      = C^2 (Cov(ss, ss) + 1/4 <dd ss>:V:<dd ss>)
//   D'      = C (Cov(ss, Omega) + 1/4 <dd ss>:V:<dd Omega>) + C^2/2 <dd ss>:D <s's'>
//   F'      = C^2 (<s s' s s'> Theta + <d(s s')> F <d(s s')>)

using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Numeric.Tests.Closures.Oracles;

/// <summary>K, G1, Theta and Theta1 of the last layer of two inputs, over (0, 0), (0, 1), (1, 1).</summary>
internal sealed class PublishedRecursion
{
    private const int N = 2;
    private readonly Func<double, double> _function, _slope;
    private readonly double _variance;
    private double[,] _kernel = new double[N, N], _tangent = new double[N, N], _kernelCorrection = new double[N, N], _tangentCorrection = new double[N, N];
    private double[,,,] _v = new double[N, N, N, N], _d = new double[N, N, N, N], _f = new double[N, N, N, N];

    /// <summary>Begins with the first dense layer, from the data, whose rows are Gaussian at every width.</summary>
    /// <param name="function">sigma.</param>
    /// <param name="slope">sigma'.</param>
    /// <param name="variance">C_W.</param>
    /// <param name="products">Scalar products of the inputs over their number of components.</param>
    public PublishedRecursion(Func<double, double> function, Func<double, double> slope, double variance, double[,] products)
    {
        (_function, _slope, _variance) = (function, slope, variance);
        Each((a, b) => (_kernel[a, b], _tangent[a, b]) = (variance * products[a, b], products[a, b]));
    }

    public double[] Kernel => Pairs(_kernel);

    public double[] KernelCorrection => Pairs(_kernelCorrection);

    public double[] Tangent => Pairs(_tangent);

    public double[] TangentCorrection => Pairs(_tangentCorrection);

    /// <summary>Another dense layer, as wide as the last.</summary>
    public void Next()
    {
        double c = _variance;
        Node[] nodes = Nodes();
        double determinant = (_kernel[0, 0] * _kernel[1, 1]) - (_kernel[0, 1] * _kernel[0, 1]);
        double[,] inverse = { { _kernel[1, 1] / determinant, -_kernel[0, 1] / determinant }, { -_kernel[0, 1] / determinant, _kernel[0, 0] / determinant } };
        double Mean(Func<Node, double> of) => nodes.Sum(node => node.Weight * of(node));
        Func<Node, int, int, double> ss = (node, a, b) => node.Function[a] * node.Function[b], slopes = (node, a, b) => node.Slope[a] * node.Slope[b],
            omega = (node, a, b) => (node.Function[a] * node.Function[b]) + (c * _tangent[a, b] * node.Slope[a] * node.Slope[b]);
        double Second(double[] y, int e, int f) => (y[e] * y[f]) - inverse[e, f];
        double Fourth(double[] y, int e, int f, int g, int h) => (Second(y, e, f) * Second(y, g, h))
            - (inverse[e, g] * y[f] * y[h]) - (inverse[e, h] * y[f] * y[g]) - (inverse[f, g] * y[e] * y[h]) - (inverse[f, h] * y[e] * y[g])
            + (inverse[e, g] * inverse[f, h]) + (inverse[e, h] * inverse[f, g]);
        double[,,,] Curvature(Func<Node, int, int, double> of) => Tensor((a, b, e, f) => Mean(node => of(node, a, b) * Second(node.Dual, e, f)));
        double Tadpole(Func<Node, int, int, double> of, int a, int b) => Mean(node => of(node, a, b) * Sum((e, f, g, h) => _v[e, f, g, h] * Fourth(node.Dual, e, f, g, h))) / 8;
        double[,] means = Matrix((a, b) => Mean(node => ss(node, a, b))), slopeMeans = Matrix((a, b) => Mean(node => slopes(node, a, b))), omegas = Matrix((a, b) => Mean(node => omega(node, a, b)));
        double[,,,] curvature = Curvature(ss), slopeCurvature = Curvature(slopes), omegaCurvature = Curvature(omega), mixed = Tensor((a, b, e, _) => Mean(node => node.Function[a] * node.Slope[b] * node.Dual[e]));
        double[,] tangentCorrection = Matrix((a, b) => (c * _tangentCorrection[a, b] * slopeMeans[a, b]) + Tadpole(omega, a, b)
            + Sum((e, f) => (_kernelCorrection[e, f] * omegaCurvature[a, b, e, f] / 2) + (c * ((_d[e, f, a, b] / 2) + _f[e, a, f, b]) * slopeCurvature[a, b, e, f])));
        double[,] kernelCorrection = Matrix((a, b) => c * (Tadpole(ss, a, b) + Sum((e, f) => _kernelCorrection[e, f] * curvature[a, b, e, f] / 2)));
        double[,,,] v = Tensor((a, b, d, e) => c * c * (Mean(node => ss(node, a, b) * ss(node, d, e)) - (means[a, b] * means[d, e]) + Sum((f, g, h, i) => curvature[a, b, f, g] * _v[f, g, h, i] * curvature[d, e, h, i] / 4)));
        double[,,,] withKernel = Tensor((a, b, d, e) => (c * (Mean(node => ss(node, a, b) * omega(node, d, e)) - (means[a, b] * omegas[d, e]) + Sum((f, g, h, i) => curvature[a, b, f, g] * _v[f, g, h, i] * omegaCurvature[d, e, h, i] / 4)))
            + (c * c * slopeMeans[d, e] * Sum((f, g) => curvature[a, b, f, g] * _d[f, g, d, e] / 2)));
        double[,,,] two = Tensor((a, b, d, e) => c * c * ((Mean(node => node.Function[a] * node.Slope[b] * node.Function[d] * node.Slope[e]) * _tangent[b, e]) + Sum((f, g) => mixed[a, b, f, 0] * _f[f, b, g, e] * mixed[d, e, g, 0])));
        (_tangentCorrection, _kernelCorrection, _v, _d, _f) = (tangentCorrection, kernelCorrection, v, withKernel, two);
        (_kernel, _tangent) = (Matrix((a, b) => c * means[a, b]), omegas);
    }

    // sigma(z), sigma'(z) and K^-1 z.
    private Node[] Nodes()
    {
        GaussHermiteRule rule = GaussHermiteRule.Of(80);
        double first = Math.Sqrt(_kernel[0, 0]), across = _kernel[0, 1] / first, second = Math.Sqrt(_kernel[1, 1] - (across * across));
        return [.. from i in Enumerable.Range(0, rule.Nodes.Length)
                   from j in Enumerable.Range(0, rule.Nodes.Length)
                   let x = rule.Nodes[i]
                   let y = rule.Nodes[j]
                   let z = new[] { first * x, (across * x) + (second * y) }
                   select new Node(rule.Weights[i] * rule.Weights[j], z.Select(_function).ToArray(), z.Select(_slope).ToArray(), new[] { (x - (across * y / second)) / first, y / second })];
    }

    private static double[] Pairs(double[,] matrix) => [matrix[0, 0], matrix[0, 1], matrix[1, 1]];

    private static void Each(Action<int, int> act)
    {
        for (int a = 0; a < N; a++)
        {
            for (int b = 0; b < N; b++)
                act(a, b);
        }
    }

    private static double Sum(Func<int, int, double> of)
    {
        double sum = 0;
        Each((a, b) => sum += of(a, b));
        return sum;
    }

    private static double Sum(Func<int, int, int, int, double> of) => Sum((a, b) => Sum((c, d) => of(a, b, c, d)));

    private static double[,] Matrix(Func<int, int, double> of)
    {
        var made = new double[N, N];
        Each((a, b) => made[a, b] = of(a, b));
        return made;
    }

    private static double[,,,] Tensor(Func<int, int, int, int, double> of)
    {
        var made = new double[N, N, N, N];
        Each((a, b) => Each((c, d) => made[a, b, c, d] = of(a, b, c, d)));
        return made;
    }

    private sealed record Node(double Weight, double[] Function, double[] Slope, double[] Dual);
}
