// symeft expect: one Gaussian expectation, as GaussianExpectation finds it, for people and for programs.

using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SymbolicEft.Cli.Output;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft expect: a Gaussian expectation.</summary>
internal static class ExpectCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("expect", "A Gaussian expectation E[EXPR] over x, y, z, w with covariance K.");
        var expression = new Argument<string>("EXPR") { Description = "an expression in x, y, z, w, such as tanh(x)*tanh(y)" };
        var kernel = new Option<string>("--kernel") { Description = "covariance K, such as 4.37 or [[1, .5], [.5, 1]]", Required = true, HelpName = "K" };
        var quadrature = new Option<string>("--quadrature") { Description = SpecificationFields.QuadratureChoices, DefaultValueFactory = _ => "certified", HelpName = "Q" };
        Option<string> format = FormatOption.Create();
        command.Arguments.Add(expression);
        command.Options.Add(kernel);
        command.Options.Add(quadrature);
        command.Options.Add(format);
        command.SetAction(parsed =>
        {
            OutputFormat chosen = FormatOption.Read(parsed, format);
            Expression body = Parse(parsed.GetValue(expression)!);
            double[,] covariance = SpecificationReader.ReadKernel(parsed.GetValue(kernel)!);
            QuadratureChoice choice = SpecificationReader.ReadQuadrature(parsed.GetValue(quadrature)!);
            int variables = VariablesIn(body);
            if (variables > covariance.GetLength(0))
                throw new InputException($"The expression uses {GaussianName(variables - 1)} and --kernel is {covariance.GetLength(0)} x {covariance.GetLength(0)}; give a covariance for all of {string.Join(", ", Enumerable.Range(0, variables).Select(GaussianName))}.");
            Print(context.Output, chosen, LongWork.Run(context, () => "integrating", () => Evaluate(body, covariance, choice)));
            exit(0);
        });
        return command;
    }

    private static ExpectationResult Evaluate(Expression body, double[,] kernel, QuadratureChoice choice)
    {
        try
        {
            return choice.Nodes is { } nodes ? GaussianExpectation.NodeSum(body, kernel, nodes) : GaussianExpectation.Evaluate(body, kernel, choice.IsEstimated);
        }
        catch (NotSupportedException refusal)
        {
            throw new InputException(refusal.Message);
        }
    }

    private static void Print(TextWriter output, OutputFormat format, ExpectationResult answer)
    {
        string value = Text(answer.Value), bound = Text(answer.ErrorBound), method = answer.IsClosedForm ? "closed-form" : answer.IsProved ? "quadrature" : "estimate";
        switch (format)
        {
            case OutputFormat.Json:
                string closed = answer.ClosedForm is null ? "null" : JsonSerializer.Serialize(answer.ClosedForm, new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
                output.Write($"{{\"value\": {value}, \"errorBound\": {bound}, \"method\": \"{method}\", \"closedForm\": {closed}}}\n");
                break;
            case OutputFormat.Csv:
                output.Write($"value,errorBound,method,closedForm\n{value},{bound},{method},\"{answer.ClosedForm}\"\n");
                break;
            default:
                output.Write($"value        {value}\nerror bound  {answer.ErrorBound.ToString("0.0E-0", CultureInfo.InvariantCulture)}\nmethod       {method}\n");
                if (answer.ClosedForm is not null)
                    output.Write($"closed form  {answer.ClosedForm}\n");
                break;
        }
    }

    private static Expression Parse(string text)
    {
        try
        {
            return GaussianExpectation.Parse(text);
        }
        catch (ExpressionSyntaxException problem)
        {
            throw new InputException($"The expression is wrong: {problem.Message}");
        }
    }

    private static int VariablesIn(Expression body)
    {
        IReadOnlyList<Expression> nodes = body.Nodes();
        int count = 0;
        for (int at = 0; at < ClosedForm.Variables.Count; at++)
        {
            if (nodes.Contains(ClosedForm.Variables[at]))
                count = at + 1;
        }

        return count;
    }

    private static string GaussianName(int variable) => ClosedForm.Variables[variable].Name;

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
