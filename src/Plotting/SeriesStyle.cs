namespace SymbolicEft.Plotting;

/// <summary>Shapes of data points; they tell series apart where colour does not.</summary>
public enum Marker
{
    /// <summary>No marker.</summary>
    None,

    /// <summary>A filled circle.</summary>
    Circle,

    /// <summary>A filled square.</summary>
    Square,

    /// <summary>A filled triangle, point up.</summary>
    Triangle,

    /// <summary>A filled diamond.</summary>
    Diamond,
}

/// <summary>Colour, dashes and marker of a series.</summary>
/// <param name="Colour">#rrggbb.</param>
/// <param name="Dash">Lengths of dashes and gaps in turn, such as "7 4"; empty for a solid line.</param>
/// <param name="Marker">The shape of its points.</param>
/// <param name="Width">The width of its line.</param>
public sealed record SeriesStyle(string Colour, string Dash = "", Marker Marker = Marker.None, double Width = 1.9);
