// Recursive descent over
//   sum     := '-'? product (('+' | '-') product)*
//   product := unary (('*' | '/') unary)*
//   unary   := ('-' | '+') unary | power
//   power   := atom ('^' unary)?                  so -x^2 is -(x^2), 2^-1 is allowed, and 2^3^2 is 2^(3^2)
//   atom    := number | name | name '(' sum (',' sum)* ')' | '(' sum ')' | '|' sum '|'   (bars where the dialect has them)
// A name is a variable the caller allows, a constant, or a function; anything else is an error with its position. In our own
// language there is no multiplication without a sign: erf(x) is never e*r*f*x, and 2x is an error. A dialect may have 2x, and
// sin^2(x); words of it that are no expression of ours (infinity, the imaginary unit) are refused by what they are there.

using System.Globalization;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Parsing;

/// <summary>Reads the plain-text syntax of expressions.</summary>
public static class ExpressionParser
{
    private const int DeepestNesting = 1000;

    /// <summary>Reads an expression in the given variables.</summary>
    /// <param name="text">The text, such as "x*(1+erf(x/sqrt(2)))/2".</param>
    /// <param name="variables">Names that are variables.</param>
    /// <exception cref="ExpressionSyntaxException">The text is not such an expression.</exception>
    public static Expression Parse(string text, params IReadOnlyCollection<string> variables) => Parse(text, Dialect.Own, variables);

    /// <summary>Reads an expression written in a dialect.</summary>
    /// <param name="text">The text.</param>
    /// <param name="dialect">What functions and constants are called.</param>
    /// <param name="variables">Names that are variables.</param>
    /// <exception cref="ExpressionSyntaxException">The text is not such an expression.</exception>
    public static Expression Parse(string text, Dialect dialect, params IReadOnlyCollection<string> variables)
    {
        var reader = new Reader(text, dialect, variables);
        Expression result = reader.Sum();
        reader.ExpectEnd();
        return result;
    }

    private sealed class Reader(string text, Dialect dialect, IReadOnlyCollection<string> variables)
    {
        private int _at;
        private int _depth;
        private int _signs;
        private int _powers;
        private int _powersEnd = -1;

        public void ExpectEnd()
        {
            SkipSpace();
            if (_at < text.Length)
                throw Error(text[_at] == ')' ? "a closing bracket without an opening one" : $"'{text[_at]}' where an operator or the end was expected{Instead()}");
        }

        public Expression Sum() => DeepRecursion.Call(static reader => reader.SumHere(), this);

        private Expression SumHere()
        {
            if (++_depth > DeepestNesting)
                throw Error($"more than {DeepestNesting} nested brackets");
            // A leading minus belongs to the whole product: -(a + b)/c is not (-a - b)/c as an object, though equal in value.
            List<Expression> terms = [Take('-') ? -ProductOfUnaries(signed: true) : ProductOfUnaries()];
            while (true)
            {
                if (Take('+'))
                    terms.Add(ProductOfUnaries());
                else if (Take('-'))
                    terms.Add(-ProductOfUnaries());
                else
                    break;
            }

            _depth--;
            return Expression.Add(terms);
        }

        private Expression ProductOfUnaries(bool signed = false)
        {
            List<Expression> factors = [signed ? Signed() : Unary()];
            while (true)
            {
                if (Take('*'))
                    factors.Add(Unary());
                else if (Take('/'))
                    factors.Add(InverseOfUnary());
                else if (dialect.SignsMayBeLeftOut && AtNameOrBracket())
                    factors.Add(PowerOfAtoms());
                else
                    return Expression.Multiply(factors);
            }
        }

        private bool AtNameOrBracket()
        {
            SkipSpace();
            return _at < text.Length && (char.IsAsciiLetter(text[_at]) || text[_at] == '(');
        }

        private Expression InverseOfUnary()
        {
            int start = _at;
            Expression divisor = Unary();
            return divisor.IsZero ? throw Error("a division by zero", start) : Power.Of(divisor, -1);
        }

        private Expression Unary()
        {
            if (++_signs > DeepestNesting)
                throw Error("too many signs or powers in a row");
            Expression result = Take('-') ? -Signed() : Take('+') ? Signed() : PowerOfAtoms();
            _signs--;
            return result;
        }

        private Expression Signed()
        {
            int start = _at - 1, powers = _powers;
            Expression result = Unary();
            return dialect.SignedPowersAreAmbiguous && _powers > powers && _powersEnd == _at
                ? throw Error("a sign before a power, which this language reads one way and prints another; write brackets", start)
                : result;
        }

        private Expression PowerOfAtoms()
        {
            Expression @base = Atom();
            int powers = _powers;
            Expression result = Take('^') ? RaisedPower(@base) : @base;
            if (!ReferenceEquals(result, @base))
                (_powers, _powersEnd) = (powers + 1, _at);
            return result;
        }

        private Expression RaisedPower(Expression @base)
        {
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
            if (dialect.IsWord(c))
                return Name(c.ToString(), _at++);
            if (c == '|' && dialect.BarsAreAbsolute)
                return AbsoluteValue();
            if (!Take('('))
                throw Error($"'{c}' where a number, a name or a bracket was expected{Instead()}");
            int opened = _at - 1;
            Expression inner = Bracketed();
            return Take(')') ? inner : throw Error("a bracket that is never closed", opened);
        }

