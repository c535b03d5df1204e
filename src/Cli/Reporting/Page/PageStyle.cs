using SymbolicEft.Symbolic.Languages.Code;

namespace SymbolicEft.Cli.Reporting.Page;

/// <summary>The style sheet of the page: dark on light, one column of prose, panels two abreast where there is room, black on white in print.</summary>
internal static class PageStyle
{
    public static string Css { get; } = EmbeddedText.Of(typeof(PageStyle).Assembly, "page.css");

    /// <summary>The same, dark where the reader's machine is.</summary>
    public static string LightOrDark { get; } = Css + EmbeddedText.Of(typeof(PageStyle).Assembly, "dark.css");
}
