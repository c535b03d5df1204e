// GET /               the page
// POST /theory        equations, diagrams, figures, and the document of symeft solve
// POST /preview       the same figures alone, for a closure that is quick: while a slider moves, and beside /theory where that may take long
// POST /charts        the figures of what is solved and simulated already, as they are looked at
// POST /phase         the map over C_W and C_b
// POST /layers        the program of layers, edited
// POST /closures      validity windows and variance budget, a second later
// POST /simulation    JSON lines, each with better statistics than the one before
// POST /documents/X   the specification as yaml, csharp, latex, ...
// Everything else is refused. A failure is {"error": "one sentence"} with status 400 if the input is wrong and 422 if the computation failed.

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SymbolicEft.Cli.Commands;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Reporting;
using SymbolicEft.Cli.Specifications;

namespace SymbolicEft.Cli.Exploring;

/// <summary>The web server of symeft explore, on 127.0.0.1 only.</summary>
internal sealed class ExploreServer : IAsyncDisposable
{
    private const int LongestBody = 32 * 1024, MostConnections = 64, MostSimulations = 2, MostComputations = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3), Idle = TimeSpan.FromSeconds(3), LongestComputation = TimeSpan.FromSeconds(60), Farewell = TimeSpan.FromMilliseconds(300);

    private readonly WebApplication _application;
    private readonly Specification _initial;
    private readonly TheoryAnswer _theory = new();
    private readonly SemaphoreSlim _simulations = new(MostSimulations), _computations = new(MostComputations);
    private readonly CancellationTokenSource _stop = new();

    private ExploreServer(WebApplication application, Specification initial) => (_application, _initial) = (application, initial);

    /// <summary>The port it listens on.</summary>
    public int Port { get; private set; }

    /// <summary>The address of the page.</summary>
    public string Address => FormattableString.Invariant($"http://127.0.0.1:{Port}/");

    /// <summary>Starts a server.</summary>
    /// <param name="initial">What the page shows first.</param>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <exception cref="InputException">The port cannot be used.</exception>
    public static async Task<ExploreServer> Start(Specification initial, int port)
    {
        // The empty builder reads no environment and writes no log.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = LongestBody;
            options.Limits.MaxConcurrentConnections = MostConnections;
            // A connection on which nothing is asked gives its place to another; a page opens a new one when it asks again.
            options.Limits.KeepAliveTimeout = Idle;
            options.Limits.RequestHeadersTimeout = Idle;
        });
        WebApplication application = builder.Build();
        var server = new ExploreServer(application, ExploreRequest.Small(initial));
        application.Run(server.Answer);
        try
        {
            await application.StartAsync().ConfigureAwait(false);
        }
        catch (IOException problem)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new InputException(FormattableString.Invariant($"--port is {port}, which cannot be used ({problem.Message.TrimEnd('.')}); leave it out for a free one."));
        }

        server.Port = new Uri(application.Urls.First()).Port;
        return server;
    }

    /// <summary>Answers the first question before it is asked: programs are compiled and equations derived once.</summary>
    public void WarmUp() => _ = Task.Run(() =>
    {
        try
        {
            Theory(new ExploreRequest(_initial, []), _stop.Token);
        }
        catch (Exception)
        {
            // The page will ask again, and be told.
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        using var farewell = new CancellationTokenSource(Farewell);
        try
        {
            await _application.StopAsync(farewell.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A connection that did not end in time ends with the process.
        }

        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private async Task Answer(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "same-origin";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        try
        {
            if (LocalOnly.Refusal(context.Request, Port) is { } refusal)
                await Fail(context, StatusCodes.Status403Forbidden, refusal).ConfigureAwait(false);
            else
                await Route(context, ended.Token).ConfigureAwait(false);
        }
        catch (Exception) when (ended.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception problem)
        {
            (int status, string sentence) = Explain(problem);
            await Fail(context, status, sentence).ConfigureAwait(false);
        }
    }

    private async Task Route(HttpContext context, CancellationToken cancellation)
    {
        string path = context.Request.Path.Value ?? "";
        bool isPage = path == "/", asks = path is "/theory" or "/preview" or "/charts" or "/closures" or "/finite" or "/phase" or "/layers" or "/simulation" || (path.StartsWith("/documents/", StringComparison.Ordinal) && Documents.Names.Contains(path[11..]));
        if (!isPage && !asks)
        {
            await Fail(context, StatusCodes.Status404NotFound, "There is nothing at this address; the page is at /.").ConfigureAwait(false);
        }
        else if (context.Request.Method != (isPage ? "GET" : "POST"))
        {
            await Fail(context, StatusCodes.Status405MethodNotAllowed, $"This address takes {(isPage ? "GET" : "POST")} only.").ConfigureAwait(false);
        }
        else if (isPage)
        {
            await ExplorePage.Write(context.Response, _initial, cancellation).ConfigureAwait(false);
        }
        else if (context.Request.ContentType?.Split(';')[0].Trim() != "application/json")
        {
            await Fail(context, StatusCodes.Status415UnsupportedMediaType, "The request must be application/json.").ConfigureAwait(false);
        }
        else
        {
            ReadOnlyMemory<byte> text = await Body(context, cancellation).ConfigureAwait(false);
            if (path == "/simulation")
            {
                await Simulate(context, ExploreRequest.Read(text), cancellation).ConfigureAwait(false);
                return;
            }

            Func<CancellationToken, byte[]> answer = path switch
            {
                "/theory" => token => Theory(ExploreRequest.Read(text), token),
                "/preview" => token => Preview(ExploreRequest.Read(text), token),
                "/charts" => token => Charts(ExploreRequest.Read(text), token),
                "/phase" => token => Phase(ExploreRequest.Read(text), token),
                "/layers" => _ => Answers.Edited(LayersEdit.Answer(text)),
                "/finite" => token => Answers.Finite(_theory.Finite(ExploreRequest.Read(text), token)),
                "/closures" => token => Closures(ExploreRequest.Read(text), token),
                _ => _ => Answers.Document(Documents.Write(path[11..], ExploreRequest.Read(text).Specification)),
            };
            byte[] document = await Compute(answer, cancellation).ConfigureAwait(false);
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(document, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> Body(HttpContext context, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, cancellation).ConfigureAwait(false);
        }
        catch (IOException problem) when (problem is not Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            throw new InputException("The body of the request is broken off or not in the chunks that its headers announce; send it whole.");
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private byte[] Theory(ExploreRequest request, CancellationToken cancellation)
    {
        TheorySeries series = _theory.Solve(request.Specification, cancellation);
        EquationsHtml equations = _theory.Equations(request.Specification);
        return Answers.Theory(request.Specification, series, equations, TheoryAnswer.Charts(request.Specification, request.Views, series, _theory.Alternatives(request), null));
    }

    private byte[] Preview(ExploreRequest request, CancellationToken cancellation)
    {
        Specification quick = TheoryAnswer.IsQuick(request.Specification.Closure)
            ? request.Specification
            : request.Specification with { Closure = TheoryAnswer.QuickClosure, Quadrature = request.Specification.Quadrature.WithErrors };
        (quick, TheorySeries series) = _theory.Roughly(quick, cancellation);
        return Answers.Preview(request.Specification, quick, series, TheoryAnswer.Charts(quick, request.Views, series, [], null), request.Drawn);
    }

    private byte[] Charts(ExploreRequest request, CancellationToken cancellation)
    {
        TheorySeries series = _theory.Solve(request.Specification, cancellation);
        return Answers.Charts(
            TheoryAnswer.Charts(request.Specification, request.Views, series, _theory.Alternatives(request), _theory.Ensemble(request.Specification)),
            [.. (_theory.Compared(request)?.Charts ?? []).Select(chart => TheoryAnswer.Viewed(chart, request.Views))]);
    }

    private byte[] Phase(ExploreRequest request, CancellationToken cancellation)
    {
        string here = PhaseAnswer.Here(request.Specification, _theory.Table(request.Specification, cancellation), cancellation);
        return Answers.Phase(_theory.Phase(request, cancellation), NetworkPicture.Program(request.Specification), here, request.Views);
    }

    private byte[] Closures(ExploreRequest request, CancellationToken cancellation)
    {
        ClosureAnswer answer = _theory.Closures(request, cancellation);
        answer = answer with { Charts = [.. answer.Charts.Select(chart => TheoryAnswer.Viewed(chart, request.Views))] };
        TheorySeries series = _theory.Solve(request.Specification, cancellation);
        return Answers.Closures(request.Specification, series, answer, TheoryAnswer.Charts(request.Specification, request.Views, series, answer.Alternatives, null));
    }

    private async Task Simulate(HttpContext context, ExploreRequest request, CancellationToken cancellation)
    {
        if (!await _simulations.WaitAsync(Patience, cancellation).ConfigureAwait(false))
        {
            await Fail(context, StatusCodes.Status503ServiceUnavailable, $"{MostSimulations} simulations run already; stop one, or close its page.").ConfigureAwait(false);
            return;
        }

        try
        {
            TheorySeries theory = await Compute(token => _theory.Solve(request.Specification, token), cancellation).ConfigureAwait(false);
            await SimulationStream.Run(
                request.Specification,
                async (series, isLast) =>
                {
                    if (!context.Response.HasStarted)
                        context.Response.ContentType = "application/x-ndjson";
                    _theory.Remember(request.Specification, series);
                    IReadOnlyList<ExploreFigure> charts = TheoryAnswer.Charts(request.Specification, request.Views, theory, _theory.Alternatives(request), series);
                    await context.Response.Body.WriteAsync(Answers.Round(request.Specification, theory, series, isLast, charts), cancellation).ConfigureAwait(false);
                    await context.Response.Body.FlushAsync(cancellation).ConfigureAwait(false);
                },
                cancellation).ConfigureAwait(false);
        }
        finally
        {
            _simulations.Release();
        }
    }

    // A computation keeps its place until it has ended, also where nobody waits for it any more.
    private async Task<T> Compute<T>(Func<CancellationToken, T> computation, CancellationToken cancellation)
    {
        if (!await _computations.WaitAsync(LongestComputation, cancellation).ConfigureAwait(false))
            throw new TimeoutException();
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestComputation);
        CancellationToken token = limit.Token;
        Task<T> task = Task.Run(
            () =>
            {
                try
                {
                    return computation(token);
                }
                finally
                {
                    _computations.Release();
                    limit.Dispose();
                }
            },
            CancellationToken.None);
        try
        {
            return await task.WaitAsync(LongestComputation + TimeSpan.FromSeconds(1), cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    private static (int Status, string Sentence) Explain(Exception problem) => problem switch
    {
        InputException => (StatusCodes.Status400BadRequest, problem.Message),
        Microsoft.AspNetCore.Http.BadHttpRequestException bad => (bad.StatusCode, $"The request is wrong: {problem.Message.TrimEnd('.')}."),
        TimeoutException => (StatusCodes.Status422UnprocessableEntity, $"This takes longer than {LongestComputation.TotalSeconds} seconds; choose fewer inputs, layers or modes, or use symeft solve."),
        _ when Failures.IsComputation(problem) =>
            (StatusCodes.Status422UnprocessableEntity, problem.Message),
        OutOfMemoryException => (StatusCodes.Status422UnprocessableEntity, "The machine has not enough memory for this; use fewer inputs or fewer recorded depths."),
        _ => (StatusCodes.Status500InternalServerError, $"This is a mistake in symeft, not in your input ({problem.GetType().Name}: {problem.Message}); please report it with what you chose."),
    };

    // After the first line of a stream the status is gone; the sentence is a line of its own.
    private static async Task Fail(HttpContext context, int status, string sentence)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            // What is left of a body that is refused is not read.
            if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
                context.Response.Headers.Connection = "close";
        }

        await context.Response.Body.WriteAsync(Answers.Failure(sentence)).ConfigureAwait(false);
    }

    // Ctrl-C is the command's.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
