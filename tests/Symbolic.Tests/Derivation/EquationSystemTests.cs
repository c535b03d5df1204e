using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Tests;

namespace SymbolicEft.Symbolic.Tests.Derivation;

public class EquationSystemTests
{
    [Theory]
    [InlineData("g-only", true)]
    [InlineData("g-connected", true)]
    [InlineData("hermite(4)", false)]
    [InlineData("sigma-kernel", false)]
    [InlineData("[x*y, x^2*y^2]", false)]
    public void Every_closure_has_a_system_of_the_same_kind(string closure, bool isOfComponents)
    {
        foreach (DepthForm form in Enum.GetValues<DepthForm>())
        {
            EquationSystem system = ClosureDerivation.Of(closure, form).System;
            Assert.Equal(isOfComponents, system.IsOfComponents);
            Assert.Equal(Notation.MeanKernel, system.State[0].Tensor);
            Assert.NotEmpty(system.Quantities);
            // Every statement reads what stands before it, or the state.
            HashSet<string> known = [.. system.State.Select(variable => variable.Tensor.Name)];
            foreach (MomentStatement statement in system.Step)
            {
                Assert.All(MomentStatements.Inputs(statement), name => Assert.Contains(name, known));
                if (!MomentStatements.IsNext(statement))
                    known.UnionWith(MomentStatements.Outputs(statement));
            }
        }
    }

    [Fact]
    public void Systems_are_compared_by_what_they_say()
    {
        EquationSystem one = ClosureDerivation.Of("g-only").System, again = ClosureDerivation.Of("g-only").System;
        Assert.Equal(one, again);
        Assert.Equal(one.GetHashCode(), again.GetHashCode());
        Assert.NotEqual(one, ClosureDerivation.Of("g-only", DepthForm.Continuous).System);
        var mean = (ComponentEquation)one.Step.First(MomentStatements.IsNext);
        Assert.NotEqual(one, one with { Step = [.. one.Step.Select(statement => ReferenceEquals(statement, mean) ? mean with { RightSide = 2 * mean.RightSide } : statement)] });
        Assert.NotEqual(ClosureDerivation.Of(new HermiteModes(4), DepthForm.Discrete).System, ClosureDerivation.Of(new OrthogonalWeights(), DepthForm.Discrete).System);
    }

    [Fact]
    public void A_system_is_printed_in_the_order_in_which_it_is_evaluated()
    {
        string[] lines = ClosureDerivation.Of("g-only").System.Only(tensor => tensor == Notation.MeanKernel).ToString().TrimEnd().Split('\n');
        Assert.Equal(
            ["g-only, discrete depth", "state: K0_ab", "at depth 0:", "  K0_ab(0) = K0_ab", "from layer to layer:", "  Q_ab = C_W*<sigma_a*sigma_b>_K0 + C_b", "  K0_ab' = alpha^2*K0_ab + eps^2*Q_ab"],
            lines);
    }
}
