// A picture is drawn by ScottPlot on a canvas of Skia: of an SVG file, of pixels, of a page of a PDF file. Nothing in the files depends on the clock, on
// the fonts of the machine, or on what was drawn before.

using SkiaSharp;

namespace SymbolicEft.Plotting;

/// <summary>A figure that can be written as SVG, PNG and PDF.</summary>
public abstract record Picture
{
    private protected Picture()
    {
    }

    /// <summary>An identifier unique on the page, of letters, digits and hyphens.</summary>
    public required string Id { get; init; }

    /// <summary>The heading, in the markup of <see cref="RichText"/>.</summary>
    public required string Heading { get; init; }

    /// <summary>What the picture shows, in a sentence for readers who do not see it; plain text.</summary>
    public required string Description { get; init; }

    /// <summary>Width in points of 1/72 inch, or in the pixels of a page.</summary>
    public int Width { get; init; } = 440;

    /// <summary>Height in the same; a long legend adds to it.</summary>
    public int Height { get; init; } = 320;

    /// <summary>The picture as one SVG element that scales with its view box, needs nothing from outside, and carries a title and a description for screen readers.</summary>
    public string ToSvg() => SvgFile.Write(this, Draw(forSvg: true));

    /// <summary>The picture as a PNG file.</summary>
    /// <param name="scale">Pixels for each unit of <see cref="Width"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not between 0.1 and 20.</exception>
    public byte[] ToPng(double scale = 2)
    {
        if (!(scale is >= 0.1 and <= 20))
            throw new ArgumentOutOfRangeException(nameof(scale), FormattableString.Invariant($"scale is {scale}, the number of pixels for each of the picture's {Width} units of width; use one from 0.1 to 20."));
        Drawing drawing = Draw(forSvg: false);
        using SKSurface surface = SKSurface.Create(new SKImageInfo((int)Math.Round(scale * Width), (int)Math.Round(scale * drawing.Height)));
        surface.Canvas.Scale((float)scale);
        drawing.On(surface.Canvas);
        using SKImage image = surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>The picture as a PDF file of one page, its letters embedded.</summary>
    public byte[] ToPdf()
    {
        Drawing drawing = Draw(forSvg: false);
        using var file = new MemoryStream();
        using (SKDocument document = SKDocument.CreatePdf(file, new SKDocumentPdfMetadata { Title = RichText.Parse(Heading).PlainText, Subject = Description }))
        {
            drawing.On(document.BeginPage(Width, drawing.Height));
            document.EndPage();
            document.Close();
        }

        return file.ToArray();
    }

    /// <summary>Writes a file.</summary>
    /// <param name="path">Its name ends in .svg, .png or .pdf.</param>
    /// <exception cref="ArgumentException">It ends in something else.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".svg": File.WriteAllText(path, ToSvg()); break;
            case ".png": File.WriteAllBytes(path, ToPng()); break;
            case ".pdf": File.WriteAllBytes(path, ToPdf()); break;
            default: throw new ArgumentException($"A figure cannot be written as '{path}': the name has to end in .svg, .png or .pdf.", nameof(path));
        }
    }

    internal abstract Drawing Draw(bool forSvg);

    // What an SVG file has above the drawing: values that show where the pointer is.
    internal virtual string Overlay(ScottPlot.PixelRect data) => "";
}

/// <summary>A plot that is ready to be drawn.</summary>
/// <param name="Plot">The plot.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height, with what a long legend adds.</param>
internal sealed record Drawing(ScottPlot.Plot Plot, int Width, int Height)
{
    /// <summary>Draws on a canvas, once: a first drawing on no canvas settles the axes, after which the library draws again.</summary>
    public void On(SKCanvas canvas)
    {
        using (var nowhere = new SKNoDrawCanvas(Width, Height))
            Plot.Render(nowhere, Width, Height);
        Plot.RenderManager.ClearCanvasBeforeEachRender = false;
        Plot.Render(canvas, Width, Height);
    }
}
