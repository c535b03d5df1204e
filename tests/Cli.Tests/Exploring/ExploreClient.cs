using System.Net;
using System.Text;
using System.Text.Json;
using SymbolicEft.Cli.Exploring;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Tests.Exploring;

/// <summary>A server in this process, on a free port, and a client of it.</summary>
internal sealed class ExploreClient : IAsyncDisposable
{
    public static readonly string[] Small = ["--activation", "tanh(x)", "--kernel", "[[2, 0.6], [0.6, 2]]", "--depth", "60", "--step", "0.1", "--width", "16", "--record", "4", "--samples", "1000", "--seed", "7"];

    private readonly ExploreServer _server;

    private ExploreClient(ExploreServer server) => _server = server;

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(300) };

    public string Address => _server.Address;

    public int Port => _server.Port;

    public static async Task<ExploreClient> Start() => new(await ExploreServer.Start(new Specification { Samples = 100 }, 0));

    // The flags of a command line as the page sends them.
    public static string Request(params string[] flags) => JsonSerializer.Serialize(new
    {
        values = Enumerable.Range(0, flags.Length / 2).ToDictionary(at => flags[2 * at][2..], at => flags[(2 * at) + 1]),
        compare = new[] { "sigma-kernel" },
    });

    public async Task<(HttpStatusCode Status, string Text)> Post(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await Http.PostAsync(Address + path, content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonElement> Json(string path, string body)
    {
        (HttpStatusCode status, string text) = await Post(path, body);
        Assert.True(status == HttpStatusCode.OK, text);
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    // Every failure is one sentence of JSON, with no trace of a stack.
    public static string Sentence(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        string sentence = document.RootElement.GetProperty("error").GetString()!;
        Assert.DoesNotContain("   at ", sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
        return sentence;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
    }
}
