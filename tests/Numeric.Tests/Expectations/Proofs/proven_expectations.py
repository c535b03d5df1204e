# Random expressions of one variable and their Gaussian expectations to 30 digits and more, by mpmath, for ProvenExpectationTests.
# Each panel is integrated with 40 Gauss-Legendre nodes and halved until that agrees with its halves to 1e-34; panels end at the kinks.
#   python3 proven_expectations.py 1000 > proven_expectations.txt
import random
import sys

import mpmath as mp

mp.mp.dps = 50
COUNT = int(sys.argv[1])
rng = random.Random(20261128)

half = mp.mpf(1) / 2
SMOOTH = {
    'tanh': mp.tanh,
    'erf': mp.erf,
    'sin': mp.sin,
    'cos': mp.cos,
    'arctan': mp.atan,
    'arsinh': mp.asinh,
    'logistic': lambda x: 1 / (1 + mp.exp(-x)),
    'softplus': lambda x: mp.log1p(mp.exp(x)) if x < 0 else x + mp.log1p(mp.exp(-x)),
    'Phi': lambda x: mp.erfc(-x / mp.sqrt(2)) / 2,
}
KINKED = {
    'relu': lambda x: x if x > 0 else mp.mpf(0),
    'abs': abs,
    'step': lambda x: mp.mpf(1) if x > 0 else mp.mpf(0),
    'sign': lambda x: mp.mpf(1) if x > 0 else mp.mpf(-1),
}


def number():
    return f"{rng.uniform(-2.5, 2.5):.2f}"


def affine(cuts):
    slope, shift = number(), number()
    while float(slope) == 0:
        slope = number()
    if cuts is not None:
        cuts.append(-mp.mpf(shift) / mp.mpf(slope))
    text = f"({slope})*x+({shift})"
    return text, lambda x: mp.mpf(slope) * x + mp.mpf(shift)


# An expression as text and as a function; the kinks are collected.
def expression(depth, cuts):
    kind = rng.random()
    if depth == 0 or kind < 0.12:
        return affine(None) if rng.random() < 0.7 else ('x', lambda x: x)
    if kind < 0.50:
        name = rng.choice(sorted(SMOOTH))
        text, f = expression(depth - 1, cuts)
        g = SMOOTH[name]
        return f"{name}({text})", lambda x: g(f(x))
    if kind < 0.62:
        name = rng.choice(sorted(KINKED))
        text, f = affine(cuts)
        g = KINKED[name]
        return f"{name}({text})", lambda x: g(f(x))
    if kind < 0.68:
        text, f = expression(depth - 1, cuts)
        return f"exp(-({text})^2)", lambda x: mp.exp(-f(x) ** 2)
    if kind < 0.74:
        text, f = expression(depth - 1, cuts)
        return f"1/(1+({text})^2)", lambda x: 1 / (1 + f(x) ** 2)
    left, f = expression(depth - 1, cuts)
    right, g = expression(depth - 1, cuts)
    if kind < 0.88:
        return f"({left})*({right})", lambda x: f(x) * g(x)
    return f"({left})+({right})", lambda x: f(x) + g(x)


def rule(n):
    nodes = []
    for i in range(n):
        x = mp.cos(mp.pi * (i + mp.mpf(3) / 4) / (n + half))
        for _ in range(8):
            p0, p1 = mp.mpf(1), x
            for k in range(2, n + 1):
                p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
            slope = n * (x * p1 - p0) / (x * x - 1)
            x -= p1 / slope
        nodes.append((x, 2 / ((1 - x * x) * slope * slope)))
    return nodes


RULE = rule(40)


def panel(f, a, b):
    m, h = (a + b) / 2, (b - a) / 2
    return h * mp.fsum(w * f(m + h * x) for x, w in RULE)


def integrate(f, a, b, whole, depth):
    m = (a + b) / 2
    left, right = panel(f, a, m), panel(f, m, b)
    if abs(left + right - whole) < mp.mpf(10) ** -34 * (1 + abs(whole)) or depth == 40:
        return left + right
    return integrate(f, a, m, left, depth + 1) + integrate(f, m, b, right, depth + 1)


done = 0
while done < COUNT:
    cuts = []
    text, f = expression(3, cuts)
    variance = f"{10 ** rng.uniform(-2, 1.3):.3g}"
    if 'x' not in text:
        continue
    s = mp.sqrt(mp.mpf(variance))

    def weighted(z):
        return f(s * z) * mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)

    edges = sorted(set([mp.mpf(k) for k in range(-14, 15, 2)] + [c / s for c in cuts if abs(c / s) < 14]))
    value = mp.fsum(integrate(weighted, a, b, panel(weighted, a, b), 0) for a, b in zip(edges, edges[1:]))
    if abs(value) < mp.mpf(10) ** -25:
        continue  # what lies beyond 14 standard deviations would count
    print(f"{text}|{variance}|{mp.nstr(value, 32)}", flush=True)
    done += 1
