namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>A closure given by its observables, such as [x*y, sigma(x)*sigma(y), x].</summary>
public sealed record ObservableList : IObservableClosure
{
    /// <summary>A list of observables.</summary>
    /// <exception cref="ClosureSyntaxException">x y is missing, or an observable occurs twice.</exception>
    public ObservableList(IEnumerable<Observable> observables)
    {
        var list = new List<Observable>();
        foreach (Observable observable in observables)
        {
            if (list.Any(known => ReferenceEquals(known.Body, observable.Body) || ReferenceEquals(known.Exchanged, observable.Body)))
                throw new ClosureSyntaxException($"The observable {observable} occurs twice in the closure; f(x, y) stands for f(y, x) as well, so name it once.");
            list.Add(observable);
        }

        if (!list.Contains(Observable.Kernel))
            throw new ClosureSyntaxException("The closure does not contain x*y, which is the kernel G whose statistics are wanted; add it to the list.");
        Observables = [Observable.Kernel, .. list.Where(each => each != Observable.Kernel)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Observable> Observables { get; }

    /// <inheritdoc/>
    public string Name => $"[{string.Join(", ", Observables)}]";

    /// <inheritdoc/>
    public string Summary => "Everything is projected on the span of the given one-neuron observables.";

    /// <inheritdoc/>
    public bool Equals(ObservableList? other) => other is not null && other.Observables.SequenceEqual(Observables);

    /// <inheritdoc/>
    public override int GetHashCode() => Observables.Count;
}
