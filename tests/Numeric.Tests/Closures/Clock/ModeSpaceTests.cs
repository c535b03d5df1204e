using SymbolicEft.Numeric.Closures.Clock;

namespace SymbolicEft.Numeric.Tests.Closures.Clock;

// Each mode has a place of its own, up to the orders that the highest closure, hermite(160), is integrated with.
public sealed class ModeSpaceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Modes_of_the_highest_order_have_places_of_their_own(int directions)
    {
        var space = new ModeSpace(directions, 160 + NodeChoice.InTwo);
        for (int place = 0; place < space.Count; place++)
            Assert.Equal(place, space.Place(space.Modes[place]));
        if (directions == 2)
            Assert.Equal(space.Place([5, 100]), space.InPlane(5, 100));
    }
}
