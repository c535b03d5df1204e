using System.Net;
using System.Net.Sockets;

namespace SymbolicEft.Cli.Tests.Exploring;

public class IdleConnectionTests
{
    // Connections on which nothing is asked lose their places: the server ends them, and answers others.
    [Fact]
    public async Task Connections_without_a_question_do_not_keep_others_out()
    {
        await using ExploreClient client = await ExploreClient.Start();
        var idle = new List<Socket>();
        for (int count = 0; count < 64; count++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, client.Port));
            idle.Add(socket);
        }

        // The patience of the framework's own default is 130 seconds.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(100));
        foreach (Socket socket in idle)
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1], patience.Token));
        using HttpResponseMessage answer = await client.Http.GetAsync(client.Address, patience.Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        idle.ForEach(socket => socket.Dispose());
    }
}
