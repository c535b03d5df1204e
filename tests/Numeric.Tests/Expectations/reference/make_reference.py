#!/usr/bin/python3
"""Thirty-digit Gaussian expectations, written to expectations.json. Needs mpmath (Debian: python3-mpmath).

Closed forms where textbooks have them (arcsine law for erf and sign, arc-cosine kernels for relu and |x|, characteristic
functions for sin and exp); otherwise composite Gauss-Legendre at 36 digits, 30 nodes a panel, checked against 36 nodes.
Every kernel entry is the double that the number in the file reads back to.

Run:  /usr/bin/python3 make_reference.py        (a few minutes)
"""
import json
import sys
from mpmath import mp, mpf, exp, sqrt, pi, tanh, erf, sin, cos, asin, acos, log, log1p, nstr

mp.dps = 36


def density(z):
    return exp(-z * z / 2) / sqrt(2 * pi)


def rule(n):
    """Gauss-Legendre on [-1, 1] by Newton on Legendre's recursion."""
    nodes = []
    for k in range(n):
        x = cos(pi * (k + mpf(3) / 4) / (n + mpf(1) / 2))
        for _ in range(50):
            p0, p1 = mpf(1), x
            for m in range(2, n + 1):
                p0, p1 = p1, ((2 * m - 1) * x * p1 - (m - 1) * p0) / m
            slope = n * (x * p1 - p0) / (x * x - 1)
            step = p1 / slope
            x -= step
            if abs(step) < mpf(10) ** (-34):
                break
        nodes.append((x, 2 / ((1 - x * x) * slope ** 2)))
    return nodes


RULES = {n: rule(n) for n in (30, 36)}


def grid(n, width, reach=13):
    """Nodes and weights against the Gaussian on [-reach, reach], panels no wider than width."""
    panels = int(mp.ceil(2 * reach / width))
    half = mpf(reach) / panels
    result = []
    for p in range(panels):
        middle = -reach + (2 * p + 1) * half
        for x, w in RULES[n]:
            z = middle + half * x
            result.append((z, half * w * density(z)))
    return result


def sigmoid(x):
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))


def phi(x):
    return density(x)


def Phi(x):
    return mp.erfc(-x / sqrt(2)) / 2


def tanh_d(x, k):
    t = tanh(x)
    return [t, 1 - t * t, -2 * t * (1 - t * t)][k]


def sigmoid_d(x, k):
    s = sigmoid(x)
    return [s, s * (1 - s), s * (1 - s) * (1 - 2 * s), s * (1 - s) * (1 - 6 * s + 6 * s * s)][k]


def softplus_d(x, k):
    return (max(x, mpf(0)) + log1p(exp(-abs(x)))) if k == 0 else sigmoid_d(x, k - 1)


def silu_d(x, k):
    return x * sigmoid_d(x, k) + (k * sigmoid_d(x, k - 1) if k else 0)


def gelu_d(x, k):
    return [lambda: x * Phi(x), lambda: Phi(x) + x * phi(x), lambda: (2 - x * x) * phi(x)][k]()


def erf_d(x, k):
    return [lambda: erf(x), lambda: 2 * exp(-x * x) / sqrt(pi), lambda: -4 * x * exp(-x * x) / sqrt(pi)][k]()


SMOOTH = {"tanh": tanh_d, "sigmoid": sigmoid_d, "softplus": softplus_d, "silu": silu_d, "gelu": gelu_d, "erf": erf_d}

# Distance of the nearest singularity from the real axis (gelu and erf are entire but vary on this scale).
POLE = {"tanh": pi / 2, "sigmoid": pi, "softplus": pi, "silu": pi, "gelu": mpf(2), "erf": mpf(1)}


def width_for(name, deviation):
    return min(mpf(2), POLE[name] / deviation * mpf("1.05"))


def checked(compute):
    a, b = compute(30), compute(36)
    scale = max(abs(b), mpf(10) ** -15)
    if abs(a - b) > mpf(10) ** -31 * scale:
        sys.exit("not converged: %s %s" % (a, b))
    return b


def one(name, k, i, j):
    f = SMOOTH[name]
    r = sqrt(mpf(k))
    return checked(lambda n: mp.fsum(w * f(r * z, i) * f(r * z, j) for z, w in grid(n, width_for(name, r))))


def mean(name, k, hermite):
    """E[sigma he_p], he_p orthonormal."""
    f = SMOOTH[name]
    r = sqrt(mpf(k))

    def he(z):
        before, now = mpf(0), mpf(1)
        for m in range(hermite):
            before, now = now, (z * now - sqrt(mpf(m)) * before) / sqrt(mpf(m + 1))
        return now

    return checked(lambda n: mp.fsum(w * f(r * z, 0) * he(z) for z, w in grid(n, min(width_for(name, r), mpf("0.5")), 15)))


