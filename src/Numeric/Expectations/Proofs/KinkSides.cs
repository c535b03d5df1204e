using SymbolicEft.Symbolic.Enclosures;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Numeric.Expectations.Proofs;

/// <summary>
/// Finds on which side of its kinks a function of one variable is where the enclosure of an argument has both signs, as that of 3x^2 - 2x - 1 has on every
/// interval that begins at its zero: an argument whose derivative has no zero keeps the sign that it has at the end where it is nearest to 0.
/// </summary>
internal sealed class KinkSides
{
    private readonly EnclosureProgram _program;
    private readonly (int Place, EnclosureProgram Argument, EnclosureProgram Slope)[] _kinks;

    /// <summary>Prepares the arguments of all functions with a kink.</summary>
    public KinkSides(EnclosureProgram program, Symbol variable)
    {
        _program = program;
        _kinks =
        [
            .. program.Kinks.Select(kink => (
                kink.Place,
                EnclosureProgram.Of(kink.Argument, variable),
                EnclosureProgram.Of(DeltaFunctions.LeaveOut(kink.Argument.Differentiate(variable)), variable))),
        ];
    }

    /// <summary>Takes the range of the function; false if it may have a kink inside.</summary>
    public bool Settle(Interval x)
    {
        _program.Range(x);
        if (!_program.MeetsKink) return true;
        int[] sides = _program.Sides;
        foreach ((int place, EnclosureProgram argument, EnclosureProgram slope) in _kinks)
        {
            if (sides[place] != 0) continue;
            Interval slopes = slope.Range(x);

            // Where the slope has a kink the argument may jump.
            if (slopes.Contains(0) || slope.MeetsKink) return false;
            Interval lowest = argument.Range(Interval.At(slopes.Low > 0 ? x.Low : x.High)), highest = argument.Range(Interval.At(slopes.Low > 0 ? x.High : x.Low));
            sides[place] = lowest.Low >= 0 ? 1 : highest.High <= 0 ? -1 : 0;
            if (sides[place] == 0) return false;
        }

        _program.Sides = sides;
        return true;
    }
}
