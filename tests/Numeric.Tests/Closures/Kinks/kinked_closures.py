"""Closures of activations with a kink of order m = 0 to 3 in closed form, at any correlation. Writes kinked_closures.json.

Needs mpmath. Run once: python3 kinked_closures.py

sigma(x) = a x_+^m + b (-x)_+^m. With s_i = x_+^i/i! for i >= 0, s_-1 = delta, s_-2 = delta', ..., every s_i is the derivative of s_(i+1), and
x s_i(x) = (i + 1) s_(i+1)(x) for every integer i. So S_ij = E[s_i(x) s_j(y)] obeys, by parts,

    (i + 1) S_(i+1)j = K_aa S_(i-1)j + K_ab S_i(j-1),   the same in j,   S_00 = (pi - theta)/(2 pi),   S_-1-1 = 1/(2 pi sqrt(det K)),

upwards from these (arc-cosine kernels) and, the two relations solved for S_(i-1)j and S_i(j-1), downwards (all derivatives, distributions among
them), in 60 digits. No integral is taken anywhere.
What closures make of the derivatives <d_a^i d_b^j sigma_a sigma_b> is the route of ../Independent/leading_order.py: fluctuations as sums over
the layers before, no mode with an equation of its own.
"""
import json, os
from functools import lru_cache
from mpmath import mp, mpf, matrix, eye, sqrt, acos, pi, factorial, binomial

mp.dps = 60

class Moments:
    """S_ij at one kernel of two inputs."""
    def __init__(self, aa, ab, bb):
        self.K = aa, ab, bb
        self.det = aa * bb - ab ** 2
        self.known = {}

    def __call__(self, i, j):
        if (i, j) not in self.known: self.known[i, j] = self.make(i, j)
        return self.known[i, j]

    def make(self, i, j):
        aa, ab, bb = self.K
        if (i, j) == (0, 0): return (pi - acos(ab / sqrt(aa * bb))) / (2 * pi)
        if (i, j) == (-1, -1): return 1 / (2 * pi * sqrt(self.det))
        if (i, j) == (-1, 0): return 1 / (2 * sqrt(2 * pi * aa))
        if (i, j) == (0, -1): return 1 / (2 * sqrt(2 * pi * bb))
        if j == -1 and i >= 1: return self.det / bb * self(i - 2, -1) / i
        if i == -1 and j >= 1: return self.det / aa * self(-1, j - 2) / j
        if i >= 1 and j >= 0: return (aa * self(i - 2, j) + ab * self(i - 1, j - 1)) / i
        if j >= 1 and i >= 0: return (bb * self(i, j - 2) + ab * self(i - 1, j - 1)) / j
        if i <= -2: return (bb * (i + 2) * self(i + 2, j) - ab * (j + 1) * self(i + 1, j + 1)) / self.det
        return (aa * (j + 2) * self(i, j + 2) - ab * (i + 1) * self(i + 1, j + 1)) / self.det

def single(i, K):
    """E[s_i(x)]."""
    if i == 0: return mpf(1) / 2
    if i == -1: return 1 / sqrt(2 * pi * K)
    return K * single(i - 2, K) / i if i > 0 else (i + 2) * single(i + 2, K) / K

