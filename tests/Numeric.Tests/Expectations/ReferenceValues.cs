using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SymbolicEft.Numeric.Tests.Expectations;

/// <summary>Thirty-digit values made by reference/make_reference.py.</summary>
internal static class ReferenceValues
{
    public sealed record Pair(string Activation, int I, int J, double Kaa, double Kab, double Kbb, double Value);

    public sealed record Moment(string Activation, double Kernel, int Order, double Value);

    public static IReadOnlyList<Pair> Pairs { get; } = [.. Document().GetProperty("pairs").EnumerateArray().Select(entry => new Pair(
        entry.GetProperty("activation").GetString()!,
        entry.GetProperty("i").GetInt32(),
        entry.GetProperty("j").GetInt32(),
        entry.GetProperty("kernel")[0].GetDouble(),
        entry.GetProperty("kernel")[1].GetDouble(),
        entry.GetProperty("kernel")[2].GetDouble(),
        Read(entry)))];

    public static IReadOnlyList<Moment> Moments { get; } = [.. Document().GetProperty("moments").EnumerateArray().Select(entry => new Moment(
        entry.GetProperty("activation").GetString()!,
        entry.GetProperty("kernel").GetDouble(),
        entry.GetProperty("order").GetInt32(),
        Read(entry)))];

    private static double Read(JsonElement entry) =>
        double.Parse(entry.GetProperty("value").GetString()!, CultureInfo.InvariantCulture);

    private static JsonElement Document([CallerFilePath] string source = "") =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(source)!, "reference", "expectations.json"))).RootElement;
}
