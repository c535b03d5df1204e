using SymbolicEft.Diagrams.Equations;
using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.HigherOrders;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Diagrams.Tests;

/// <summary>Equations from the last moves of diagrams, in both forms of depth, against the moment expansion, which knows no diagrams.</summary>
public class LastMoveTests
{
    private static readonly Dictionary<DepthForm, GOnlyProcess> Processes = new()
    {
        [DepthForm.Discrete] = new GOnlyProcess(DepthForm.Discrete),
        [DepthForm.Continuous] = new GOnlyProcess(DepthForm.Continuous),
    };

    [Theory]
    [InlineData(DepthForm.Continuous, 1, 1)]
    [InlineData(DepthForm.Continuous, 2, 0)]
    [InlineData(DepthForm.Continuous, 3, 0)]
    [InlineData(DepthForm.Continuous, 2, 1)]
    [InlineData(DepthForm.Continuous, 1, 2)]
    [InlineData(DepthForm.Discrete, 1, 1)]
    [InlineData(DepthForm.Discrete, 2, 0)]
    [InlineData(DepthForm.Discrete, 3, 0)]
    [InlineData(DepthForm.Discrete, 2, 1)]
    [InlineData(DepthForm.Discrete, 1, 2)]
    public void The_terms_of_the_last_moves_are_the_equation_of_the_moment_expansion(DepthForm form, int external, int loops) =>
        Assert.Same(
            new CumulantHierarchy(Processes[form]).RightSide(external, loops).Expand(),
            Expression.Add(Terms(form, external, loops).Select(term => Formula(term, Processes[form]))).Expand());

    // In a layer a third noise cumulant acts, and vertices act together; in continuous depth neither.
    [Fact]
    public void The_third_cumulant_has_its_known_terms()
    {
        string[] discrete = Written(DepthForm.Discrete, 3, 0), continuous = Written(DepthForm.Continuous, 3, 0);

        Assert.Equal(
            ["c(1,1)_ab|1 c(1,1)_cd|2 c(1,1)_ef|3 V6_123 x1", "c(1,2)_ab|13 c(1,1)_cd|2 c(1,1)_ef|4 V4_12 V4_34 x3", "c(2,1)_ab,cd|1 c(1,1)_ef|2 V4_12 x3", "c(3,0)_ab,cd,ef x1"],
            discrete);
        Assert.Equal(["c(1,1)_ab|1 V6_1,cd,ef x3", "c(1,2)_ab|12 V4_1,cd V4_2,ef x3", "c(2,1)_ab,cd|1 V4_1,ef x3"], continuous);
    }

    [Fact]
    public void Two_vertices_of_the_covariance_may_act_in_one_layer()
    {
        string[] both = [.. Written(DepthForm.Discrete, 2, 1).Where(term => term.Contains("c(1,2)", StringComparison.Ordinal) && term.LastIndexOf("c(1,2)", StringComparison.Ordinal) > term.IndexOf("c(1,2)", StringComparison.Ordinal))];

        Assert.Equal(["1/2 c(1,2)_ab|13 c(1,2)_cd|24 V4_12 V4_34 x1"], both);
    }

    private static Expression Formula(MoveTerm term, IKernelProcess process)
    {
        var factors = new List<(IReadOnlyList<int>, Func<(TensorIndex First, TensorIndex Second)[], Expression>)>();
        foreach (MoveFactor factor in term.Factors) factors.Add((factor.Blocks, pairs => CumulantTensors.Component(pairs, factor.Cumulant.Loops)));
        return (Expression)term.Coefficient * MoveFormula.Write(term.Blocks, factors, term.External, process);
    }

    private static string[] Written(DepthForm form, int external, int loops) =>
        [.. MoveRoute.UpToLabels(Terms(form, external, loops)).Select(kind => $"{kind.First} x{kind.Count}")];

    private static System.Collections.Immutable.ImmutableArray<MoveTerm> Terms(DepthForm form, int external, int loops) => MoveRoute.Derive(
        DiagramGenerator.Generate(DiagramRequest.OneField(MoveRoute.GOnlyTheory(form, external + loops - 1), external, loops)), form);
}
