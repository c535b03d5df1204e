# Gaussian moments of functions with kinks and jumps, to 25 digits, by mpmath, for PanelProofTests. Panels end at the kinks and at every standard deviation
# out to 20, and are halved until 60 Gauss-Legendre nodes agree with twice as many to 1e-30. Written from the definitions alone.
#   python3 panel_moments.py > panel_moments.txt
# A line: f | K | E[f he_p] for p = 0, 1, 2, 7, 20, 61 | E[f^2 he_p] for p = 0 ... 4; he_p orthonormal, of x/sqrt(K), K the exact value of a double.
import random

import mpmath as mp

mp.mp.dps = 36
rng = random.Random(20261129)
ORDERS = [0, 1, 2, 7, 20, 61]
COUNT = len(ORDERS) + 5


def rule(n):
    nodes = []
    for i in range(n):
        x = mp.cos(mp.pi * (i + mp.mpf(3) / 4) / (n + mp.mpf(1) / 2))
        for _ in range(8):
            p0, p1 = mp.mpf(1), x
            for k in range(2, n + 1):
                p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
            slope = n * (x * p1 - p0) / (x * x - 1)
            x -= p1 / slope
        nodes.append((x, 2 / ((1 - x * x) * slope * slope)))
    return nodes


RULE = rule(60)
ROOTS = [mp.sqrt(p) for p in range(70)]
relu = lambda x: x if x > 0 else mp.mpf(0)
step = lambda x: mp.mpf(1) if x > 0 else mp.mpf(0)


def families():
    c = mp.mpf(f"{rng.uniform(-3, 3):.3f}")
    w = mp.mpf(f"{rng.uniform(0.5, 12):.2f}")
    a = mp.mpf(f"{rng.uniform(0.5, 6):.3f}")
    t = mp.nstr
    cubic = mp.mpf(f"{rng.uniform(0.2, 3.5):.3f}")
    root = mp.cbrt(cubic)
    disc = mp.sqrt(4 + 12 * a)
    return [
        ("relu(x)", relu, [0]),
        ("leakyrelu(0.2)", lambda x: x if x > 0 else x / 5, [0]),
        ("elu", lambda x: x if x > 0 else mp.expm1(x), [0]),
        (f"relu(x-({t(c)}))", lambda x: relu(x - c), [c]),
        (f"step(x-({t(c)}))", lambda x: step(x - c), [c]),
        (f"abs(x-({t(c)}))*tanh(x)", lambda x: abs(x - c) * mp.tanh(x), [c]),
        (f"relu(x)*sin({t(w)}*x)", lambda x: relu(x) * mp.sin(w * x), [0]),
        (f"step(x-({t(c)}))*cos({t(w)}*x)+x", lambda x: step(x - c) * mp.cos(w * x) + x, [c]),
        (f"relu(x)*step(x^3-{t(cubic)})", lambda x: x * step(x**3 - cubic), [0, root]),
        (f"relu(3*x^2-2*x-({t(a)}))", lambda x: relu(3 * x * x - 2 * x - a), [(2 - disc) / 6, (2 + disc) / 6]),
        (f"softplus({t(a)}*abs(x))", lambda x: a * abs(x) + mp.log1p(mp.exp(-a * abs(x))), [0]),
        (f"relu(x-({t(c)}))/(1+({t(w)}*x)^2)", lambda x: relu(x - c) / (1 + (w * x) ** 2), [c]),
        (f"x*abs(x)*erf({t(a)}*x)", lambda x: x * abs(x) * mp.erf(a * x), [0]),
    ]


def moments(f, k, edges):
    s = mp.sqrt(k)

    def panel(lo, hi):
        m, h = (lo + hi) / 2, (hi - lo) / 2
        sums = [mp.mpf(0)] * COUNT
        for node, weight in RULE:
            z = m + h * node
            y = f(s * z)
            if y == 0:
                continue
            w = weight * h * mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)
            before, now, at = mp.mpf(0), mp.mpf(1), 0
            for p in range(ORDERS[-1] + 1):
                if p == ORDERS[at]:
                    sums[at] += w * y * now
                    at += 1
                if p < 5:
                    sums[len(ORDERS) + p] += w * y * y * now
                before, now = now, (z * now - ROOTS[p] * before) / ROOTS[p + 1]
        return sums

    def add(a, b):
        return [x + y for x, y in zip(a, b)]

    def refine(lo, hi, whole, depth):
        mid = (lo + hi) / 2
        left, right = panel(lo, mid), panel(mid, hi)
        if max(abs(a + b - c) for a, b, c in zip(left, right, whole)) < mp.mpf(10) ** -30 * scale or depth == 12:
            return add(left, right)
        return add(refine(lo, mid, left, depth + 1), refine(mid, hi, right, depth + 1))

    inner = sorted(set([mp.mpf(x) for x in range(-20, 21)] + [e / s for e in edges if abs(e / s) < 20]))
    wholes = [panel(lo, hi) for lo, hi in zip(inner, inner[1:])]
    scale = min(mp.mpf(1), mp.fsum(w[len(ORDERS)] for w in wholes))
    total = [mp.mpf(0)] * COUNT
    for lo, hi, whole in zip(inner, inner[1:], wholes):
        total = add(total, refine(lo, hi, whole, 0))
    return total


def line(name, f, edges, k):
    print("|".join([name, repr(k)] + [mp.nstr(v, 25) for v in moments(f, mp.mpf(k), [mp.mpf(e) for e in edges])]), flush=True)


root = mp.cbrt(mp.mpf("3.214"))
line("relu(x)*step(x^3-3.214)", lambda x: x * step(x**3 - mp.mpf("3.214")), [root], 0.03412)
line("step(x^3-3.214)", lambda x: step(x**3 - mp.mpf("3.214")), [root], 0.03412)
for trial in range(3):
    for name, f, edges in families():
        line(name, f, edges, float(f"{10 ** rng.uniform(-2, 1.5):.4g}"))
