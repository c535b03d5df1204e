using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using SymbolicEft.Cli.Tests.Commands;

namespace SymbolicEft.Cli.Tests.Exploring;

// Whatever bytes are sent to the explorer's port get a documented status or a closed connection: no 500, no hang, no trace of a stack, no memory
// without bound, and nothing but a refusal for other hosts and other sites.
// SYMEFT_FUZZ_HTTP is how many inputs, SYMEFT_FUZZ_SEED which.
public class HttpFuzzTests
{
    private const int Clients = 4;

    private const long MostBytesKept = 400L << 20, MostBytesInUse = 3L << 30;

    // 408, 414, 431, 501 and 505 are the web server's own; the others are those that ExploreServer and its page know.
    private static readonly int[] Documented = [200, 400, 403, 404, 405, 408, 411, 413, 414, 415, 417, 422, 431, 501, 503, 505];

    private static readonly int Inputs = FuzzTests.Number("SYMEFT_FUZZ_HTTP", 400), Seed = FuzzTests.Seed;

    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Any_bytes_at_the_port()
    {
        await using ExploreClient client = await ExploreClient.Start();
        var requests = new FuzzRequests(Seed, client.Port);
        var seen = new ConcurrentDictionary<int, int>();
        // Once each way before memory is measured: what is compiled and kept for good is not the input's.
        await client.Json("theory", ExploreClient.Request(ExploreClient.Small));
        long kept = GC.GetTotalMemory(forceFullCollection: true);
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            for (int number; (number = Interlocked.Increment(ref next)) < Inputs;)
            {
                (byte[] bytes, bool isForeign) = requests.Input(number);
                string shown = string.Create(CultureInfo.InvariantCulture, $"input {number} of seed {Seed}:\n{Encoding.Latin1.GetString(bytes)}");
                byte[]? answer = await RawExchange.Send(client.Port, bytes, Hang);
                Assert.True(answer is not null, $"No end after {Hang.TotalSeconds} s on {shown}");
                int status = Judge(answer, shown);
                Assert.False(isForeign && status is >= 200 and < 300, $"{status} for another host or site on {shown}");
                seen.AddOrUpdate(status, 1, (_, count) => count + 1);
                Assert.True(number % 256 != 0 || GC.GetTotalMemory(false) < MostBytesInUse, $"{GC.GetTotalMemory(false)} bytes in use at {shown}");
            }
        })));

        // A source that only ever produced refusals would find nothing, and one that only ever pleased neither.
        Assert.True(seen.GetValueOrDefault(200) * 20 > Inputs, $"{seen.GetValueOrDefault(200)} of {Inputs} were answered");
        Assert.True(seen.GetValueOrDefault(400) * 20 > Inputs, $"{seen.GetValueOrDefault(400)} of {Inputs} were wrong");
        Assert.True(seen.GetValueOrDefault(403) * 50 > Inputs, $"{seen.GetValueOrDefault(403)} of {Inputs} were foreign");
        await client.Json("theory", ExploreClient.Request(ExploreClient.Small));
        kept = GC.GetTotalMemory(forceFullCollection: true) - kept;
        Assert.True(kept < MostBytesKept, $"{kept} bytes are kept after {Inputs} inputs");
    }

    // The status; 0 for a connection that was closed without an answer, which is what half a request gets.
    private static int Judge(byte[] answer, string shown)
    {
        if (answer.Length == 0)
            return 0;
        string text = Encoding.UTF8.GetString(answer);
        Assert.True(text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && text.Length > 12, $"{text} on {shown}");
        int status = int.Parse(text.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        Assert.True(Documented.Contains(status) || status == 100, $"{text} on {shown}");
        Assert.DoesNotContain("   at ", text.Split("\r\n\r\n")[^1], StringComparison.Ordinal);
        Assert.False(text.Contains("mistake in symeft", StringComparison.Ordinal), $"{text} on {shown}");
        return status;
    }
}