class Network:
    def __init__(self, m, a, b, kernel, C_W, C_b, alpha, eps, layers):
        self.m, self.a, self.b = m, mpf(a), mpf(b)
        self.kernel = matrix(kernel)
        self.C_W, self.C_b, self.alpha, self.h, self.layers = mpf(C_W), mpf(C_b), mpf(alpha), mpf(eps) ** 2, layers
        self.pairs, self.P = [(0, 0), (0, 1), (1, 1)], 3

    def at(self, a, b): return self.pairs.index((min(a, b), max(a, b)))

    def derivatives(self, K, highest):
        """<d_a^i d_b^j sigma_a sigma_b>; for a = b <d_a^i sigma_a^2> at [i, 0]."""
        m, a, b, result = self.m, self.a, self.b, {}
        same, opposite = Moments(K[0, 0], K[0, 1], K[1, 1]), Moments(K[0, 0], -K[0, 1], K[1, 1])
        for x, y in self.pairs:
            D = result[x, y] = {}
            for i in range(highest + 1):
                if x == y:
                    D[i, 0] = factorial(2 * m) * (a * a + (-1) ** i * b * b) * single(2 * m - i, K[x, x])
                    continue
                for j in range(highest + 1 - i):
                    D[i, j] = factorial(m) ** 2 * ((a * a + (-1) ** (i + j) * b * b) * same(m - i, m - j) + a * b * ((-1) ** i + (-1) ** j) * opposite(m - i, m - j))
        return result

    def mean_field(self, highest):
        K, kernels, tables = self.kernel, [], []
        for _ in range(self.layers + 1):
            D = self.derivatives(K, highest)
            kernels.append(K); tables.append(D)
            S = matrix(2, 2)
            for x, y in self.pairs: S[x, y] = S[y, x] = self.C_b + self.C_W * D[x, y][0, 0]
            K = self.alpha ** 2 * K + self.h * S
        return kernels, tables

    def free(self, K): return matrix([[K[a, c] * K[b, d] + K[a, d] * K[b, c] for c, d in self.pairs] for a, b in self.pairs])

    def seconds(self, pair):
        a, b = pair
        return [((a, a), 1, (2, 0))] if a == b else [((a, a), 1, (2, 0)), ((b, b), 1, (0, 2)), ((a, b), 2, (1, 1))]

    def chi(self, D):
        result = matrix(self.P, self.P)
        for row, pair in enumerate(self.pairs):
            for cd, times, order in self.seconds(pair): result[row, self.at(*cd)] += self.C_W / 2 * times * D[pair][order]
        return result

def g_closure(net, connected):
    kernels, tables = net.mean_field(4)
    V, k1, a2 = net.free(net.kernel), matrix(net.P, 1), net.alpha ** 2
    for l in range(net.layers + 1):
        chi = net.chi(tables[l])
        U, W = chi * k1, V - net.free(kernels[l]) if connected else V
        for row, pair in enumerate(net.pairs):
            for cd, times, (i, j) in net.seconds(pair):
                for ef, more, (u, v) in net.seconds(pair): U[row] += net.C_W / 8 * times * more * tables[l][pair][i + u, j + v] * W[net.at(*cd), net.at(*ef)]
        if l == net.layers: return kernels[l], V, k1, U / net.C_W
        A = a2 * eye(net.P) + net.h * chi
        V, k1 = A * V * A.T + net.free(kernels[l + 1]) - a2 ** 2 * net.free(kernels[l]), a2 * k1 + net.h * U

def overlap(first, second, left, right, K, order, shift=(0, 0)):
    """What the modes of one order give to the covariance of sigma sigma of pair left with d^shift sigma sigma of pair right, K between the layers."""
    (a, b), (c, d), (u, v), total = left, right, shift, mpf(0)
    for n1 in range(order + 1):
        for n2 in range(order - n1 + 1 if c != d else 1):
            for n3 in range(order - n1 - n2 + 1 if a != b else 1):
                n4 = order - n1 - n2 - n3
                if n4 > 0 and (a == b or c == d): continue
                total += first[left][n1 + n2, n3 + n4] * second[right][n1 + n3 + u, n2 + n4 + v] * K[a, c] ** n1 * K[a, d] ** n2 * K[b, c] ** n3 * K[b, d] ** n4 / (
                    factorial(n1) * factorial(n2) * factorial(n3) * factorial(n4))
    return total

