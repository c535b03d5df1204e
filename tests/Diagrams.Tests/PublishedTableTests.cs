using SymbolicEft.Diagrams.Model;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Diagrams.Tests;

/// <summary>The acceptance table: counts and weights that two independent methods agreed on before this program existed.</summary>
public class PublishedTableTests
{
    public static TheoryData<string, string, int, int, long, string> Table()
    {
        var data = new TheoryData<string, string, int, int, long, string>();
        Row("2", "0", "1 4 34 / 1/2 15/8 315/16", "1 5 56 / 1 7/2 75/2", "3 52 / 3 83/2", "24 / 24");
        Row("all", "0", "1 8 125 / 1/2 13/4 172/3", "1 7 140 / 1 9/2 236/3", "3 88 / 3 64", "28 / 28");
        Row("2", "0,1", "1 7 111 / 1/2 29/8 68", "1 10 193 / 1 7 1059/8", "6 181 / 6 145", "/");
        Row("all", "all", "1 13 350 / 1/2 23/4 1043/6", "1 13 420 / 1 17/2 2987/12", "6 277 / 6 413/2", "91 / 91");
        return data;

        void Row(string drift, string noise, params string[] columns)
        {
            for (int external = 1; external <= columns.Length; external++)
            {
                string[] parts = columns[external - 1].Split(" / ", StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length < 2) continue;
                string[] counts = parts[0].Split(' ');
                string[] weights = parts[1].Split(' ');
                for (int i = 0; i < counts.Length; i++)
                    data.Add(drift, noise, external, external == 1 ? i + 1 : i, long.Parse(counts[i]), weights[i]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Counts_and_weights_are_the_published_ones(
        string drift, string noise, int external, int loops, long count, string weight)
    {
        DiagramRequest request = DiagramRequest.OneField(Theories.OneField(drift, noise), external, loops);

        DiagramCount counted = DiagramGenerator.Count(request);
        DiagramSet generated = DiagramGenerator.Generate(request);

        Assert.Equal(count, counted.Count);
        Assert.Equal(Rational.Parse(weight), counted.WeightedSum);
        Assert.Equal(count, generated.Diagrams.Length);
        Assert.Equal(count, generated.Diagrams.Select(diagram => diagram.Key).Distinct().Count());
        Assert.Equal(count, generated.Diagrams.Select(diagram => diagram.Id).Distinct().Count());
        Assert.Equal(Rational.Parse(weight), generated.WeightedSum);
        Assert.All(generated.Diagrams, diagram => Assert.Equal(loops, diagram.Loops));
    }

    [Fact]
    public void The_only_one_loop_diagram_of_the_mean_is_the_tadpole_with_weight_one_half()
    {
        DiagramSet set = DiagramGenerator.Generate(DiagramRequest.OneField(Theories.OneField("all", "all"), 1, 1));

        Diagram tadpole = Assert.Single(set.Diagrams);
        Assert.Equal("x0|(1,2) (2,0)|0>x0 1>0*2", tadpole.Key);
        Assert.Equal(Rational.Of(1, 2), tadpole.SymmetryFactor);
    }
}
