"""Hermite modes of sigma(phi_a) sigma(phi_b) by brute force, for activations with kinks that are no monomials. Writes kinked_modes.json.

Run once: python3 kinked_modes.py (nothing but Python is needed). Gauss-Legendre panels in z1 and, for each z1, in z2, that end where sigma has a kink; no series,
no integration by parts, no closed form. Entries are E[sigma(phi_a) sigma(phi_b) he_p(z1) he_q(z2)], phi_a = sqrt(K_aa) z1, phi_b = sqrt(K_bb) (rho z1 + s z2).
"""
import json, math, os

def legendre(n):
    nodes = []
    for i in range(n):
        x = math.cos(math.pi * (i + 0.75) / (n + 0.5))
        for _ in range(50):
            before, here = 1.0, x
            for k in range(2, n + 1): before, here = here, ((2 * k - 1) * x * here - (k - 1) * before) / k
            slope = n * (x * here - before) / (x * x - 1)
            x -= here / slope
        nodes.append((x, 2 / ((1 - x * x) * slope * slope)))
    return nodes

RULE = legendre(16)

def panels(cuts, width, reach=11.0):
    edges = sorted({-reach, reach, *(c for c in cuts if abs(c) < reach)})
    for a, b in zip(edges, edges[1:]):
        count = max(1, math.ceil((b - a) / width(0.5 * (a + b))))
        for k in range(count):
            start, end = a + (b - a) * k / count, a + (b - a) * (k + 1) / count
            for x, w in RULE:
                z = 0.5 * (start + end) + 0.5 * (end - start) * x
                yield z, 0.5 * (end - start) * w * math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)

def hermite(z, highest):
    values = [1.0, z]
    for p in range(1, highest): values.append((z * values[p] - math.sqrt(p) * values[p - 1]) / math.sqrt(p + 1))
    return values

def modes(f, kinks, kaa, kab, kbb, highest):
    a, b = math.sqrt(kaa), math.sqrt(kbb)
    rho = kab / (a * b)
    s = math.sqrt((kaa * kbb - kab * kab) / (kaa * kbb))
    reach = 9 * s / abs(rho)
    zones = [(k / (b * rho) - reach, k / (b * rho) + reach) for k in kinks]
    outer = [k / a for k in kinks] + [edge for zone in zones for edge in zone]
    width = lambda z: min(0.5, s) if any(lo < z < hi for lo, hi in zones) else 0.5
    sums = [[0.0] * (highest + 1) for _ in range(highest + 1)]
    for z1, w1 in panels(outer, width):
        inner = [0.0] * (highest + 1)
        for z2, w2 in panels([(k / b - rho * z1) / s for k in kinks], lambda z: 1.0):
            value = w2 * f(b * (rho * z1 + s * z2))
            for q, h in enumerate(hermite(z2, highest)): inner[q] += value * h
        left = w1 * f(a * z1)
        for p, h in enumerate(hermite(z1, highest)):
            for q in range(highest + 1 - p): sums[p][q] += left * h * inner[q]
    return sums

ACTIVATIONS = [
    ("elu(x)", lambda x: x if x > 0 else math.expm1(x), [0]),
    ("x/(1+abs(x))", lambda x: x / (1 + abs(x)), [0]),
    ("relu(x)*tanh(x)", lambda x: max(x, 0) * math.tanh(x), [0]),
    ("abs(x-1/2)", lambda x: abs(x - 0.5), [0.5]),
    ("(abs(x+1)-abs(x-1))/2", lambda x: (abs(x + 1) - abs(x - 1)) / 2, [-1, 1]),
    ("step(x-1)+x/2", lambda x: (1 if x > 1 else 0) + x / 2, [1]),
    ("abs(x)^3+relu(x+1/2)", lambda x: abs(x) ** 3 + max(x + 0.5, 0), [-0.5, 0])]
KERNELS = [(1.0, 0.95, 1.0), (1.0, -1.37, 2.0), (4.0, 3.9999, 4.0), (0.5, 0.3, 3.0)]
ORDER = 6

if __name__ == "__main__":
    cases = []
    for name, f, kinks in ACTIVATIONS:
        for kernel in KERNELS:
            sums = modes(f, kinks, *kernel, ORDER)
            cases.append({"activation": name, "kernel": list(kernel), "modes": [[sums[k - j][j] for j in range(k + 1)] for k in range(ORDER + 1)]})
            print(name, kernel, flush=True)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "kinked_modes.json"), "w") as file:
        file.write('{"cases": [\n' + ",\n".join(json.dumps(each) for each in cases) + "\n]}\n")
