# Gaussian expectations of two inputs that nearly determine each other, by mpmath, for NearSingularPairTests.
#   python3 near_singular_pairs.py > near_singular_pairs.txt
# pair|f|i|j|Kaa|Kab|Kbb|value   E[f^(i)(x) f^(j)(y)]; the kernel is what the doubles written here are, exactly.
# mode|f|p|q|Kaa|Kab|Kbb|value   E[f(x) f(y) he_p(z1) he_q(z2)], x = sqrt(Kaa) z1, y = (Kab/sqrt(Kaa)) z1 + sqrt(Kbb - Kab^2/Kaa) z2.
# Smooth functions by two routes: where sqrt(Kbb) s is small, E over z2 is Taylor's series, sum (Kbb s^2)^m / (2m)!! f^(2m), and one integral is left; elsewhere
# sums over shifted equidistant nodes in the plane. Either is done twice, on grids of different step and shift, which have to agree to 1e-17.
# Functions with kinks in polar coordinates. The closed forms of erf, sin, gelu, relu are in the test.
import math

import mpmath as mp

mp.mp.dps = 40


def he(p, z):
    before, now = mp.mpf(0), mp.mpf(1)
    for k in range(p):
        before, now = now, (z * now - mp.sqrt(k) * before) / mp.sqrt(k + 1)
    return now


# Polynomials in t = tanh x: d/dx P = P' (1 - t^2); and in l = logistic x: d/dx P = P' (l - l^2).
def derive(coefficients, rule):
    slope = [k * c for k, c in enumerate(coefficients)][1:]
    result = [mp.mpf(0)] * (len(slope) + len(rule))
    for i, a in enumerate(slope):
        for j, b in enumerate(rule):
            result[i + j] += a * b
    return result


def polynomials(first, rule, count):
    rows = [first]
    while len(rows) < count:
        rows.append(derive(rows[-1], rule))
    return rows


def value(rows, order, inner, x):
    t = inner(x)
    total = mp.mpf(0)
    for c in reversed(rows[order]):
        total = total * t + c
    return total


TANH = polynomials([mp.mpf(0), mp.mpf(1)], [1, 0, -1], 30)
LOGISTIC = polynomials([mp.mpf(0), mp.mpf(1)], [0, 1, -1], 30)


def logistic(x):
    return 1 / (1 + mp.exp(-x))


def softplus(x):
    return max(x, mp.mpf(0)) + mp.log1p(mp.exp(-abs(x)))


FUNCTIONS = {
    'tanh(x)': (lambda k, x: mp.tanh(x) if k == 0 else value(TANH, k, mp.tanh, x), mp.pi / 2),
    'softplus': (lambda k, x: softplus(x) if k == 0 else value(LOGISTIC, k - 1, logistic, x), mp.pi),
}


def line(f, step, shift, reach=13):
    n = int(reach / step) + 1
    return step / mp.sqrt(2 * mp.pi) * mp.fsum(mp.exp(-z * z / 2) * f(z) for z in ((k + shift) * step for k in range(-n, n + 1)))


def expectation(name, i, p, j, q, kaa, kab, kbb):
    f, strip = FUNCTIONS[name]
    kaa, kab, kbb = mp.mpf(kaa), mp.mpf(kab), mp.mpf(kbb)
    a, slope, rest = mp.sqrt(kaa), kab / mp.sqrt(kaa), kbb - kab * kab / kaa
    width = mp.sqrt(rest)
    outer = min(mp.mpf(2), strip / max(a, abs(slope)))
    inner = min(mp.mpf(2), strip / width)
    results = []
    for scale, shift in ((mp.mpf('0.11'), mp.mpf('0.3')), (mp.mpf('0.083'), mp.mpf('0.71'))):
        if width < 0.02 * strip:
            # E[g(m + w z) he_q(z)] = w^q/sqrt(q!) sum_k (w^2/2)^k/k! g^(q + 2k)(m)
            def given(z):
                return mp.fsum(width**q / mp.sqrt(mp.factorial(q)) * (rest / 2)**k / mp.factorial(k) * f(j + q + 2 * k, slope * z) for k in range(8))
        else:
            def given(z):
                return line(lambda w: f(j, slope * z + width * w) * he(q, w), inner * scale, shift)
        results.append(line(lambda z: f(i, a * z) * he(p, z) * given(z), outer * scale, shift))
    if abs(results[0] - results[1]) > mp.mpf('1e-17') * max(abs(results[0]), width**q * mp.mpf('1e-2')):
        raise ValueError((name, i, j, p, q, kaa, kab, kbb, results))
    return results[0]


def write(kind, name, first, second, kernel, number):
    print('|'.join([kind, name, str(first), str(second)] + [repr(k) for k in kernel] + [mp.nstr(number, 25)]), flush=True)


