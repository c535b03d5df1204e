using System.Net;
using System.Net.Sockets;

namespace SymbolicEft.Cli.Tests.Exploring;

/// <summary>Bytes to a port of this machine, and all that comes back.</summary>
internal static class RawExchange
{
    private const int Patience = 150;

    /// <summary>Sends bytes and reads to the end; null if there is no end in time.</summary>
    /// <remarks>A server may wait for the rest of half a request. Who sent all he had says so after a moment: computations that take longer are then abandoned.</remarks>
    public static async Task<byte[]?> Send(int port, byte[] bytes, TimeSpan limit)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var ended = new CancellationTokenSource(limit);
        var answer = new MemoryStream();
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), ended.Token);
            await socket.SendAsync(bytes, SocketFlags.None, ended.Token);
            byte[] part = new byte[64 * 1024];
            bool isHalfClosed = false;
            for (; ; )
            {
                Task<int> read = socket.ReceiveAsync(part, SocketFlags.None, ended.Token).AsTask();
                if (!isHalfClosed && await Task.WhenAny(read, Task.Delay(Patience, ended.Token)) != read)
                {
                    isHalfClosed = true;
                    socket.Shutdown(SocketShutdown.Send);
                }

                int count = await read;
                if (count == 0)
                    return answer.ToArray();
                answer.Write(part, 0, count);
            }
        }
        catch (SocketException)
        {
            // Closed before everything was read or written: what came is the answer.
            return answer.ToArray();
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
