using System.Net;
using System.Net.Sockets;
using System.Text;
using SymbolicEft.Cli.Tests.Commands;

namespace SymbolicEft.Cli.Tests.Exploring;

// Wrong input, other sites, and hostile requests: one sentence, no 500, no hang.
public class RefusalTests
{
    [Theory]
    [InlineData("--depth", "0")]
    [InlineData("--step", "abc")]
    [InlineData("--closure", "foo")]
    [InlineData("--activation", "tanh(")]
    [InlineData("--kernel", "[[1,2],[2,1]]")]
    [InlineData("--stepping", "leap")]
    public async Task Wrong_values_get_the_sentence_of_the_command_line(string flag, string text)
    {
        string[] flags = [.. ExploreClient.Small.Chunk(2).Where(each => each[0] != flag).SelectMany(each => each), flag, text];
        await using ExploreClient client = await ExploreClient.Start();
        (HttpStatusCode status, string answer) = await client.Post("theory", ExploreClient.Request(flags));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(Symeft.Run(["solve", .. flags]).Messages.TrimEnd(), "symeft: " + ExploreClient.Sentence(answer));
    }

    [Theory]
    [InlineData("There are 3000 layers, and the page takes at most 2000, so that it stays quick; use symeft solve and symeft simulate for more.", "--depth", "3000")]
    [InlineData("'data' is not a value of the page; known are name, activation, weight-variance, bias-variance, skip, step, depth, width, kernel, closure, quadrature, stepping, samples, seed, estimator, record, fraction, layers.", "--data", "/etc/passwd")]
    [InlineData("The closure hermite(60) has modes above order 20, the highest of the page; use symeft solve.", "--closure", "hermite(60)")]
    public async Task What_takes_too_long_is_refused(string sentence, params string[] flags)
    {
        await using ExploreClient client = await ExploreClient.Start();
        (HttpStatusCode status, string answer) = await client.Post("theory", ExploreClient.Request(["--kernel", "2", .. flags]));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(sentence, ExploreClient.Sentence(answer));
    }

