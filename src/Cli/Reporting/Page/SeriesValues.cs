using SymbolicEft.Numeric;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>Reads one component out of a series.</summary>
internal static class SeriesValues
{
    /// <summary>A component at every record, or null where the series does not have it.</summary>
    public static IReadOnlyList<double>? Values(this TheorySeries series, Component component) => component.Quantity switch
    {
        Quantity.K0 => Column(series.K0, series.Pairs, component),
        Quantity.V4 => Column(series.V4, series.Pairs, component),
        Quantity.K1 => Column(series.K1, series.Pairs, component),
        Quantity.U1 => Column(series.U1, series.Pairs, component),
        _ => null,
    };

    /// <summary>Standard errors of a component of a theory that rests on simulated numbers, or null.</summary>
    public static IReadOnlyList<double>? Errors(this TheorySeries series, Component component) =>
        component.Quantity == Quantity.K1 ? Column(series.K1StandardErrors, series.Pairs, component) : null;

    /// <summary>A component at every record, or null where it was not measured.</summary>
    public static IReadOnlyList<double>? Values(this EnsembleSeries series, Component component) => component.Quantity switch
    {
        Quantity.G => Column(series.G, series.Pairs, component),
        Quantity.V4 => Column(series.V4, series.Pairs, component),
        Quantity.K1 => Column(series.K1, series.Pairs, component),
        Quantity.U1 => Column(series.U1, series.Pairs, component),
        _ => null,
    };

    /// <summary>Standard errors of a component at every record, or null.</summary>
    public static IReadOnlyList<double>? Errors(this EnsembleSeries series, Component component) => component.Quantity switch
    {
        Quantity.G => Column(series.GStandardErrors, series.Pairs, component),
        Quantity.V4 => Column(series.V4StandardErrors, series.Pairs, component),
        Quantity.K1 => Column(series.K1StandardErrors, series.Pairs, component),
        Quantity.U1 => Column(series.U1StandardErrors, series.Pairs, component),
        _ => null,
    };

    /// <summary>A theory's value at a layer, or null where it has none there.</summary>
    public static double? At(this TheorySeries series, Component component, int layer) =>
        At(series.Values(component), series.Layers, layer);

    /// <summary>The measured value at a layer with its standard error, or null where there is none.</summary>
    public static (double Value, double? Error)? At(this EnsembleSeries series, Component component, int layer) =>
        At(series.Values(component), series.Layers, layer) is { } value
            ? (value, At(series.Errors(component), series.Layers, layer))
            : null;

    private static double? At(IReadOnlyList<double>? values, IReadOnlyList<int> layers, int layer)
    {
        if (values is null)
            return null;
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i] == layer)
                return double.IsFinite(values[i]) ? values[i] : null;
        }

        return null;
    }

    private static List<double>? Column(
        IReadOnlyList<IReadOnlyList<double>>? records, IReadOnlyList<InputPair> pairs, Component component)
    {
        int index = IndexOf(pairs, component.Pair);
        return records is null || index < 0 ? null : [.. records.Select(record => record[index])];
    }

    private static List<double>? Column(
        IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>>? records, IReadOnlyList<InputPair> pairs, Component component)
    {
        int first = IndexOf(pairs, component.Pair), second = component.Second is { } pair ? IndexOf(pairs, pair) : -1;
        return records is null || first < 0 || second < 0 ? null : [.. records.Select(record => record[first][second])];
    }

    private static int IndexOf(IReadOnlyList<InputPair> pairs, InputPair pair)
    {
        for (int i = 0; i < pairs.Count; i++)
        {
            if (pairs[i] == pair)
                return i;
        }

        return -1;
    }

    /// <summary>A line of a component for a chart, or null where the series does not have it.</summary>
    public static ChartSeries? Line(this TheorySeries recorded, Component component, ReportView view, string label, SeriesStyle style) =>
        (recorded.Curve ?? recorded) is var series && series.Values(component) is { } values
            ? new ChartSeries(label, SeriesKind.Line, style,
                [.. values.Select((value, i) => new ChartPoint(view.Depth(series.Layers[i], series.Times[i]), value))])
            : null;

    /// <summary>The band of one standard error about that line, without an entry in the legend, or null.</summary>
    public static ChartSeries? Band(this TheorySeries series, Component component, ReportView view, SeriesStyle style) =>
        series.Values(component) is { } values && series.Errors(component) is { } errors
            ? new ChartSeries(null, SeriesKind.Band, style,
                [.. values.Select((value, i) => new ChartPoint(view.Depth(series.Layers[i], series.Times[i]), value, errors[i]))])
            : null;

    /// <summary>Measured points with error bars for a chart, or null where the component was not measured.</summary>
    public static ChartSeries? Points(this EnsembleSeries series, Component component, ReportView view, string label, SeriesStyle style)
    {
        if (series.Values(component) is not { } values)
            return null;
        var errors = series.Errors(component);
        return new ChartSeries(label, SeriesKind.Points, style,
            [.. values.Select((value, i) => new ChartPoint(view.Depth(series.Layers[i], series.Times[i]), value, errors?[i] ?? 0))]);
    }
}