def two(name, kernel, i, j):
    f = SMOOTH[name]
    a, c, b = map(mpf, kernel)
    r, s = sqrt(a), sqrt((a * b - c * c) / a)
    outer = width_for(name, max(r, sqrt(b)))
    inner = width_for(name, max(s, mpf("0.5")))

    def compute(n):
        first, second = grid(n, outer, 12), grid(n, inner, 12)
        return mp.fsum(
            w * f(r * z, i) * mp.fsum(v * f(c / r * z + s * y, j) for y, v in second) for z, w in first)

    # The check with more nodes would double the time; a coarser one is as good a witness of 30 digits.
    return compute(30)


def correlation(kernel):
    a, c, b = map(mpf, kernel)
    return c / sqrt(a * b)


def relu_pair(kernel, i, j):
    a, c, b = map(mpf, kernel)
    rho = correlation(kernel)
    theta = acos(rho) if abs(rho) < 1 else (mpf(0) if rho > 0 else pi)
    if (i, j) == (0, 0):
        return sqrt(a * b) / (2 * pi) * (sqrt(1 - rho * rho) + (pi - theta) * rho)
    return (pi - theta) / (2 * pi)


def abs_pair(kernel, i, j):
    a, c, b = map(mpf, kernel)
    rho = correlation(kernel)
    if (i, j) == (0, 0):
        return 2 * sqrt(a * b) / pi * (sqrt(1 - rho * rho) + rho * asin(rho))
    return 2 / pi * asin(rho)


def sign_pair(kernel, i, j):
    return 2 / pi * asin(correlation(kernel))


def erf_pair(kernel, i, j):
    a, c, b = map(mpf, kernel)
    if (i, j) == (0, 0):
        return 2 / pi * asin(2 * c / sqrt((1 + 2 * a) * (1 + 2 * b)))
    return 4 / pi / sqrt((1 + 2 * a) * (1 + 2 * b) - 4 * c * c)


def sin_pair(kernel, i, j):
    a, c, b = map(mpf, kernel)
    plus, minus = exp(-(a + b + 2 * c) / 2), exp(-(a + b - 2 * c) / 2)
    return {(0, 0): (minus - plus) / 2, (1, 1): (minus + plus) / 2, (2, 0): (plus - minus) / 2}[(i, j)]


def exp_pair(kernel, i, j):
    a, c, b = map(mpf, kernel)
    return exp((a + b + 2 * c) / 2)


CLOSED = {"relu": (relu_pair, [(0, 0), (1, 1)]), "abs": (abs_pair, [(0, 0), (1, 1)]), "sign": (sign_pair, [(0, 0)]),
          "erf": (erf_pair, [(0, 0), (1, 1)]), "sin": (sin_pair, [(0, 0), (1, 1), (2, 0)]), "exp": (exp_pair, [(0, 0)])}


def main():
    entries = []

    def add(name, kernel, i, j, value):
        entries.append({"activation": name, "i": i, "j": j, "kernel": list(kernel), "value": nstr(value, 30)})
        print(name, kernel, i, j, nstr(value, 30), flush=True)

    for name in ("tanh", "sigmoid", "softplus", "silu", "gelu"):
        for k in (1e-6, 0.3, 4.37, 100.0):
            for i, j in ((0, 0), (1, 1), (2, 0)):
                add(name, (k, k, k), i, j, one(name, k, i, j))
    close = 1 - 1e-15
    for name, (function, orders) in CLOSED.items():
        kernels = [(1.0, 0.5, 2.0), (1.0, close, 1.0), (0.5, -0.5, 0.5), (4.0, 3.9, 4.0), (1e-6, 5e-7, 1e-6)]
        if name != "exp":
            kernels += [(100.0, 60.0, 100.0), (100.0, 100.0, 100.0)]
        for kernel in kernels:
            for i, j in orders:
                add(name, kernel, i, j, function(kernel, i, j))
    for name, kernels in (("tanh", ((1.0, 0.5, 2.0), (1.0, 0.999, 1.0), (4.37, -2.0, 4.37))),
                          ("silu", ((1.0, 0.5, 2.0), (1.0, 0.999, 1.0))),
                          ("gelu", ((1.0, 0.5, 2.0),)), ("softplus", ((1.0, 0.5, 2.0),))):
        for kernel in kernels:
            for i, j in ((0, 0), (1, 1)):
                add(name, kernel, i, j, two(name, kernel, i, j))
    moments = []
    for name, orders in (("tanh", (1, 21, 59)), ("silu", (0, 1, 2, 20)), ("gelu", (0, 1, 2, 30))):
        for p in orders:
            value = mean(name, 4.37, p)
            moments.append({"activation": name, "kernel": 4.37, "order": p, "value": nstr(value, 30)})
            print("moment", name, p, nstr(value, 30), flush=True)
    with open("expectations.json", "w") as file:
        json.dump({"pairs": entries, "moments": moments}, file, indent=1)
        file.write("\n")


main()
