#!/usr/bin/python3
"""Thirty-digit expectations of products of functions of three and four Gaussian variables, written to products.json.

Needs mpmath (Debian: python3-mpmath). The kernels are those of two common factors, x_i = a_i t_1 + b_i t_2 + s_i e_i with
independent standard normals, so that given (t_1, t_2) the variables are independent:

    E[f_1(x_1) ... f_n(x_n)] = E_t[ g_1(m_1) ... g_n(m_n) ],   m_i = a_i t_1 + b_i t_2,   g_i(m) = E[f_i(m + s_i e)].

g of a function with a kink is a textbook formula, the others are integrated by the trapezoid rule, and so is t: everything
is entire or has its poles far out. a, b and s are multiples of 1/64, so that all arguments lie on one lattice and K_ij is a
double exactly. Each value is computed with two steps, 1/8 and 1/10 (1/16 and 1/20 where a kink is smoothed over 1/8 only), which
must agree to 28 digits. No Hermite polynomial and no canonical coordinate occurs: nothing is shared with the program.

Run:  /usr/bin/python3 make_products.py      (a few minutes)
"""
import json
from fractions import Fraction
from mpmath import mp, mpf, exp, sqrt, pi, tanh, sin, erfc, log1p, fdot, nstr

mp.dps = 38
REACH = 13


def density(z):
    return exp(-z * z / 2) / sqrt(2 * pi)


def Phi(x):
    return erfc(-x / sqrt(2)) / 2


def sigmoid(x):
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


SMOOTH = {
    "tanh": tanh,
    "sigmoid": sigmoid,
    "silu": lambda x: x * sigmoid(x),
    "softplus": lambda x: (x if x > 0 else mpf(0)) + log1p(exp(-abs(x))),
    "x": lambda x: x,
    "square": lambda x: x * x,
    "gaussian": lambda x: exp(-x * x),
    "tanh_squared": lambda x: tanh(x) ** 2,
}

# E[f(m + s e)] in closed form.
KINKED = {
    "relu": lambda m, s: m * Phi(m / s) + s * density(m / s),
    "abs": lambda m, s: m * (Phi(m / s) - Phi(-m / s)) + 2 * s * density(m / s),
    "step": lambda m, s: Phi(m / s),
    "sign": lambda m, s: Phi(m / s) - Phi(-m / s),
}

CASES = [
    # functions, loadings a (in 64ths), loadings b, widths s
    (["tanh", "tanh", "tanh", "tanh"], [40, -24, 48, 16], [16, 40, -8, 32], [48, 56, 40, 64]),
    (["tanh", "x", "relu"], [40, 32, 56], [0, 24, -16], [48, 64, 32]),
    (["silu", "sigmoid", "relu"], [48, 40, 24], [-16, 8, 32], [40, 48, 40]),
    (["relu", "relu", "relu", "relu"], [40, 40, 40, 40], [0, 0, 0, 0], [48, 48, 48, 48]),
    (["relu", "silu", "abs", "tanh"], [32, 48, -24, 40], [24, 8, 40, -16], [40, 40, 48, 56]),
    (["step", "sign", "tanh", "x"], [40, 24, 56, 32], [8, 32, -16, 24], [40, 56, 32, 48]),
    (["softplus", "softplus", "softplus"], [128, 96, 112], [32, -64, 16], [96, 64, 80]),
    (["gaussian", "tanh", "x", "square"], [32, 48, 40, 16], [8, -16, 24, 40], [48, 40, 32, 56]),
    (["tanh_squared", "relu", "step"], [56, 48, 64], [16, -24, 8], [32, 40, 24]),
    # inputs that nearly determine each other
    (["tanh", "tanh", "tanh"], [64, 64, 64], [0, 0, 0], [2, 2, 2]),
    (["tanh", "relu", "sigmoid"], [64, 72, -56], [8, 4, 12], [8, 8, 8]),
    (["tanh", "tanh", "relu", "relu"], [64, 64, 16, 16], [0, 0, 56, 56], [8, 8, 8, 8]),
    (["tanh", "silu", "tanh", "x"], [64, 60, 68, 56], [0, 8, 4, -4], [12, 12, 16, 12]),
]


class Grid:
    def __init__(self, per_unit):
        self.per_unit = per_unit
        self.count = REACH * per_unit
        self.weights = [density(mpf(k) / per_unit) / per_unit for k in range(-self.count, self.count + 1)]
        self.tables = {}

    def value(self, name, at):
        """f at at/(64 per_unit)."""
        table = self.tables.setdefault(name, {})
        if at not in table:
            table[at] = SMOOTH[name](mpf(at) / (64 * self.per_unit))
        return table[at]

    def conditional(self, name, mean, width, known):
        """g at the mean mean/(64 per_unit), width in 64ths."""
        if mean not in known:
            if name in KINKED:
                known[mean] = KINKED[name](mpf(mean) / (64 * self.per_unit), mpf(width) / 64)
            else:
                known[mean] = fdot(self.weights, [self.value(name, mean + width * k) for k in range(-self.count, self.count + 1)])
        return known[mean]

    def expect(self, functions, a, b, s):
        known = [{} for _ in functions]
        total = mpf(0)
        second = range(-self.count, self.count + 1) if any(b) else [0]
        for k in range(-self.count, self.count + 1):
            row = mpf(0)
            for l in second:
                product = self.weights[l + self.count] if any(b) else mpf(1)
                if product < mpf(10) ** -34:
                    continue
                for i, name in enumerate(functions):
                    product *= self.conditional(name, a[i] * k + b[i] * l, s[i], known[i])
                row += product
            total += self.weights[k + self.count] * row
        return total


def main():
    grids = {per_unit: Grid(per_unit) for per_unit in (8, 10, 16, 20)}
    entries = []
    for functions, a, b, s in CASES:
        narrow = any(name in KINKED and s[i] <= 8 for i, name in enumerate(functions))
        fine, coarse = (grids[20], grids[16]) if narrow else (grids[10], grids[8])
        value, check = fine.expect(functions, a, b, s), coarse.expect(functions, a, b, s)
        assert abs(value - check) < mpf(10) ** -28 * max(abs(value), mpf(10) ** -2), (functions, value, check)
        n = len(functions)
        kernel = [[float(Fraction(a[i] * a[j] + b[i] * b[j] + (s[i] ** 2 if i == j else 0), 4096)) for j in range(n)] for i in range(n)]
        entries.append({"functions": functions, "kernel": kernel, "value": nstr(value, 30)})
        print(functions, nstr(value, 20), flush=True)
    with open("products.json", "w") as file:
        json.dump(entries, file, indent=1)
        file.write("\n")


main()
