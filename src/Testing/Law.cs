using FsCheck;
using FsCheck.Fluent;
using SymbolicEft.Numeric.Solving;

namespace SymbolicEft.Testing;

/// <summary>A law that a closure must obey on every network, as a property for FsCheck and as a check of its own.</summary>
public sealed class Law
{
    private readonly Arbitrary<ClosureCase> _cases;
    private readonly Func<ClosureCase, string?> _violation;

    /// <summary>States a law.</summary>
    /// <param name="name">The law in a few words.</param>
    /// <param name="cases">The networks and closures it is about, with shrinking.</param>
    /// <param name="violation">Null where the law holds, else what is wrong.</param>
    public Law(string name, Arbitrary<ClosureCase> cases, Func<ClosureCase, string?> violation) => (Name, _cases, _violation) = (name, cases, violation);

    /// <summary>The law in a few words.</summary>
    public string Name { get; }

    /// <summary>
    /// The law as a property; the message of a failure has the network as a specification. Networks that were declined do not count as
    /// tested: FsCheck draws others, and gives up where there are none.
    /// </summary>
    public Property Property => Prop.ForAll(_cases, each => Try(each, out bool declined) is { } wrong
        ? false.Label($"{Name}: {wrong.Reason}, for\n{each.Specification}")
        : true.Label(Name).When(!declined));

    /// <summary>
    /// What is wrong in one case, or null. A computation that declines a network (an expectation that cannot be brought to its accuracy, a
    /// delta function in an observable) gives no wrong number, and breaks no law; one that ends in any other exception, or gives no
    /// solution, breaks it.
    /// </summary>
    /// <param name="each">The network and the closure.</param>
    public string? Violation(ClosureCase each) => Try(each, out _)?.Reason;

    /// <summary>Checks the law on random networks.</summary>
    /// <param name="networks">How many, at least 1.</param>
    /// <param name="seed">The seed of the random networks: the same seed, the same networks.</param>
    /// <exception cref="LawViolationException">
    /// The law does not hold for a network, or most networks were declined, or none could be drawn; the network has shrunk as far as it would go.
    /// </exception>
    public void Check(int networks = 20, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(networks, 1);
        (ClosureCase Case, Breach Breach)? smallest = null;
        int declined = 0, tried = 0;
        var runner = new Silent();
        Property property = Prop.ForAll(_cases, each =>
        {
            Breach? wrong = Try(each, out bool isDeclined);
            tried++;
            declined += isDeclined ? 1 : 0;
            // FsCheck goes on from the smallest failure only, so the last failure seen is the smallest.
            smallest = wrong is null ? smallest : (each, wrong);
            return wrong is null;
        });
        property.Check(Config.Quick.WithMaxTest(networks).WithReplay((ulong)seed, 1).WithQuietOnSuccess(true).WithRunner(runner));
        if (smallest is { } failure)
            throw new LawViolationException(Name, failure.Breach.Reason, failure.Case, failure.Breach.Cause);
        // What goes wrong outside of the law goes wrong in the generators.
        if (!runner.Passed || tried < networks)
            throw new LawViolationException(Name, $"{tried} of {networks} networks could be drawn, so that the law was not tested", null);
        if (2 * declined > tried)
            throw new LawViolationException(Name, $"{declined} of {tried} networks were declined, so that the law was not tested", null);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private Breach? Try(ClosureCase each, out bool declined)
    {
        declined = false;
        try
        {
            return _violation(each) is { } reason ? new(reason, null) : null;
        }
        catch (Exception reason) when (reason is NotSupportedException || ComputationFailure.Is(reason))
        {
            declined = true;
            return null;
        }
        catch (SolutionException wrong)
        {
            return new(wrong.Message, null);
        }
        catch (Exception problem)
        {
            return new($"the computation ended with {problem.GetType().Name} ({problem.Message.TrimEnd('.')})", problem);
        }
    }

    private sealed record Breach(string Reason, Exception? Cause);

    // The exception says it all.
    private sealed class Silent : IRunner
    {
        public bool Passed { get; private set; }

        public void OnStartFixture(Type type)
        {
        }

        public void OnArguments(int number, Microsoft.FSharp.Collections.FSharpList<object> arguments, Microsoft.FSharp.Core.FSharpFunc<int, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(Microsoft.FSharp.Collections.FSharpList<object> arguments, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string> every)
        {
        }

        public void OnFinished(string name, TestResult result) => Passed = result.IsPassed;
    }
}

/// <summary>What a route gave back is no solution of the network that it was given; the sentence says why.</summary>
internal sealed class SolutionException(string sentence) : Exception(sentence);

/// <summary>A law that does not hold.</summary>
/// <param name="law">The law.</param>
/// <param name="reason">What is wrong.</param>
/// <param name="case">The smallest network found, or null.</param>
/// <param name="cause">The exception that the computation ended with, or null.</param>
public sealed class LawViolationException(string law, string reason, ClosureCase? @case, Exception? cause = null)
    : Exception($"{law}: {reason}{(@case is null ? "." : $", for\n{@case.Specification}")}", cause)
{
    /// <summary>The smallest network found, or null.</summary>
    public ClosureCase? Case => @case;

    /// <summary>The same as a specification in YAML that symeft runs; empty if there is none.</summary>
    public string Specification => @case?.Specification ?? "";
}
