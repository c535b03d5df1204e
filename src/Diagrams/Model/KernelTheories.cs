using System.Collections.Immutable;
using System.Globalization;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Diagrams.Model;

/// <summary>The field theories of the kernels of a network: one field for each kernel that a closure keeps.</summary>
/// <remarks>
/// Every kernel may occur in any drift and any noise, but for what the layer itself fixes: the drift of G is linear,
/// dG = (C_b + C_W S) dt, and the noise covariance of G with itself is one G times one of these, so that it has at most
/// one leg of G and one of S. In the closure on G alone S is a function of G, and both are any power.
/// </remarks>
public static class KernelTheories
{
    /// <summary>The theory whose fields are what a closure keeps: its kernels, or G and its modes.</summary>
    /// <param name="closure">The closure.</param>
    /// <param name="drift">Kernel legs of the drift vertices, 2 or more.</param>
    /// <param name="noise">Kernel legs of the noise vertices, 0 or more.</param>
    /// <exception cref="ArgumentException">The closure keeps more fields than a theory may have.</exception>
    /// <exception cref="NotSupportedException">The closure is of a kind without fields of its own.</exception>
    public static FieldTheory Of(IClosure closure, LegCounts drift, LegCounts noise) => closure.Keeps switch
    {
        KeptKernel => GOnly(drift, noise),
        KeptModes modes => Modes(drift, noise, modes.Orders.Select(order => "H" + order.ToString(CultureInfo.InvariantCulture))),
        KeptObservables list when list.Observables.Contains(Observable.SigmaKernel) =>
            SigmaKernel(drift, noise, list.Observables.Where(each => each != Observable.Kernel && each != Observable.SigmaKernel).Select(each => each.ToString())),
        KeptObservables list => Mixed(drift, noise, ["G", .. list.Observables.Skip(1).Select(each => each.ToString())], _ => true),
        _ => throw new NotSupportedException($"The closure {closure.Name} has no field theory; use g-only, sigma-kernel, hermite(k) or a list of observables."),
    };

    /// <summary>The closure on G alone: the one-field theory with the name G.</summary>
    /// <param name="drift">Kernel legs of the drift vertices, 2 or more.</param>
    /// <param name="noise">Kernel legs of the noise vertices, 0 or more.</param>
    public static FieldTheory GOnly(LegCounts drift, LegCounts noise) =>
        new(["G"], [new VertexFamily(1, drift), new VertexFamily(2, noise)]);

    /// <summary>A closure on G, S and further kernels that drive one another.</summary>
    /// <param name="drift">Kernel legs of the drift vertices, 2 or more.</param>
    /// <param name="noise">Kernel legs of the noise vertices, 0 or more.</param>
    /// <param name="others">Names of the kernels after G and S.</param>
    public static FieldTheory SigmaKernel(LegCounts drift, LegCounts noise, params IEnumerable<string> others) =>
        Mixed(drift, noise, ["G", "S", .. others], vertex => IsAllowed(vertex.ResponseByField, vertex.KernelByField));

    /// <summary>
    /// A closure on G and modes that drive G and are driven by noise alone, such as Hermite modes: lines run from a mode
    /// to itself and to G, and no mode has a drift.
    /// </summary>
    /// <param name="drift">Kernel legs of the drift vertices of G, 2 or more; G enters S by any power.</param>
    /// <param name="noise">Kernel legs of the noise vertices, 0 or more.</param>
    /// <param name="modes">Names of the modes.</param>
    public static FieldTheory Modes(LegCounts drift, LegCounts noise, params IEnumerable<string> modes)
    {
        string[] fields = ["G", .. modes];
        return new FieldTheory(
            fields,
            [new VertexFamily(1, drift), new VertexFamily(2, noise)],
            propagators: Enumerable.Range(0, fields.Length).SelectMany(field => new[] { (field, field), (field, 0) }).Distinct(),
            occurs: vertex => vertex.ResponseLegs > 1 || vertex.ResponseByField[0] == 1);
    }

    // Every field drives every field.
    private static FieldTheory Mixed(LegCounts drift, LegCounts noise, string[] fields, Func<VertexType, bool> occurs)
    {
        int[] labels = [.. Enumerable.Range(0, fields.Length)];
        return new FieldTheory(
            fields,
            [new VertexFamily(1, drift), new VertexFamily(2, noise)],
            propagators: from response in labels from kernel in labels select (response, kernel),
            occurs: occurs);
    }

    private static bool IsAllowed(ImmutableArray<int> response, ImmutableArray<int> kernel)
    {
        if (response.Sum() == 1) return response[0] == 0;
        return response[0] != response.Sum() || (kernel[0] <= 1 && kernel[1] <= 1 && kernel[2..].All(legs => legs == 0));
    }
}