def kernel(variance, ratio, k, sign):
    kbb = variance * ratio
    return variance, sign * (1 - 10.0**-k) * math.sqrt(variance * kbb), kbb


for name in FUNCTIONS:
    for variance, ratio, k in [(1e-4, 1, 2), (1e-4, 3, 9), (1, 1, 3), (1, 1, 6), (1, 2, 14), (2, 1, 10), (30, 1, 2), (30, 1.5, 4), (30, 1, 9), (1e3, 1, 7), (9e3, 1, 8), (9e3, 1, 12)]:
        for sign in (1, -1):
            if sign < 0 and k % 2:
                continue
            at = kernel(float(variance), float(ratio), k, sign)
            for i, j in ((0, 0), (0, 1), (1, 1), (0, 2)):
                if (i, j) in ((0, 0), (1, 1)) or name == 'softplus' and k < 5:
                    write('pair', name, i, j, at, expectation(name, i, 0, j, 0, *at))
    for variance, k in ((2.0, 3), (2.0, 6), (30.0, 5), (400.0, 9)):
        at = kernel(variance, 1.0, k, 1)
        for p, q in ((0, 0), (2, 0), (7, 1), (1, 1), (0, 2), (4, 2), (5, 3), (20, 0)):
            if name == 'tanh(x)' and (p + q) % 2:
                continue
            write('mode', name, p, q, at, expectation(name, 0, p, 0, q, *at))

# Kinks at 0, in polar coordinates: between the lines x = 0 and y = 0 everything is analytic. Gauss-Legendre panels in radius and angle.
def legendre(n):
    rule = []
    for k in range(n):
        x = mp.cos(mp.pi * (k + mp.mpf('0.75')) / (n + mp.mpf('0.5')))
        for _ in range(6):
            before, now = mp.mpf(1), x
            for m in range(2, n + 1):
                before, now = now, ((2 * m - 1) * x * now - (m - 1) * before) / m
            slope = n * (x * now - before) / (x * x - 1)
            x -= now / slope
        rule.append((x, 2 / ((1 - x * x) * slope * slope)))
    return rule


def polar(f, orders, kaa, kab, kbb):
    kaa, kab, kbb = mp.mpf(kaa), mp.mpf(kab), mp.mpf(kbb)
    a, slope = mp.sqrt(kaa), kab / mp.sqrt(kaa)
    width = mp.sqrt(kbb - kab * kab / kaa)
    angle = mp.atan2(width, slope)
    edges = [-mp.pi / 2, angle - mp.pi / 2, mp.pi / 2, angle + mp.pi / 2, 3 * mp.pi / 2]
    radii = [mp.mpf(13) * k / 9 for k in range(10)]
    sums = {order: mp.mpf(0) for order in orders}
    highest = max(max(order) for order in orders)
    for start, end in zip(edges, edges[1:]):
        panels = 1 if end - start < 0.5 else 8
        for panel in range(panels):
            for t, w in RULE:
                theta = start + (end - start) * (panel + (t + 1) / 2) / panels
                c, s = mp.cos(theta), mp.sin(theta)
                for low, high in zip(radii, radii[1:]):
                    for u, v in RULE:
                        r = (low + high) / 2 + (high - low) / 2 * u
                        value = f(a * r * c) * f(r * (slope * c + width * s))
                        if value == 0:
                            continue
                        value *= w * (end - start) / (2 * panels) * v * (high - low) / 2 * r * mp.exp(-r * r / 2) / (2 * mp.pi)
                        first, second = hermites(highest, r * c), hermites(highest, r * s)
                        for p, q in orders:
                            sums[p, q] += value * first[p] * second[q]
    return sums


ROOTS = [mp.sqrt(k) for k in range(40)]


def hermites(highest, z):
    values = [mp.mpf(1), z]
    for k in range(1, highest):
        values.append((z * values[k] - ROOTS[k] * values[k - 1]) / ROOTS[k + 1])
    return values


mp.mp.dps = 24
RULE = legendre(22)
KINKED = {
    'relu': lambda x: x if x > 0 else mp.mpf(0),
    'elu': lambda x: x if x > 0 else mp.expm1(x),
    'relu(x)*tanh(x)': lambda x: x * mp.tanh(x) if x > 0 else mp.mpf(0),
    'step(x)': lambda x: mp.mpf(1) if x > 0 else mp.mpf(0),
}
for name, f in KINKED.items():
    for variance, ratio, k, sign in ((1.0, 1.0, 3, 1), (2.0, 1.5, 6, 1), (0.5, 1.0, 9, -1), (2.0, 1.0, 4, -1)):
        at = kernel(variance, ratio, k, sign)
        found = polar(f, [(0, 0), (1, 0), (6, 0), (4, 1), (0, 2), (3, 3)], *at)
        for (p, q), number in found.items():
            write('mode', name, p, q, at, number)
