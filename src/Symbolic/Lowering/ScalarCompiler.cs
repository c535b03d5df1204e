using System.Linq.Expressions;
using SymbolicEft.Symbolic.Expressions;
using Linq = System.Linq.Expressions.Expression;
using SymbolicExpression = SymbolicEft.Symbolic.Expressions.Expression;

namespace SymbolicEft.Symbolic.Lowering;

/// <summary>
/// Compiles expressions in scalar variables to delegates, by <see cref="LinqLowering"/>. NaN and infinity come out as from
/// <see cref="Calculus.Evaluate"/>; values agree with it to rounding. The delegates have no state and may be called from
/// any thread.
/// </summary>
public static class ScalarCompiler
{
    // The runtime refuses a method of some hundred thousand instructions, and takes long over one that is nearly as long.
    private const int MostNodesOfMethod = 3_000, AssignmentsOfMethod = 25;

    /// <summary>The value of the expression as a function of one variable.</summary>
    /// <exception cref="NotSupportedException">The expression contains something that has no value, such as another symbol.</exception>
    public static Func<double, double> Compile(SymbolicExpression expression, Symbol variable)
    {
        ParameterExpression x = Linq.Parameter(typeof(double), variable.Name);
        var lowering = new LinqLowering([expression], node => ReferenceEquals(node, variable) ? x : null);
        Linq value = lowering.Lower(expression);
        if (lowering.Nodes > MostNodesOfMethod)
        {
            (Func<double[], double, double, double> run, int size) = InPieces(lowering, value, x);
            return at => run(new double[size], at, 0);
        }

        return Linq.Lambda<Func<double, double>>(Linq.Block(lowering.Locals, [.. lowering.Assignments, value]), x).Compile();
    }

    /// <summary>The value of the expression as a function of two variables.</summary>
    /// <exception cref="NotSupportedException">The expression contains something that has no value, such as another symbol.</exception>
    public static Func<double, double, double> Compile(SymbolicExpression expression, Symbol first, Symbol second)
    {
        ParameterExpression x = Linq.Parameter(typeof(double), first.Name), y = Linq.Parameter(typeof(double), second.Name);
        var lowering = new LinqLowering([expression], node => ReferenceEquals(node, first) ? x : ReferenceEquals(node, second) ? y : null);
        Linq value = lowering.Lower(expression);
        if (lowering.Nodes > MostNodesOfMethod)
        {
            (Func<double[], double, double, double> run, int size) = InPieces(lowering, value, x, y);
            return (a, b) => run(new double[size], a, b);
        }

        return Linq.Lambda<Func<double, double, double>>(Linq.Block(lowering.Locals, [.. lowering.Assignments, value]), x, y).Compile();
    }

    /// <summary>
    /// Several expressions of any number of variables at once, common parts computed once: given the values of the
    /// variables in order, fills the values of the expressions in order.
    /// </summary>
    /// <exception cref="NotSupportedException">An expression contains something that has no value, such as another symbol.</exception>
    public static Action<double[], double[]> CompileMany(IReadOnlyList<SymbolicExpression> expressions, IReadOnlyList<SymbolicExpression> variables)
    {
        ParameterExpression input = Linq.Parameter(typeof(double[]), "input"), output = Linq.Parameter(typeof(double[]), "output");
        var atoms = new Dictionary<SymbolicExpression, Linq>(ReferenceEqualityComparer.Instance);
        for (int at = 0; at < variables.Count; at++)
            atoms[variables[at]] = Linq.ArrayIndex(input, Linq.Constant(at));
        var lowering = new LinqLowering(expressions, node => atoms.GetValueOrDefault(node));
        var stores = new List<Linq>();
        for (int at = 0; at < expressions.Count; at++)
            stores.Add(Linq.Assign(Linq.ArrayAccess(output, Linq.Constant(at)), lowering.Lower(expressions[at])));
        Linq body = Linq.Block(lowering.Locals, [.. lowering.Assignments, .. stores, Linq.Empty()]);
        return Linq.Lambda<Action<double[], double[]>>(body, input, output).Compile();
    }

    // As many methods as it takes, which hand their locals on in an array: its first elements are the variables.
    private static (Func<double[], double, double, double> Run, int Size) InPieces(LinqLowering lowering, Linq value, params ParameterExpression[] variables)
    {
        ParameterExpression store = Linq.Parameter(typeof(double[]), "store");
        var slots = new InStore(store, [.. variables, .. lowering.Locals]);
        Action<double[]>[] pieces =
        [
            .. lowering.Assignments.Chunk(AssignmentsOfMethod)
                .Select(piece => Linq.Lambda<Action<double[]>>(Linq.Block(typeof(void), piece.Select(slots.Visit)!), store).Compile()),
        ];
        Func<double[], double> last = Linq.Lambda<Func<double[], double>>(slots.Visit(value), store).Compile();
        bool hasTwo = variables.Length > 1;
        return (
            (values, x, y) =>
            {
                values[0] = x;
                if (hasTwo)
                    values[1] = y;
                foreach (Action<double[]> piece in pieces)
                    piece(values);
                return last(values);
            },
            variables.Length + lowering.Locals.Count);
    }

    private sealed class InStore(ParameterExpression store, IReadOnlyList<ParameterExpression> locals) : ExpressionVisitor
    {
        private readonly Dictionary<ParameterExpression, int> _places = locals.Select((local, at) => (local, at)).ToDictionary(each => each.local, each => each.at);

        protected override Linq VisitParameter(ParameterExpression node) =>
            _places.TryGetValue(node, out int at) ? Linq.ArrayAccess(store, Linq.Constant(at)) : node;
    }
}
