using FsCheck;
using FsCheck.Fluent;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Testing.Tests;

// A law is broken by a route that gives no solution, however it does so: what cannot be looked at is not right.
public class RouteTests
{
    private static readonly LawOptions Small = new() { Activations = ["tanh", "identity"], MostInputs = 2, MostLayers = 2 };

    public static TheoryData<string, string> Routes => new()
    {
        { "throws", "the computation ended with IndexOutOfRangeException (Index was outside the bounds of the array)" },
        { "throws sometimes", "the computation ended with InvalidOperationException (one input only)" },
        { "null", "there is no solution, but null" },
        { "no K1", "there is no tensor K1; there are E2, K0, U1, V4, V4_source" },
        { "no V4", "there is no tensor V4; there are E2, K0, K1, U1, V4_source" },
        { "fewer records", "K0 has 1 records, where there are " },
        { "no layers", "the solution is for the layers , where 0, " },
        { "other layers", "the solution is for the layers 1, " },
        { "fewer inputs", "the solution is for 1 inputs, where the network has 2" },
        { "more components", "K1 has " },
        { "infinite", " or Infinity" },
        { "no number", "NaN" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public void A_route_without_a_solution_breaks_the_law(string route, string reason)
    {
        Law law = ClosureLaws.Same("mine", new GOnly(), each => Broken(route, each), ["K0", "V4", "K1"], Small);
        LawViolationException problem = Assert.Throws<LawViolationException>(() => law.Check());
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.Contains("name: counterexample", problem.Specification, StringComparison.Ordinal);
        Assert.Equal(route.StartsWith("throws", StringComparison.Ordinal), problem.InnerException is not null);
        Assert.NotNull(law.Violation(problem.Case!));
    }

    // Each law of its own: none is obeyed by a route that never gives anything.
    [Theory]
    [InlineData("throws")]
    [InlineData("null")]
    [InlineData("no layers")]
    [InlineData("no V4")]
    [InlineData("no number")]
    public void No_law_is_obeyed_by_a_route_without_a_solution(string route)
    {
        foreach (Law law in ClosureLaws.All(Gen.Constant<IClosure>(new HermiteModes(3)), Small, each => Broken(route, each)))
            Assert.Throws<LawViolationException>(() => law.Check(4));
    }

    [Fact]
    public void A_tensor_that_does_not_exist_is_named()
    {
        LawViolationException problem = Assert.Throws<LawViolationException>(() => ClosureLaws.Same("g-connected", "g-only", ["V4", "K7"], Small).Check());
        Assert.Contains("there is no tensor K7; there are E2, K0, K1, U1, V4, V4_source", problem.Message, StringComparison.Ordinal);
        Assert.Contains("name some, such as V4 and K1.", Assert.Throws<ArgumentException>(() => ClosureLaws.Same("g-connected", "g-only", [])).Message, StringComparison.Ordinal);
    }

    // FsCheck's own runner sees it too.
    [Fact]
    public void The_property_fails_where_the_check_does()
    {
        Law broken = ClosureLaws.Same("mine", new GOnly(), _ => throw new IndexOutOfRangeException(), ["K1"], Small);
        Assert.Contains("the computation ended with IndexOutOfRangeException", Assert.ThrowsAny<Exception>(() => broken.Property.QuickCheckThrowOnFailure()).Message, StringComparison.Ordinal);
        // Nothing was tested where everything was declined.
        Law declined = ClosureLaws.All("sigma-kernel(3)", new LawOptions { Activations = ["relu"], MostInputs = 1 })[0];
        Assert.Contains("exhausted", Assert.ThrowsAny<Exception>(() => declined.Property.QuickCheckThrowOnFailure()).Message, StringComparison.OrdinalIgnoreCase);
        ClosureLaws.Same("g-connected", "g-only", ["V4"], Small).Property.QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_law_without_networks_is_not_obeyed()
    {
        Law law = ClosureLaws.Same("g-connected", "g-only", ["V4"], Small);
        Assert.Throws<ArgumentOutOfRangeException>(() => law.Check(0));
        Arbitrary<ClosureCase> none = Arb.From(Gen.Constant(0).Select<int, ClosureCase>(_ => throw new InvalidOperationException("nothing to draw")));
        Assert.ThrowsAny<Exception>(() => new Law("of nothing", none, _ => null).Check());
    }

    [Fact]
    public void Options_with_which_every_law_would_hold_are_refused()
    {
        foreach ((LawOptions options, string sentence) in new[]
        {
            (Small with { Tolerance = double.PositiveInfinity }, "Tolerance is Infinity; it must be finite and above 0."),
            (Small with { Tolerance = double.NaN }, "Tolerance is NaN; it must be finite and above 0."),
            (Small with { MostInputs = 0 }, "MostInputs is 0; a network has at least 1."),
            (Small with { MostLayers = 0 }, "MostLayers is 0; a network has at least 1."),
            (Small with { Activations = [] }, "Activations is empty; leave it out for the smooth ones."),
        })
            Assert.Equal(sentence, Assert.Throws<ArgumentException>(() => ClosureLaws.All("g-only", options)).Message);
    }

    private static TheorySolution Broken(string route, ClosureCase each)
    {
        if (route == "throws sometimes" && each.Network.Inputs == 1)
            throw new InvalidOperationException("one input only.");
        TheorySolution solution = (each with { Closure = new GOnly() }).Solve();
        TheorySolution With(string tensor, Func<IReadOnlyList<double[]>, IReadOnlyList<double[]>?> change)
        {
            var tensors = new Dictionary<string, IReadOnlyList<double[]>>(solution.Tensors, StringComparer.Ordinal);
            if (change(tensors[tensor]) is { } changed)
                tensors[tensor] = changed;
            else
                tensors.Remove(tensor);
            return solution with { Tensors = tensors };
        }

        return route switch
        {
            "throws" => throw new IndexOutOfRangeException(),
            "null" => null!,
            "no K1" => With("K1", _ => null),
            "no V4" => With("V4", _ => null),
            "fewer records" => With("K0", records => [records[0]]),
            "no layers" => solution with { Layers = [], Times = [], Tensors = solution.Tensors.ToDictionary(entry => entry.Key, _ => (IReadOnlyList<double[]>)[], StringComparer.Ordinal) },
            "other layers" => solution with { Layers = [.. solution.Layers.Select(layer => layer + 1)] },
            "fewer inputs" => each.Network.Inputs == 1 ? solution : each.OnInputs([0]).Solve(),
            "more components" => With("K1", records => [.. records.Select(record => record.Append(0).ToArray())]),
            "infinite" => With("V4", records => [.. records.Select(record => record.Select(_ => double.PositiveInfinity).ToArray())]),
            "no number" => With("V4", records => [.. records.Select(record => record.Select(_ => double.NaN).ToArray())]),
            _ => solution,
        };
    }
}
