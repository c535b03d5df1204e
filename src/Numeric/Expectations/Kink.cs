namespace SymbolicEft.Numeric.Expectations;

/// <summary>A point where an activation is not analytic.</summary>
/// <param name="Position">The point, in units of the pre-activation.</param>
/// <param name="Order">
/// The lowest derivative order that jumps (or worse) there: 0 for a step, 1 for a corner such as ReLU's. Pointwise
/// derivatives of higher order than this miss a delta function and are never used.
/// </param>
public readonly record struct Kink(double Position, int Order);
