"""Writes random expressions of proven_expectations.txt as C functions for acb_calc_integrate, with a polynomial that bounds each.

f(x) is evaluated on rectangles of the complex plane; where `analytic` is set, a function with a cut or a kink becomes not finite on a rectangle
that meets it. The bound |f(x)| <= sum_k b_k |x|^k has coefficients that are not negative: a sum adds, a product multiplies, a bounded function
is a constant, and relu, abs, arsinh, softplus grow no faster than their argument.
"""
import ast
from fractions import Fraction

BOUNDED = {"tanh": 1, "erf": 1, "sin": 1, "cos": 1, "arctan": 2, "logistic": 1, "Phi": 1, "step": 1, "sign": 1}
GROWING = {"relu": 0, "abs": 0, "arsinh": 0, "softplus": 1}


def times(a, b):
    result = [Fraction(0)] * (len(a) + len(b) - 1)
    for i, p in enumerate(a):
        for j, q in enumerate(b):
            result[i + j] += p * q
    return result


def plus(a, b):
    n = max(len(a), len(b))
    return [(a[k] if k < len(a) else 0) + (b[k] if k < len(b) else 0) for k in range(n)]


def at_most_one(node):
    """True of exp(-u^2) and 1/(1 + u^2)."""
    square = lambda u: isinstance(u, ast.BinOp) and isinstance(u.op, ast.Pow)
    if isinstance(node, ast.Call) and node.func.id == "exp":
        argument = node.args[0]
        return isinstance(argument, ast.UnaryOp) and isinstance(argument.op, ast.USub) and square(argument.operand)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return isinstance(node.left, ast.Constant) and node.left.value == 1 and isinstance(node.right, ast.BinOp) and isinstance(node.right.op, ast.Add) and square(node.right.right)
    return False


class Writer:
    def __init__(self, numbers):
        self.lines, self.count, self.numbers = [], 0, numbers

    def new(self, call, *operands):
        place = self.count
        self.count += 1
        self.lines.append(call.format("t + %d" % place, *operands))
        return "t + %d" % place

    def number(self, text):
        return "numbers + %d" % self.numbers.setdefault(text, len(self.numbers))

    def write(self, node):
        """The place of a node's value, and its bound."""
        if isinstance(node, ast.Name):
            return "x", [Fraction(0), Fraction(1)]
        if isinstance(node, ast.Constant):
            text = str(node.value)
            return self.new("acb_set_arb({}, {});", self.number(text)), [Fraction(text)]
        if isinstance(node, ast.UnaryOp):
            place, bound = self.write(node.operand)
            return self.new("acb_neg({}, {});", place), bound
        if isinstance(node, ast.Call):
            place, bound = self.write(node.args[0])
            name = node.func.id
            result = self.new("f_%s({}, {}, analytic, prec);" % name, place)
            if name == "exp":
                assert at_most_one(node)
                return result, [Fraction(1)]
            return result, [Fraction(BOUNDED[name])] if name in BOUNDED else plus(bound, [Fraction(GROWING[name])])
        (left, one), (right, other) = self.write(node.left), (None, None) if isinstance(node.op, ast.Pow) else self.write(node.right)
        if isinstance(node.op, ast.Pow):
            assert node.right.value == 2
            return self.new("f_square({}, {}, analytic, prec);", left), times(one, one)
        if isinstance(node.op, ast.Add):
            return self.new("acb_add({}, {}, {}, prec);", left, right), plus(one, other)
        if isinstance(node.op, ast.Mult):
            return self.new("acb_mul({}, {}, {}, prec);", left, right), times(one, other)
        assert at_most_one(node)
        return self.new("acb_div({}, {}, {}, prec);", left, right), [Fraction(1)]


def write(expressions):
    """The C source: one function for each (text, variance), and the table of them."""
    numbers, functions, rows = {}, [], []
    for n, (text, variance) in enumerate(expressions):
        writer = Writer(numbers)
        result, bound = writer.write(ast.parse(text.replace("^", "**"), mode="eval").body)
        body = "\n    ".join(writer.lines)
        functions.append(f"""static void f{n}(acb_t result, const acb_t x, int analytic, slong prec)
{{
    acb_ptr t = _acb_vec_init({max(1, writer.count)});
    {body}
    acb_set(result, {result});
    _acb_vec_clear(t, {max(1, writer.count)});
}}
""")
        coefficients = ", ".join(f'"{coefficient.numerator}/{coefficient.denominator}"' for coefficient in bound)
        rows.append(f'    {{ f{n}, "{variance}", {len(bound)}, {{ {coefficients} }} }},')
    names = ",\n    ".join(f'"{text}"' for text in numbers)
    return (f"#define NUMBERS {len(numbers)}\nstatic const char *number_texts[] = {{\n    {names}\n}};\nstatic arb_struct numbers[NUMBERS];\n\n"
            + "\n".join(functions) + "\nstatic const integrand integrands[] = {\n" + "\n".join(rows) + "\n};\n")