def modes(net, k):
    """hermite(k)."""
    kernels, tables = net.mean_field(max(k + 2, 4))
    a2, h, C_W, P, pairs, L = net.alpha ** 2, net.h, net.C_W, net.P, net.pairs, net.layers
    chis = [net.chi(D) for D in tables]
    between = lambda m, l: net.alpha ** (l - m) * kernels[m]

    def F_F(m, l):
        return matrix([[sum(overlap(tables[m], tables[l], p, q, between(m, l), j) for j in range(1, k + 1)) for q in pairs] for p in pairs])

    @lru_cache(maxsize=None)
    def F_second(m, l, pair, shift):
        return matrix([sum(overlap(tables[m], tables[l], p, pair, between(m, l), j, shift) for j in range(1, k - 1)) for p in pairs])

    FF = {(m, l): F_F(m, l) for l in range(L + 1) for m in range(l + 1)}
    FF.update({(l, m): value.T for (m, l), value in FF.items()})
    X, k1, s_X, s_s = [[]], matrix(P, 1), [], []
    for l in range(L): X.append([(a2 * eye(P) + h * chis[l]) * part for part in X[l]] + [h * C_W * eye(P)])
    for l in range(L + 1):
        X_free, XX, FX = matrix(P, P), matrix(P, P), matrix(P, P)
        for m in range(l):
            X_free += X[l][m] * chis[m] * net.free(kernels[m]) / C_W * net.alpha ** (2 * (l - m))
            FX += FF[l, m] * X[l][m].T
            for n in range(l): XX += X[l][m] * FF[m, n] * X[l][n].T
        V = net.free(kernels[l]) + X_free + X_free.T + XX
        s_X.append(C_W * FX + chis[l] * XX)
        s_s.append(C_W ** 2 * FF[l, l] + C_W * (FX * chis[l].T + chis[l] * FX.T) + chis[l] * XX * chis[l].T)
        U = chis[l] * k1
        for m in range(l):
            power = net.alpha ** (2 * (l - 1 - m))
            for row, pair in enumerate(pairs):
                for cd, times, (i, j) in net.seconds(pair):
                    response = C_W * F_second(m, l, pair, (i, j))
                    for n in range(m): response = response + chis[m] * X[m][n] * F_second(n, l, pair, (i, j))
                    value = h / 2 * times * response[net.at(*cd)]
                    for ef, more, (u, v) in net.seconds(pair) if k >= 4 else []:
                        fourth = times * more * tables[l][pair][i + u, j + v]
                        value += fourth * (h / 4 * net.alpha ** (2 * (l - m)) * s_X[m][net.at(*cd), net.at(*ef)] + power * h * h / 8 * s_s[m][net.at(*cd), net.at(*ef)])
                    U[row] += C_W * power * value
        if l == L: return kernels[l], V, k1, U / C_W
        k1 = a2 * k1 + h * U

CLOSURES = [("g-only", lambda net: g_closure(net, False)), ("g-connected", lambda net: g_closure(net, True)), ("hermite(3)", lambda net: modes(net, 3)), ("hermite(5)", lambda net: modes(net, 5))]
ACTIVATIONS = [
    (0, 1, 0, "step(x)"), (0, 1, -1, "sign(x)"), (1, 1, 0, "relu"), (1, 1, 1, "abs"), (1, 1, "-0.25", "relu(x)-relu(-x)/4"),
    (2, 1, 0, "relu(x)^2"), (2, 1, -1, "x*abs(x)"), (3, 1, 0, "relu(x)^3"), (3, 1, 1, "abs(x)^3")]
# Of a jump of sigma itself, what is known of V4 is divided by so high a power of 1 - rho^2 that double precision holds no six digits at the first and last.
CORRELATIONS = ["-0.99999999", "-0.97", "-0.6", "0", "0.6", "0.95", "0.9999", "0.99999999"]
SKIPS = [("1", "0.3"), ("0", "1"), ("0.8", "0.5")]

def number(x): return float(mp.nstr(x, 17))

if __name__ == "__main__":
    cases, drawn = [], 0
    for closure, solve in CLOSURES:
        for m, a, b, name in ACTIVATIONS:
            for correlation in CORRELATIONS:
                drawn += 1
                if m == 0 and abs(mpf(correlation)) > mpf("0.9999"): correlation = "-0.9999" if correlation[0] == "-" else "0.99"
                skip, step = SKIPS[drawn % 3]
                C_W, C_b = {0: ("1.5", "0.05"), 1: ("1.3", "0.1"), 2: ("0.2", "0.05"), 3: ("0.02", "0.1")}[m][0], ["0", "0.1"][drawn % 2]
                aa, bb = mpf("1"), mpf("1.44") if drawn % 2 else mpf("1")
                # The numbers are those of the kernel that a program reads.
                kernel = [[aa, mpf(number(mpf(correlation) * sqrt(aa * bb)))], [0, mpf(number(bb))]]
                kernel[1][0] = kernel[0][1]
                K, V, k1, u1 = solve(Network(m, a, b, kernel, float(C_W), float(C_b), float(skip), float(step), 2))
                cases.append({"closure": closure, "activation": name, "kernel": [[number(x) for x in row] for row in kernel], "weightVariance": float(C_W), "biasVariance": float(C_b),
                    "skip": float(skip), "step": float(step), "depth": 2, "K0": [number(K[p]) for p in [(0, 0), (0, 1), (1, 1)]],
                    "V4": [[number(V[p, q]) for q in range(3)] for p in range(3)], "K1": [number(x) for x in k1], "U1": [number(x) for x in u1]})
        print(closure, flush=True)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "kinked_closures.json"), "w") as file:
        file.write('{"cases": [\n' + ",\n".join(json.dumps(each) for each in cases) + "\n]}\n")