        // A sum inside brackets starts a row of signs of its own.
        private Expression Bracketed()
        {
            int signs = _signs;
            _signs = 0;
            Expression inner = Sum();
            _signs = signs;
            return inner;
        }

        private Expression AbsoluteValue()
        {
            int opened = _at++;
            Expression inner = Bracketed();
            return Take('|') ? dialect.Apply("abs", [inner]) : throw Error("a bar that is never closed", opened);
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
            int power = dialect.FunctionsTakePowers && dialect.ArityOf(name) is not null && !variables.Contains(name) ? PowerOfFunction() : 1;
            SkipSpace();
            bool called = _at < text.Length && text[_at] == '(';
            bool isFactor = called && dialect.SignsMayBeLeftOut && (variables.Contains(name) || dialect.ConstantNamed(name) is not null);
            return called && !isFactor ? Call(name, start).Pow(power) : Name(name, start);
        }

        // The 2 of sin^2(x); 1, and nothing read, where there is none.
        private int PowerOfFunction()
        {
            int start = _at;
            if (Take('^'))
            {
                SkipSpace();
                int digits = _at;
                while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                    _at++;
                if (int.TryParse(text.AsSpan(digits, _at - digits), NumberStyles.None, CultureInfo.InvariantCulture, out int power))
                    return power;
            }

            _at = start;
            return 1;
        }

        private Expression Name(string name, int start)
        {
            if (dialect.OtherWords.TryGetValue(name, out string? meaning))
                throw Error($"'{name}', which is {meaning}", start);
            if (variables.Contains(name))
                return Symbol.Of(name);
            if (dialect.ConstantNamed(name) is { } constant)
                return constant;
            if (dialect.ArityOf(name) is { } arity)
                throw Error($"the function '{name}' without its argument; write {Example(name, arity)}{(_at < text.Length && text[_at] == '^' ? "^2 for a power of it" : "")}", start);
            throw Error($"the unknown name '{name}'{Meant(name)}; {VariablesAndFunctions()}", start);
        }

        private Expression Call(string name, int start)
        {
            if (dialect.ArityOf(name) is not { } arity)
            {
                throw Error(
                    variables.Contains(name) || dialect.ConstantNamed(name) is not null
                        ? $"'{name}' used as a function; write {name}*(...) for a product"
                        : dialect.Elsewhere(name) is { } written ? $"the unknown function '{name}'; write {written}" : $"the unknown function '{name}'{Meant(name)}; {VariablesAndFunctions()}",
                    start);
            }

            int opened = _at;
            Take('(');
            SkipSpace();
            if (_at < text.Length && text[_at] == ')')
                throw Error($"the function '{name}' without its argument; write {Example(name, arity)}", start);
            List<Expression> arguments = [Bracketed()];
            while (Take(','))
                arguments.Add(Bracketed());
            if (!Take(')'))
            {
                SkipSpace();
                throw _at < text.Length
                    ? Error($"'{text[_at]}' where an operator, a comma or the closing bracket of '{name}' was expected")
                    : Error($"a bracket of '{name}' that is never closed", opened);
            }

            if (arguments.Count != arity && arguments.Count != dialect.OtherArityOf(name))
                throw Error($"'{name}' with {Count(arguments.Count)}, which takes {(arity == 1 ? "one" : Count(arity))}; write {Example(name, arity)}", start);
            try
            {
                return dialect.Apply(name, [.. arguments]);
            }
            catch (DivideByZeroException)
            {
                throw Error("a division by zero", start);
            }
            catch (ArgumentException refusal)
            {
                throw Error($"'{name}' with a wrong parameter: {refusal.Message.TrimEnd('.')}", start);
            }
        }

        // What the sign at hand is written as here, for those that other languages and print have.
        private string Instead()
        {
            char sign = text[_at];
            int end = _at;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
                end++;
            string word = text[_at..end];
            bool isFactor = sign == '(' || variables.Contains(word) || dialect.ConstantNamed(word) is not null || dialect.ArityOf(word) is not null || dialect.IsWord(sign);
            return sign switch
            {
                '*' when _at > 0 && text[_at - 1] == '*' => "; a power is written ^",
                '−' or '–' => "; a minus is written -",
                '·' or '×' or '⋅' => "; a product is written *",
                '²' or '³' => $"; write ^{(sign == '²' ? 2 : 3)}",
                '√' => "; write sqrt(x)",
                '|' => "; write abs(x)",
                ',' when _at > 0 && char.IsAsciiDigit(text[_at - 1]) => "; decimals have a point, such as 0.5",
                _ => isFactor && _at > 0 ? "; a product is written with *" : "",
            };
        }

        private static string Count(int arguments) => $"{arguments.ToString(CultureInfo.InvariantCulture)} argument{(arguments == 1 ? "" : "s")}";

        private static string Example(string name, int arity) =>
            $"{name}({string.Join(", ", ((string[])["x", "y", "z"])[..arity])})";

        private string Meant(string name) =>
            Spelling.Nearest(name, [.. variables, .. dialect.ConstantNames, .. dialect.FunctionNames]) is { } near ? $" (did you mean '{near}'?)" : "";

        private string VariablesAndFunctions() =>
            $"{(variables.Count == 0 ? "there are no variables" : $"the variables are {string.Join(", ", variables)}")}, the functions {string.Join(", ", dialect.CommonFunctionNames)}";

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
