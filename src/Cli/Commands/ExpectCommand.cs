// symeft expect: one Gaussian expectation. A closed form is preferred where the program finds one; for one and two
// variables it is then checked against the certified quadrature, and the error bound is their distance plus the
// quadrature's own bound. If that check does not confirm twelve digits, the quadrature's number is given instead.

using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Numeric.Expectations;
using SymbolicEft.Symbolic.Expectations;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Lowering;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Cli.Commands;

/// <summary>symeft expect: a Gaussian expectation.</summary>
internal static class ExpectCommand
{
    private const double ClosedFormTarget = 1e-12;

    private sealed record Answer(double Value, double ErrorBound, string Method, string? ClosedForm);

    /// <summary>Builds the command.</summary>
    public static Command Build(CommandContext context, Action<int> exit)
    {
        var command = new Command("expect", "A Gaussian expectation E[EXPR] over x, y, z, w with covariance K.");
        var expression = new Argument<string>("EXPR") { Description = "an expression in x, y, z, w, such as tanh(x)*tanh(y)" };
        var kernel = new Option<string>("--kernel") { Description = "covariance K, such as 4.37 or [[1, .5], [.5, 1]]", Required = true, HelpName = "K" };
        var quadrature = new Option<string>("--quadrature") { Description = "certified, or gauss-hermite(m)", DefaultValueFactory = _ => "certified", HelpName = "Q" };
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
            Print(context.Output, chosen, Evaluate(body, Leading(covariance, variables), choice));
            exit(0);
        });
        return command;
    }

    private static Answer Evaluate(Expression body, double[,] kernel, QuadratureChoice choice)
    {
        int variables = kernel.GetLength(0);
        if (variables == 0)
            return new(body.Evaluate(new Dictionary<Expression, double>()), 0, "closed-form", body.ToString());
        if (choice.Nodes is { } nodes)
            return NodeSum(body, kernel, nodes);
        ClosedFormExpectation? closed = ClosedForm.TryFind(body, [.. ClosedForm.Variables.Take(variables)], ClosedForm.KernelEntry);
        CertifiedValue? integrated = null;
        string? problem = variables > 2 ? $"expectations of {variables} variables are taken in closed form only" : null;
        if (variables <= 2)
        {
            try
            {
                integrated = Integrate(body, kernel);
            }
            catch (Exception failure) when (closed is not null && failure is QuadratureException or NotSupportedException)
            {
                problem = failure.Message; // a delta, say, which only the closed form can take
            }
        }

        if (closed is null)
            return integrated is { } only ? new(only.Value, only.ErrorBound, "quadrature", null) : throw new InputException($"E[{body}] has no closed form that symeft knows, and {problem}.");
        double value = closed.Evaluate(kernel);
        if (integrated is not { } check)
            return new(value, ClosedFormTarget * Math.Abs(value), "closed-form", closed.ToString());
        double distance = Math.Abs(value - check.Value) + check.ErrorBound;
        return distance <= Math.Max(ClosedFormTarget * Math.Abs(value), check.ErrorBound * 2)
            ? new(value, distance, "closed-form", closed.ToString())
            : new(check.Value, check.ErrorBound, "quadrature", closed.ToString());
    }

    private static CertifiedValue Integrate(Expression body, double[,] kernel)
    {
        var quadrature = new CertifiedQuadrature();
        return kernel.GetLength(0) == 1
            ? quadrature.Expect(ScalarCompiler.Compile(body, ClosedForm.Variables[0]), kernel[0, 0], Breaks(body, 0), body.ToString())
            : quadrature.Expect(
                ScalarCompiler.Compile(body, ClosedForm.Variables[0], ClosedForm.Variables[1]), kernel[0, 0], kernel[0, 1], kernel[1, 1], Breaks(body, 0), Breaks(body, 1), body.ToString());
    }

    private static Answer NodeSum(Expression body, double[,] kernel, int nodes)
    {
        if (kernel.GetLength(0) > 2)
            throw new InputException($"--quadrature gauss-hermite({nodes}) is for one or two variables, and the expression has {kernel.GetLength(0)}; use certified.");
        var rule = new GaussHermiteQuadrature(nodes);
        var certified = new CertifiedQuadrature();
        MeasuredValue measured = kernel.GetLength(0) == 1
            ? rule.Measure(ScalarCompiler.Compile(body, ClosedForm.Variables[0]), kernel[0, 0], certified, Breaks(body, 0), body.ToString())
            : rule.Measure(
                ScalarCompiler.Compile(body, ClosedForm.Variables[0], ClosedForm.Variables[1]), kernel[0, 0], kernel[0, 1], kernel[1, 1], certified, Breaks(body, 0), Breaks(body, 1), body.ToString());
        return new(measured.Value, Math.Abs(measured.MeasuredError) + measured.Certified.ErrorBound, "quadrature", null);
    }

    // Points where the integrand is not smooth in one variable, whatever the others; kinks that mix variables are left to
    // the quadrature, which goes adaptive or refuses.
    private static double[] Breaks(Expression body, int variable)
    {
        var points = new SortedSet<double>();
        foreach (Expression node in body.Nodes())
        {
            if (node is not Call call || !call.Operands.ToArray().Any(operand => operand.Nodes().Contains(ClosedForm.Variables[variable])))
                continue;
            if (ClosedForm.Variables.Where((_, at) => at != variable).Any(other => call.Nodes().Contains(other)))
                continue;
            foreach (KinkPoint kink in Kinks.Find(call, ClosedForm.Variables[variable]))
                points.Add(kink.Value);
        }

        return [.. points];
    }

    private static void Print(TextWriter output, OutputFormat format, Answer answer)
    {
        string value = Text(answer.Value), bound = Text(answer.ErrorBound);
        switch (format)
        {
            case OutputFormat.Json:
                string closed = answer.ClosedForm is null ? "null" : JsonSerializer.Serialize(answer.ClosedForm, new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
                output.Write($"{{\"value\": {value}, \"errorBound\": {bound}, \"method\": \"{answer.Method}\", \"closedForm\": {closed}}}\n");
                break;
            case OutputFormat.Csv:
                output.Write($"value,errorBound,method,closedForm\n{value},{bound},{answer.Method},\"{answer.ClosedForm}\"\n");
                break;
            default:
                output.Write($"value        {value}\nerror bound  {answer.ErrorBound.ToString("0.0E-0", CultureInfo.InvariantCulture)}\nmethod       {answer.Method}\n");
                if (answer.ClosedForm is not null)
                    output.Write($"closed form  {answer.ClosedForm}\n");
                break;
        }
    }

    private static Expression Parse(string text)
    {
        try
        {
            return ExpressionParser.Parse(text, [.. ClosedForm.Variables.Select(variable => variable.Name)]);
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

    private static double[,] Leading(double[,] kernel, int size)
    {
        var leading = new double[size, size];
        for (int a = 0; a < size; a++)
        {
            for (int b = 0; b < size; b++)
                leading[a, b] = kernel[a, b];
        }

        return leading;
    }

    private static string GaussianName(int variable) => ClosedForm.Variables[variable].Name;

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
