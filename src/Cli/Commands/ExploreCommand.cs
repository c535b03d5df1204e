using System.CommandLine;
using System.Globalization;
using SymbolicEft.Cli.Exploring;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft explore: a local page where everything can be changed and seen at once.</summary>
internal static class ExploreCommand
{
    private const long StandardSamples = 20_000;

    // The published set-up, with an estimator whose error bars are small soon.
    private const string Standard = """
        name: explored
        inputs: { kernel: [[2, 0.6], [0.6, 2]] }
        simulate: { estimator: control-variate }
        """;

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("explore", "Serves a page on 127.0.0.1: choose network, inputs and closure, and see equations, diagrams, curves and simulation. Ctrl-C ends it.");
        var options = new SpecificationOptions(command);
        var port = new Option<string>("--port") { Description = "port to listen on; default any free one", HelpName = "PORT" };
        command.Options.Add(port);
        command.SetAction(parsed =>
        {
            Specification specification = options.Read(parsed, context, Standard);
            if (specification.Samples == 0)
                specification = specification with { Samples = StandardSamples };
            Serve(context, specification, parsed.GetValue(port) is { } text ? Port(text) : 0).GetAwaiter().GetResult();
            exit(0);
        });
        return command;
    }

    private static async Task Serve(CommandContext context, Specification specification, int port)
    {
        ExploreServer server = await ExploreServer.Start(specification, port).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            server.WarmUp();
            context.Output.WriteLine(server.Address);
            context.Output.Flush();
            context.Messages.WriteLine("Open this address in a browser of this machine; Ctrl-C ends.");
            try
            {
                await Task.Delay(Timeout.Infinite, context.Cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The way it is meant to end.
            }
        }
    }

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is >= 1024 and <= 65535
            ? value
            : throw new InputException($"--port is '{text}'; use a whole number from 1024 to 65535, or leave it out for a free one.");
}