    [Theory]
    [InlineData("evil.example", null, 403)]
    [InlineData("127.0.0.1", null, 403)]
    [InlineData("127.0.0.1:1", null, 403)]
    [InlineData("{own}", "http://evil.example", 403)]
    [InlineData("{own}", "https://{own}", 403)]
    [InlineData("{own}", "null", 403)]
    [InlineData("{own}", "http://127.0.0.1:1", 403)]
    [InlineData("{own}", "http://{own}", 200)]
    [InlineData("localhost:{port}", "http://localhost:{port}", 200)]
    public async Task Other_hosts_and_origins_are_refused(string host, string? origin, int status)
    {
        await using ExploreClient client = await ExploreClient.Start();
        string Own(string text) => text.Replace("{own}", $"127.0.0.1:{client.Port}", StringComparison.Ordinal).Replace("{port}", $"{client.Port}", StringComparison.Ordinal);
        foreach (HttpMethod method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            using var request = new HttpRequestMessage(method, client.Address + (method == HttpMethod.Get ? "" : "theory"));
            request.Headers.Host = Own(host);
            if (origin is not null)
                request.Headers.Add("Origin", Own(origin));
            if (method == HttpMethod.Post)
                request.Content = new StringContent(ExploreClient.Request(ExploreClient.Small), Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await client.Http.SendAsync(request);
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    public static TheoryData<string> Hostile =>
    [
        "",
        "null",
        "3",
        "[]",
        "{}",
        "\"\\ud800\"",
        "{\"values\": 3}",
        "{\"values\": {\"depth\": 3}}",
        "{\"values\": {\"depth\": null, \"kernel\": \"2\"}}",
        "{\"values\": {\"kernel\": \"\\ud800\"}}",
        "{\"values\": {\"kernel\": \"2\", \"kernel\": \"3\"}}",
        "{\"values\": {\"kernel\": \"2\", \"activation\": \"\\u0000\\u0001\\u001b[31m\"}}",
        "{\"values\": {\"kernel\": \"2\", \"closure\": \"[\\u0000\"}}",
        "{\"values\": {\"kernel\": \"2\", \"name\": \"../../etc\"}}",
        "{\"values\": {\"kernel\": \"2\", \"name\": \"</script><script>\"}}",
        "{\"values\": {\"kernel\": \"2\"}, \"compare\": {}}",
        "{\"values\": {\"kernel\": \"2\"}, \"compare\": [[]]}",
        "{\"values\": {\"kernel\": \"[[*a, &a 1]]\"}}",
        "{\"values\": {\"kernel\": \"[" + new string('[', 900) + "\"}}",
        "{\"values\": {\"kernel\": \"2\", \"activation\": \"" + new string('(', 900) + "x\"}}",
        "{\"values\": {\"kernel\": \"2\", \"activation\": \"" + string.Concat(Enumerable.Repeat("tanh(", 190)) + "\"}}",
        "{\"values\": {\"kernel\": \"2\", \"activation\": \"" + new string('x', 2000) + "\"}}",
        "{\"values\": {\"kernel\": \"1e308\"}}",
        "{\"values\": {\"kernel\": \"NaN\"}}",
        "{\"values\": {\"kernel\": \"2\", \"depth\": \"1e9\"}}",
        "{\"values\": {\"kernel\": \"2\", \"samples\": \"1e12\"}}",
        "{\"compare\": [" + string.Join(",", Enumerable.Repeat("\"g-only\"", 100)) + "]}",
        new string('[', 20_000),
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Hostile_requests_get_one_sentence(string body)
    {
        await using ExploreClient client = await ExploreClient.Start();
        foreach (string path in new[] { "theory", "closures", "simulation", "documents/yaml" })
        {
            (HttpStatusCode status, string answer) = await client.Post(path, body);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            ExploreClient.Sentence(answer);
        }
    }

    [Fact]
    public async Task Other_paths_methods_types_and_huge_bodies_are_refused()
    {
        await using ExploreClient client = await ExploreClient.Start();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.Post("theory", new string(' ', 40_000))).Status);
        foreach (string path in new[] { "theorx", "documents/", "documents/exe", "..%2f..%2fetc/passwd", "%00" })
            Assert.True((int)(await client.Post(path, "{}")).Status is 404 or 400, path);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.Http.GetAsync(client.Address + "theory")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.Http.DeleteAsync(client.Address)).StatusCode);
        using var form = new StringContent("{}", Encoding.UTF8, "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await client.Http.PostAsync(client.Address + "theory", form)).StatusCode);
    }

    [Fact]
    public async Task A_page_that_closes_ends_its_simulation()
    {
        await using ExploreClient client = await ExploreClient.Start();
        string request = ExploreClient.Request("--kernel", "2", "--depth", "200", "--width", "64", "--samples", "1000000");
        // More in turn than may run at once: each is answered only if those before have ended.
        for (int page = 0; page < 4; page++)
        {
            using var content = new StringContent(request, Encoding.UTF8, "application/json");
            using var message = new HttpRequestMessage(HttpMethod.Post, client.Address + "simulation") { Content = content };
            using HttpResponseMessage answer = await client.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using Stream stream = await answer.Content.ReadAsStreamAsync();
            Assert.Equal((byte)'{', stream.ReadByte());
        }
    }

    [Fact]
    public async Task Only_this_machine_is_listened_to()
    {
        await using ExploreClient client = await ExploreClient.Start();
        using var other = new TcpListener(IPAddress.Parse("127.0.0.2"), client.Port);
        other.Start(); // free, so the server is not bound to every address
    }

    // At port 80 a browser names no port, and the page would be refused to itself.
    [Theory]
    [InlineData("high")]
    [InlineData("80")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    public void A_wrong_port_is_an_input_error(string port)
    {
        (int code, string output, string messages) = Symeft.Run("explore", "--port", port);
        Assert.Equal((2, ""), (code, output));
        Assert.Equal($"symeft: --port is '{port}'; use a whole number from 1024 to 65535, or leave it out for a free one.", messages.TrimEnd());
    }
}
