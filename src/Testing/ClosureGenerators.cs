using FsCheck;
using FsCheck.Fluent;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Testing;

/// <summary>FsCheck generators of closures.</summary>
public static class ClosureGenerators
{
    // Observables that a list may have beside x y. Their spans overlap for many activations, which is part of the test.
    private static readonly string[] Others = ["sigma(x)*sigma(y)", "x", "sigma(x)", "x*sigma(y)", "sigma'(x)*sigma'(y)", "x^2*y^2", "x^3*y", "sigma(x)*sigma''(y)", "x^3", "x^2*y"];

    /// <summary>Closures by name, the cheap ones of each kind.</summary>
    public static Gen<IClosure> Named() =>
        Gen.Elements([.. ClosureRegistry.Compared.Select(ClosureRegistry.Parse).Where(closure => closure.Keeps is not KeptModes), .. new[] { 1, 3, 4, 6 }.Select(order => new HermiteModes(order))]);

    /// <summary>Lists of x y and up to three other observables.</summary>
    public static Gen<IClosure> Lists() =>
        from count in Gen.Choose(0, 3)
        from shuffled in Gen.Shuffle(Others)
        select ClosureRegistry.Parse($"[{string.Join(", ", shuffled.Take(count).Prepend("x*y"))}]");

    /// <summary>Closures by name and lists.</summary>
    public static Gen<IClosure> Any() => Gen.OneOf(Named(), Lists());

    /// <summary>Smaller closures: lists without one of their observables, hermite of lower order.</summary>
    /// <param name="closure">The closure.</param>
    public static IEnumerable<IClosure> Shrink(IClosure closure) => closure switch
    {
        ObservableList list => list.Observables.Skip(1).Select(dropped => (IClosure)new ObservableList([.. list.Observables.Where(each => each != dropped)])),
        HermiteModes { HighestOrder: > 1 } hermite => [new HermiteModes(hermite.HighestOrder - 1)],
        _ => [],
    };
}
