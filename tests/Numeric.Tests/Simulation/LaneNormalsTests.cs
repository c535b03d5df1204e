using SymbolicEft.Numeric.Simulation;

namespace SymbolicEft.Numeric.Tests.Simulation;

public class LaneNormalsTests
{
    private static readonly double[] EvenMoments = [1, 1, 3, 15, 105, 945, 10395, 135135, 2027025];

    [Theory]
    [InlineData(StatePrecision.Single, 3e-6)]
    [InlineData(StatePrecision.Double, 1e-14)]
    public void Normals_are_Box_Muller_of_the_words(StatePrecision precision, double tolerance)
    {
        uint[,] words = LaneProbe.Words(precision, 7, 320, 11, 3, 400);
        double[,] normals = LaneProbe.Normals(precision, 7, 320, 11, 3, 400);
        for (int k = 0; k < words.GetLength(0); k += 2)
        {
            for (int lane = 0; lane < words.GetLength(1); lane++)
            {
                double radius = Math.Sqrt(-2 * Math.Log((words[k, lane] | 1) / 4294967296.0)) * ((words[k, lane] & 1) == 0 ? 1 : -1);
                double angle = (int)words[k + 1, lane] * (Math.PI / 2 / 2147483648.0);
                Assert.Equal(radius * Math.Cos(angle), normals[k, lane], tolerance);
                Assert.Equal(radius * Math.Sin(angle), normals[k + 1, lane], tolerance);
            }
        }
    }

    [Fact]
    public void Float_and_double_draw_the_same_normals()
    {
        double[,] single = LaneProbe.Normals(StatePrecision.Single, 3, 16, 5, 0, 100);
        double[,] first = LaneProbe.Normals(StatePrecision.Double, 3, 16, 5, 0, 100), second = LaneProbe.Normals(StatePrecision.Double, 3, 24, 5, 0, 100);
        for (int k = 0; k < 400; k++)
        {
            for (int lane = 0; lane < 16; lane++) Assert.Equal(lane < 8 ? first[k, lane] : second[k, lane - 8], single[k, lane], 3e-6);
        }
    }

    [Theory]
    [InlineData(StatePrecision.Single)]
    [InlineData(StatePrecision.Double)]
    public void Moments_and_tails_are_those_of_a_normal(StatePrecision precision)
    {
        double count = 0;
        var sums = new double[9];
        double[] edges = [0.5, 1, 2, 3, 4, 4.5];
        double[] probabilities = [0.6170750774519738, 0.31731050786291415, 0.04550026389635842, 0.0026997960632601866, 6.334248366623973e-05, 6.795346249460121e-06];
        var tails = new double[edges.Length];
        double largest = 0;
        for (long group = 0; group < 16; group++)
        {
            double[,] normals = LaneProbe.Normals(precision, 2026, 16 * group, 4, 0, 8000);
            foreach (double z in normals)
            {
                count++;
                double power = 1;
                for (int m = 0; m < sums.Length; m++, power *= z) sums[m] += power;
                for (int e = 0; e < edges.Length; e++) tails[e] += Math.Abs(z) > edges[e] ? 1 : 0;
                largest = Math.Max(largest, Math.Abs(z));
            }
        }

        for (int m = 1; m <= 8; m++)
        {
            double mean = m % 2 == 0 ? EvenMoments[m / 2] : 0, variance = EvenMoments[m] - (mean * mean);
            AssertScore((sums[m] / count) - mean, Math.Sqrt(variance / count));
        }

        for (int e = 0; e < edges.Length; e++)
            AssertScore(tails[e] - (count * probabilities[e]), Math.Sqrt(count * probabilities[e] * (1 - probabilities[e])));
        Assert.InRange(largest, 4.7, 6.67);
    }

    [Fact]
    public void Draws_lanes_layers_samples_and_seeds_are_uncorrelated()
    {
        const int draws = 4000;
        double[,] here = LaneProbe.Normals(StatePrecision.Single, 1, 0, 1, 0, draws);
        foreach (double[,] other in new[]
        {
            LaneProbe.Normals(StatePrecision.Single, 1, 0, 2, 0, draws), // next layer
            LaneProbe.Normals(StatePrecision.Single, 1, 16, 1, 0, draws), // next group of samples
            LaneProbe.Normals(StatePrecision.Single, 2, 0, 1, 0, draws), // next seed
            LaneProbe.Normals(StatePrecision.Single, 1, 0, 1, draws, draws), // next draws
        })
        {
            Uncorrelated(here, other, (k, lane) => (k, lane));
        }

        for (int shift = 1; shift < 16; shift++) Uncorrelated(here, here, (k, lane) => (k, (lane + shift) % 16), lanes: 16 - shift);
        for (int lag = 1; lag <= 8; lag++) Uncorrelated(here, here, (k, lane) => ((k + lag) % (4 * draws), lane));
    }

    // Correlations of z, and of z^2, against the mapped number; each is a mean of products of independent numbers.
    private static void Uncorrelated(double[,] left, double[,] right, Func<int, int, (int, int)> map, int lanes = 16)
    {
        double linear = 0, quadratic = 0, mixed = 0, count = 0;
        for (int k = 0; k < left.GetLength(0); k++)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                (int k2, int lane2) = map(k, lane);
                double x = left[k, lane], y = right[k2, lane2];
                linear += x * y;
                quadratic += ((x * x) - 1) * ((y * y) - 1);
                mixed += ((x * x) - 1) * y;
                count++;
            }
        }

        AssertScore(linear, Math.Sqrt(count));
        AssertScore(quadratic, 2 * Math.Sqrt(count));
        AssertScore(mixed, Math.Sqrt(2 * count));
    }

    private static void AssertScore(double difference, double standardError) => Assert.InRange(difference / standardError, -4, 4);
}
