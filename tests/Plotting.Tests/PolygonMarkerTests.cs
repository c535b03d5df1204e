namespace SymbolicEft.Plotting.Tests;

public class PolygonMarkerTests
{
    // ScottPlot's own triangles and diamonds end the process here within seconds.
    [Fact]
    public void Markers_are_drawn_while_the_garbage_collector_runs()
    {
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var collector = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        int drawn = 0;
        while (!done.IsCancellationRequested)
        {
            ChartSeries Series(Marker marker) => new("points", SeriesKind.Points, Styles.Of("g-only") with { Marker = marker }, [.. Enumerable.Range(0, 200).Select(at => new ChartPoint(at, at % 7))]);
            new Chart { Id = "markers", Heading = "markers", Description = "Markers.", X = new ChartAxis("x"), Y = new ChartAxis("y"), Series = [Series(Marker.Triangle), Series(Marker.Diamond)] }.ToSvg();
            drawn++;
        }

        collector.Join();
        Assert.True(drawn > 0);
    }
}
