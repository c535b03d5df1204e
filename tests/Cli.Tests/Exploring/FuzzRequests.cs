// Requests that no page sends: method, path, headers and body each right or hostile, and then, of some, the bytes themselves changed.

using System.Globalization;
using System.Text;
using System.Text.Json;
using SymbolicEft.Cli.Tests.Commands;

namespace SymbolicEft.Cli.Tests.Exploring;

/// <summary>A source of hostile requests; a seed and a number make one.</summary>
internal sealed class FuzzRequests(int seed, int port)
{
    private static readonly string[] Paths = ["/theory", "/preview", "/charts", "/phase", "/layers", "/closures", "/finite", "/simulation", "/documents/network", "/documents/symeft", "/documents/yaml", "/documents/csharp", "/documents/latex", "/documents/python", "/"];

    private static readonly string[] OddPaths =
    [
        "", "*", "//", "/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%00", "/%", "/%zz", "/theory/", "/theory?depth=3", "/Theory", "/documents/", "/documents/exe", "/documents/..", "/\u00e9", "/?a=%ff#b", "http://evil.example/",
        "http://evil.example/theory", "/favicon.ico", "/theory;a", "/documents/yaml%00",
    ];

    private static readonly string[] Methods = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "CONNECT", "PATCH", "post", "PRI", "", "G T", "POST\0", "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ"];

    private static readonly string[] Types = ["text/plain", "application/x-www-form-urlencoded", "", "application/json; charset=utf-16", "APPLICATION/JSON", "application/jsonx", "multipart/form-data; boundary=a", ";", "application/json, text/html"];

    private static readonly Dictionary<string, string[]> Values = new(StringComparer.Ordinal)
    {
        ["activation"] = ["tanh(x)", "gelu", "relu", "x", "sin(x)", "x^2", "tanh(", "1/x", "exp(exp(x))", "exp(x^2)", "x^9", "ln(x)", "abs(x)^(1/3)", "foo(x)", "leakyrelu(0.1)", "", "0", "y"],
        ["weight-variance"] = ["2", "0", "1e-9", "-1", "1e300", "NaN", "1.5"],
        ["bias-variance"] = ["0", "0.1", "1e308", "-0", "inf"],
        ["skip"] = ["1", "0", "0.9", "-1", "1e200"],
        ["step"] = ["0.05", "1", "0", "1e-200", "1e9", "0.5"],
        ["depth"] = ["1", "2", "5", "12", "0", "-3", "2000", "2001", "1e9", "7.5"],
        ["width"] = ["4", "1", "16", "1024", "0", "99999999999"],
        ["kernel"] = ["2", "[[2]]", "[[2, 0.6], [0.6, 2]]", "[[1, 1], [1, 1]]", "[[1, -1], [-1, 1]]", "[[0]]", "[[1e-300]]", "[[1e300]]", "[[1, 2], [2, 1]]", "[[1, 0, 0], [0, 1, 0], [0, 0, 1]]", "[[1, 2]]", "[]", "[[*a]]", "[[&a 1]]", "[[2, 0.6], [0.7, 2]]"],
        ["closure"] = ["g-only", "g-connected", "sigma-kernel", "sigma-kernel(2)", "hermite(1)", "hermite(4)", "hermite(20)", "hermite(21)", "hermite(auto)", "hermite(1e-4)", "[x*y, x]", "[x*y, sigma(x)*sigma(y), x]", "[x]", "[]", "[1/x]", "[x*y, 1/x]", "foo", "hermite(", "[x*y, exp(x^2)]"],
        ["quadrature"] = ["certified", "estimated", "gauss-hermite(32)", "gauss-hermite(1)", "gauss-hermite(100000)", "gauss-hermite(0)", "simpson"],
        ["stepping"] = ["discrete", "continuous", "euler", "leap"],
        ["samples"] = ["4", "64", "300", "1", "0", "1000000", "1000001", "1e30"],
        ["seed"] = ["1", "0", "-1", "18446744073709551616"],
        ["estimator"] = ["plain", "control-variate", "weights", "uniform-weights", "orthogonal-weights", "none"],
        ["record"] = ["2", "1", "5", "101", "102", "-1"],
        ["name"] = ["a", "../../etc", "</script><script>", "\u202e", "\u0000", ""],
        ["data"] = ["/etc/passwd"],
        ["until"] = ["K1[0,0] < 1"],
        ["order"] = ["1"],
    };

    private readonly FuzzInputs _bodies = new(seed, ["{\"values\": {\"kernel\": \"2\", \"depth\": \"2\", \"record\": \"2\"}, \"compare\": [\"g-only\"]}", "{\"compare\": []}", "null"], ["{", "}", "\"", ":", ",", "[", "]", "\"values\"", "\"compare\"", "\"kernel\"", "\"2\"", "null", "true", "1e9"]);

    private readonly string _host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    /// <summary>The input of a number, and whether it says that it is for another host or from another site.</summary>
    public (byte[] Bytes, bool IsForeign) Input(int number)
    {
        var random = new Random(unchecked((seed * 2_000_003) + number));
        bool Rarely(int oneIn) => random.Next(oneIn) == 0;
        T Any<T>(T[] from) => from[random.Next(from.Length)];
        bool isForeign = false;
        byte[] body = Encoding.UTF8.GetBytes(Rarely(6) ? _bodies.Text(number) : Body(random));
        if (Rarely(60))
            body = Encoding.UTF8.GetBytes(new string(' ', random.Next(100_000)) + "{}");
        string path = Rarely(12) ? Any(OddPaths) : Any(Paths), method = Rarely(12) ? Any(Methods) : path == "/" ? "GET" : "POST";
        var head = new StringBuilder($"{method} {path}{(Rarely(20) ? "?" + new string('a', random.Next(12_000)) : "")} {(Rarely(40) ? Any(["HTTP/1.0", "HTTP/2.0", "HTTP/9", "", "HTTP/1.1 x"]) : "HTTP/1.1")}\r\n");
        if (Rarely(14))
        {
            string other = Any(["evil.example", "127.0.0.1", "127.0.0.1:1", "", "[::1]:" + port, "localhost", "127.0.0.1.evil.example:" + port, "evil.example:" + port, _host + "@evil.example", "a b", _host + ", " + _host]);
            isForeign = true;
            head.Append("Host: ").Append(other).Append("\r\n");
        }
        else
        {
            head.Append("Host: ").Append(Rarely(8) ? "localhost:" + port : _host).Append("\r\n");
        }

        if (Rarely(14))
        {
            isForeign = true;
            head.Append("Origin: ").Append(Any(["http://evil.example", "null", "https://" + _host, "http://" + _host + ".evil.example", "http://127.0.0.1:1", "http://" + _host + "/", "file://", "http://" + _host + " http://evil.example"])).Append("\r\n");
        }
        else if (Rarely(2))
        {
            head.Append("Origin: http://").Append(_host).Append("\r\n");
        }

        head.Append("Content-Type: ").Append(Rarely(14) ? Any(Types) : "application/json").Append("\r\nConnection: close\r\n");
        if (Rarely(20))
            head.Append(Any(["Expect: 100-continue", "Upgrade: h2c", "X: \0", "X: \u00e9", ": a", "Range: bytes=0-", "Cookie: " + new string('c', 9000), "Accept-Encoding: gzip", "Transfer-Encoding: gzip", "X-Forwarded-Host: evil.example", "Content-Encoding: gzip", " folded"])).Append("\r\n");
        if (Rarely(40))
            head.Append(string.Concat(Enumerable.Range(0, random.Next(300)).Select(at => string.Create(CultureInfo.InvariantCulture, $"H{at}: {at}\r\n"))));
        bool isChunked = Rarely(10);
        if (isChunked)
            head.Append("Transfer-Encoding: chunked\r\n");
        else
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {(Rarely(25) ? Any(["-1", "0", "99999999999", "1", "abc", "32769", (body.Length + 5).ToString(CultureInfo.InvariantCulture)]) : body.Length.ToString(CultureInfo.InvariantCulture))}\r\n");
        byte[] bytes = [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. isChunked ? Chunked(random, body) : body];
        // Changed bytes may make one host of another: nothing is claimed about them.
        return Rarely(8) ? (Changed(random, bytes), false) : (bytes, isForeign);
    }

    // Mostly values that exist, small enough to be solved in milliseconds; now and then one that does not.
    private static string Body(Random random)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["kernel"] = "2", ["depth"] = "3", ["record"] = "2", ["samples"] = "16", ["width"] = "4" };
        for (int changes = random.Next(4); changes > 0; changes--)
        {
            string name = random.Next(40) == 0 ? "depht" : Values.Keys.ElementAt(random.Next(Values.Count));
            string[] texts = Values.GetValueOrDefault(name, ["1"]);
            values[name] = texts[random.Next(texts.Length)];
        }

        string[] closures = Values["closure"];
        return JsonSerializer.Serialize(new { values, compare = Enumerable.Range(0, random.Next(3)).Select(_ => closures[random.Next(closures.Length)]) });
    }

    private static byte[] Chunked(Random random, byte[] body)
    {
        var bytes = new List<byte>();
        for (int at = 0; at < body.Length;)
        {
            int length = Math.Min(body.Length - at, 1 + random.Next(400));
            bytes.AddRange(Encoding.ASCII.GetBytes((random.Next(60) == 0 ? "fffffffff" : length.ToString("x", CultureInfo.InvariantCulture)) + "\r\n"));
            bytes.AddRange(body.AsSpan(at, length));
            bytes.AddRange("\r\n"u8);
            at += length;
        }

        if (random.Next(20) > 0)
            bytes.AddRange("0\r\n\r\n"u8);
        return [.. bytes];
    }

    private static byte[] Changed(Random random, byte[] bytes)
    {
        var changed = new List<byte>(bytes);
        for (int changes = 1 + random.Next(4); changes > 0 && changed.Count > 0; changes--)
        {
            int at = random.Next(changed.Count);
            switch (random.Next(4))
            {
                case 0:
                    changed[at] = (byte)random.Next(256);
                    break;
                case 1:
                    changed.RemoveRange(at, Math.Min(changed.Count - at, 1 + random.Next(20)));
                    break;
                case 2:
                    changed.InsertRange(at, changed.GetRange(at, Math.Min(changed.Count - at, 1 + random.Next(60))));
                    break;
                default:
                    changed.RemoveRange(at, random.Next(6) == 0 ? changed.Count - at : 0);
                    break;
            }
        }

        return [.. changed];
    }
}
