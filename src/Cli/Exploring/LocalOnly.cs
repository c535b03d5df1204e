using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace SymbolicEft.Cli.Exploring;

/// <summary>Who may ask: the page itself, in a browser of this machine. Another site's script would bring its own origin, and a name
/// that was made to point to this machine would bring its own host.</summary>
internal static class LocalOnly
{
    /// <summary>Why a request is refused, or null.</summary>
    /// <param name="request">The request.</param>
    /// <param name="port">The port of the server.</param>
    public static string? Refusal(HttpRequest request, int port)
    {
        string[] hosts = [FormattableString.Invariant($"127.0.0.1:{port}"), FormattableString.Invariant($"localhost:{port}")];
        if (!hosts.Contains(request.Headers.Host.ToString(), StringComparer.OrdinalIgnoreCase))
            return $"The host of the request is not {hosts[0]}; open the address that symeft explore printed.";
        StringValues origin = request.Headers.Origin;
        return origin.Count == 0 || (origin.Count == 1 && hosts.Any(host => string.Equals(origin[0], "http://" + host, StringComparison.OrdinalIgnoreCase)))
            ? null
            : "The request comes from another site; only the page itself may ask.";
    }
}
