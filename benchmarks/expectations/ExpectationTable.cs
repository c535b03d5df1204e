using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Expectations;

namespace SymbolicEft.Benchmarks.Expectations;

/// <summary>
/// Our side of compare.py: the table E[sigma^(i)_a sigma^(j)_b], i + j at most a highest order, for all pairs of N inputs. Timed
/// on kernels that differ in every variance from run to run, so that nothing but the grids of the activation is reused.
/// </summary>
public static class ExpectationTable
{
    public static void Run(string jobFile, string resultFile)
    {
        using JsonDocument job = JsonDocument.Parse(File.ReadAllText(jobFile));
        double[][] rows = job.RootElement.GetProperty("kernel").Deserialize<double[][]>()!;
        int inputs = rows.Length, highest = job.RootElement.GetProperty("highest").GetInt32(), repeats = job.RootElement.GetProperty("repeats").GetInt32();
        double target = job.RootElement.GetProperty("target").GetDouble();
        double[] kernel = [.. rows.SelectMany(row => row)];
        ActivationDescription tanh = Activation.Parse("tanh").Description;
        int terms = job.RootElement.GetProperty("orders").GetInt32() - highest;
        long start = Stopwatch.GetTimestamp();
        var engine = new PairMomentTable(tanh, highest, terms, target);
        var values = new double[inputs * (inputs + 1) / 2 * engine.ValuesPerPair];
        var bounds = new double[values.Length];
        engine.Evaluate(kernel, inputs, values, bounds);
        double first = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var times = new List<double>();
        var scaled = new double[kernel.Length];
        for (int repeat = 1; repeat <= repeats; repeat++)
        {
            for (int at = 0; at < kernel.Length; at++)
                scaled[at] = kernel[at] * (1 - (1e-3 * repeat));
            start = Stopwatch.GetTimestamp();
            engine.Evaluate(scaled, inputs, values, bounds);
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        engine.Evaluate(kernel, inputs, values, bounds);
        times.Sort();
        File.WriteAllText(resultFile, JsonSerializer.Serialize(values.Select(value => double.IsNaN(value) ? 0 : value)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{{\"first\": {first:R}, \"median\": {times[times.Count / 2]:R}, \"direct\": {engine.DirectPairs}}}"));
    }
}
