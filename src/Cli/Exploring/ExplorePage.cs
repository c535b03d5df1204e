using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SymbolicEft.Cli.Reporting.Page;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Layers;

namespace SymbolicEft.Cli.Exploring;

/// <summary>The page: one document that needs nothing else, and may load nothing else.</summary>
internal static class ExplorePage
{
    // One script, in the order in which its parts use one another.
    private static readonly string[] Scripts = ["charts.js", "blocks.js", "explore.js"];

    private static readonly Lazy<string> Template = new(() =>
    {
        string File(string name) => EmbeddedText.Of(typeof(ExplorePage).Assembly, name);
        return File("explore.html")
            .Replace("/*STYLE*/", PageStyle.Css + File("explore.css"), StringComparison.Ordinal)
            .Replace("/*SCRIPT*/", string.Concat(Scripts.Select(File)), StringComparison.Ordinal)
            .Replace("%KINDS%", string.Concat(LayersEdit.Kinds.Select(kind => $"<option>{kind}</option>")), StringComparison.Ordinal)
            .Replace("%BUTTONS%", string.Join('\n', ExplorePreset.All.Select((preset, at) => $"<button type=\"button\" data-preset=\"{at}\" title=\"{WebUtility.HtmlEncode(preset.Description)}\">{WebUtility.HtmlEncode(preset.Name)}</button>")), StringComparison.Ordinal)
            .Replace("%CLOSURES%", string.Concat(ClosureRegistry.Suggested.Select(closure => $"<option value=\"{WebUtility.HtmlEncode(closure)}\">")), StringComparison.Ordinal)
            .Replace("%COMPARED%", string.Join('\n', ClosureRegistry.Compared.Select(WebUtility.HtmlEncode).Select(closure =>
                $"<label class=\"check\"><input type=\"checkbox\" name=\"compare\" value=\"{closure}\">{closure}</label>")), StringComparison.Ordinal);
    });

    // The programs that go by a name, and the fewest inputs that they take: taps need positions.
    private static readonly Lazy<string> Presets = new(() => JsonSerializer.Serialize(new { programs = Programs, setups = ExplorePreset.All.Select(preset => preset.Values) }));

    private static IEnumerable<object> Programs => LayerPresets.All.Select(preset => new
    {
        name = preset.Name,
        description = preset.Description,
        layers = LayersWriter.Yaml(preset.Program),
        inputs = Enumerable.Range(1, ExploreRequest.MostInputs).First(inputs => Fits(preset.Program, inputs)),
    });

    private static bool Fits(LayerProgram program, int inputs)
    {
        try
        {
            return program.Unroll(inputs).Count > 0;
        }
        catch (LayerProgramException)
        {
            return false;
        }
    }

    /// <summary>Writes the page; scripts and styles run by a number that is drawn for this answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="initial">What the page shows first.</param>
    /// <param name="cancellation">Ends it.</param>
    public static Task Write(HttpResponse response, Specification initial, CancellationToken cancellation)
    {
        string nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        // The serializer escapes what could end the script element.
        string values = JsonSerializer.Serialize(ExploreRequest.Values(initial).ToDictionary(value => value.Name, value => value.Text));
        string html = Template.Value.Replace("%NONCE%", nonce, StringComparison.Ordinal).Replace("%VALUES%", values, StringComparison.Ordinal).Replace("%PRESETS%", Presets.Value, StringComparison.Ordinal);
        return response.Body.WriteAsync(Encoding.UTF8.GetBytes(html), cancellation).AsTask();
    }
}
