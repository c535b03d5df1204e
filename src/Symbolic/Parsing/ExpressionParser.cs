// Recursive descent over
//   sum     := product (('+' | '-') product)*
//   product := unary (('*' | '/') unary)*
//   unary   := ('-' | '+') unary | power
//   power   := atom ('^' unary)?                  so -x^2 is -(x^2) and 2^-1 is allowed
//   atom    := number | name | name '(' sum (',' sum)* ')' | '(' sum ')'
// A name is a variable the caller allows, a constant, or a function; anything else is an error with its position.

using System.Globalization;
using SymbolicEft.Symbolic.Expressions;
using SymbolicEft.Symbolic.Functions;

namespace SymbolicEft.Symbolic.Parsing;

/// <summary>Reads the plain-text syntax of expressions.</summary>
public static class ExpressionParser
{
    private const int DeepestNesting = 200;

    /// <summary>Reads an expression in the given variables.</summary>
    /// <param name="text">The text, such as "x*(1+erf(x/sqrt(2)))/2".</param>
    /// <param name="variables">Names that are variables.</param>
    /// <exception cref="ExpressionSyntaxException">The text is not such an expression.</exception>
    public static Expression Parse(string text, params IReadOnlyCollection<string> variables)
    {
        var reader = new Reader(text, variables);
        Expression result = reader.Sum();
        reader.ExpectEnd();
        return result;
    }

    private sealed class Reader(string text, IReadOnlyCollection<string> variables)
    {
        private int _at;
        private int _depth;

        public void ExpectEnd()
        {
            SkipSpace();
            if (_at < text.Length)
                throw Error(text[_at] == ')' ? "a closing bracket without an opening one" : $"'{text[_at]}' where an operator or the end was expected");
        }

        public Expression Sum()
        {
            if (++_depth > DeepestNesting)
                throw Error($"more than {DeepestNesting} nested brackets");
            Expression result = ProductOfUnaries();
            while (true)
            {
                if (Take('+'))
                    result += ProductOfUnaries();
                else if (Take('-'))
                    result -= ProductOfUnaries();
                else
                    break;
            }

            _depth--;
            return result;
        }

        private Expression ProductOfUnaries()
        {
            Expression result = Unary();
            while (true)
            {
                if (Take('*'))
                    result *= Unary();
                else if (Take('/'))
                    result = Divide(result);
                else
                    return result;
            }
        }

        private Expression Divide(Expression dividend)
        {
            int start = _at;
            Expression divisor = Unary();
            return divisor.IsZero ? throw Error("a division by zero", start) : dividend / divisor;
        }

        private Expression Unary()
        {
            if (++_depth > 4 * DeepestNesting)
                throw Error("too many signs or powers in a row");
            Expression result = Take('-') ? -Unary() : Take('+') ? Unary() : PowerOfAtoms();
            _depth--;
            return result;
        }

        private Expression PowerOfAtoms()
        {
            Expression @base = Atom();
            if (!Take('^'))
                return @base;
            int start = _at;
            Expression exponent = Unary();
            if (@base.IsZero && exponent is Number { Value.Sign: < 0 })
                throw Error("a division by zero", start);
            return Power.Of(@base, exponent);
        }

        private Expression Atom()
        {
            SkipSpace();
            if (_at >= text.Length)
                throw Error("the end where a number, a name or a bracket was expected");
            char c = text[_at];
            if (char.IsAsciiDigit(c) || c == '.')
                return ReadNumber();
            if (char.IsAsciiLetter(c) || c == '_')
                return NameOrCall();
            if (!Take('('))
                throw Error($"'{c}' where a number, a name or a bracket was expected");
            int opened = _at - 1;
            Expression inner = Sum();
            return Take(')') ? inner : throw Error("a bracket that is never closed", opened);
        }

        private Expression ReadNumber()
        {
            int start = _at;
            while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.'))
                _at++;
            if (_at + 1 < text.Length && text[_at] is 'e' or 'E'
                && (char.IsAsciiDigit(text[_at + 1]) || (text[_at + 1] is '+' or '-' && _at + 2 < text.Length && char.IsAsciiDigit(text[_at + 2]))))
            {
                _at += 2;
                while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                    _at++;
            }

            string literal = text[start.._at];
            return Rational.TryParse(literal, out Rational value) ? value : throw Error($"'{literal}', which is not a number", start);
        }

        private Expression NameOrCall()
        {
            int start = _at;
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
                _at++;
            string name = text[start.._at];
            SkipSpace();
            bool called = _at < text.Length && text[_at] == '(';
            if (!called)
            {
                if (variables.Contains(name))
                    return Symbol.Of(name);
                return name switch
                {
                    "pi" => Constant.Pi,
                    "e" => Expression.Apply(ElementaryFunctions.Exp, 1),
                    _ when IsFunction(name) => throw Error($"the function '{name}' without its argument; write {name}(x)", start),
                    _ => throw Error($"the unknown name '{name}'; the variables are {string.Join(", ", variables)}, the functions {string.Join(", ", ElementaryFunctions.All.Keys)}, sqrt", start),
                };
            }

            if (!IsFunction(name))
                throw Error(variables.Contains(name) ? $"the variable '{name}' used as a function; write {name}*(...) for a product" : $"the unknown function '{name}'; known are {string.Join(", ", ElementaryFunctions.All.Keys)}, sqrt", start);
            int opened = _at;
            Take('(');
            SkipSpace();
            if (_at < text.Length && text[_at] == ')')
                throw Error($"the function '{name}' without its argument; write {name}(x)", start);
            List<Expression> arguments = [Sum()];
            while (Take(','))
                arguments.Add(Sum());
            if (!Take(')'))
                throw Error("a bracket that is never closed", opened);
            if (arguments.Count != 1)
                throw Error($"{arguments.Count.ToString(CultureInfo.InvariantCulture)} arguments for '{name}', which takes one", start);
            return name == "sqrt" ? Power.Of(arguments[0], Expression.Half) : Expression.Apply(ElementaryFunctions.All[name], arguments[0]);
        }

        private static bool IsFunction(string name) => name == "sqrt" || ElementaryFunctions.All.ContainsKey(name);

        private bool Take(char wanted)
        {
            SkipSpace();
            if (_at >= text.Length || text[_at] != wanted)
                return false;
            _at++;
            return true;
        }

        private void SkipSpace()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
                _at++;
        }

        private ExpressionSyntaxException Error(string found, int? at = null)
        {
            int position = at ?? _at;
            return new($"At character {(position + 1).ToString(CultureInfo.InvariantCulture)} of '{text}' there is {found}.", position);
        }
    }
}
