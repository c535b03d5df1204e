"""The leading order in 1/n, by a route that shares nothing with the toolkit. Writes leading_order.json.

Needs numpy and scipy. Run once: python3 leading_order.py

1. Modes. Given the fluctuations of the layers before, a neuron's path is Gaussian, and a change dQ of the rows' covariance at layer m changes its covariance
   at layer l by alpha^(2(l-1-m)) h dQ. With F^l the fluctuation of <sigma sigma> among independent neurons that the mean Q drives, X^l = g^l - (the same of
   <phi phi>), and chi_l the derivative of Q,

       s^l = C_W F^l + chi_l X^l,      X^(l+1) = alpha^2 X^l + h s^l,      X^0 = 0.

   X is therefore a sum over F of earlier layers, and all that is needed is how one neuron's functions at two layers are correlated. No mode has an equation
   of its own. The mean of any f at order 1/n is the sum over layers of what dQ does to it to second order:

       m(f)^l = sum_m alpha^(2(l-1-m)) h/2 (Cov(s_cd^m, xi^m(E[f_cd^l | phi^m])) + <f_cd> C_W m(sigma_c sigma_d)^m)
                    + alpha^(4(l-1-m)) h^2/8 Cov(s_cd^m, s_ef^m) <f_cdef>.

   Covariances at two layers are  sum over tables n_xy of  <d_a^.. d_b^.. f> <d_c^.. d_d^.. g> prod (alpha^(l-m) K^m_xy)^n_xy / n_xy!,  cut at order k for
   hermite(k), and direct two-dimensional quadratures for "exact" (one input).
2. g-only and g-connected, from the same derivatives.
3. sigma-kernel: phi phi and sigma sigma of all pairs on a grid in the plane; what a layer makes of them, P f, by quadrature over the layer's noise at
   every point of the grid; projected on the functions of a block, the inputs of a pair, by solving with their covariances. No expansion anywhere.
"""
import json, math, os
import numpy as np
from scipy import special

# Value and derivatives up to the fourth.
def tanh(x):
    t = np.tanh(x); d = 1 - t * t
    return [t, d, -2 * t * d, d * (6 * t * t - 2), d * (16 * t - 24 * t ** 3)]
def erf(x):
    g = 2 / math.sqrt(math.pi) * np.exp(-x * x)
    return [special.erf(x), g, -2 * x * g, (4 * x * x - 2) * g, (12 * x - 8 * x ** 3) * g]
def softplus(x):
    s = special.expit(x)
    return [np.logaddexp(0, x), s, s * (1 - s), s * (1 - s) * (1 - 2 * s), s * (1 - s) * (1 - 6 * s + 6 * s * s)]
def gelu(x): return [x * special.ndtr(x)]
def silu(x): return [x * special.expit(x)]
def relu(x): return [np.maximum(x, 0)]
ACTIVATIONS = {"tanh(x)": (tanh, []), "erf(x)": (erf, []), "softplus": (softplus, []), "gelu": (gelu, []), "silu": (silu, []), "relu": (relu, [0.0])}

LEGENDRE = np.polynomial.legendre.leggauss(40)

def line(variance, kinks, reach=13.5):
    """Nodes and weights of the standard normal z, in panels that end at the kinks of a function of sqrt(variance) z."""
    root = math.sqrt(variance)
    cuts = sorted({-reach, reach, *(kink / root for kink in kinks if abs(kink / root) < reach)})
    panels = np.unique(np.concatenate([np.linspace(a, b, 2 + int((b - a) / min(0.45, 1.1 / root))) for a, b in zip(cuts, cuts[1:])]))
    middle, half = (panels[1:] + panels[:-1]) / 2, (panels[1:] - panels[:-1]) / 2
    z = (middle[:, None] + half[:, None] * LEGENDRE[0]).ravel()
    return z, (half[:, None] * LEGENDRE[1]).ravel() * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)

def coefficients(f, variance, kinks, count):
    """E[f he_p], he_p = He_p/sqrt(p!)."""
    z, w = line(variance, kinks)
    values = w * f(math.sqrt(variance) * z)
    before, here, result = np.zeros_like(z), np.ones_like(z), []
    for p in range(count + 1):
        result.append(values @ here)
        before, here = here, (z * here - math.sqrt(p) * before) / math.sqrt(p + 1)
    return np.array(result)

LOG = np.array([math.lgamma(p + 1) for p in range(1000)])

class Network:
    def __init__(self, activation, kernel, C_W, C_b, alpha, eps, layers):
        self.activation, self.kernel, self.C_W, self.C_b, self.alpha, self.eps, self.layers = activation, np.array(kernel, float), C_W, C_b, alpha, eps, layers
        self.f, self.kinks = ACTIVATIONS[activation]
        self.N, self.h = len(self.kernel), eps ** 2
        self.pairs = [(a, b) for a in range(self.N) for b in range(a, self.N)]
        self.P = len(self.pairs)

    def at(self, a, b): return self.pairs.index((min(a, b), max(a, b)))

    def matrix(self, values):
        result = np.zeros((self.N, self.N))
        for value, (a, b) in zip(values, self.pairs): result[a, b] = result[b, a] = value
        return result

    def derivatives(self, K, highest, terms=400):
        """<d_a^i d_b^j sigma_a sigma_b>, for a = b <d_a^i sigma_a^2> at [i, 0]; between inputs by Mehler's series."""
        sigma = lambda x: self.f(x)[0]
        single = [coefficients(sigma, K[a, a], self.kinks, terms) for a in range(self.N)] if self.N > 1 else None
        result = {}
        for a, b in self.pairs:
            D = result[a, b] = np.zeros((highest + 1, highest + 1))
            if a == b:
                c = coefficients(lambda x: sigma(x) ** 2, K[a, a], self.kinks, highest)
                D[:, 0] = [c[i] * math.exp(LOG[i] / 2) * K[a, a] ** (-i / 2) for i in range(highest + 1)]
                continue
            rho = K[a, b] / math.sqrt(K[a, a] * K[b, b])
            for i in range(highest + 1):
                for j in range(highest + 1 - i):
                    m = np.arange(terms + 1 - max(i, j))
                    series = single[a][m + i] * single[b][m + j] * np.exp(LOG[m + i] / 2 + LOG[m + j] / 2 - LOG[m]) * rho ** m
                    D[i, j] = series.sum() * K[a, a] ** (-i / 2) * K[b, b] ** (-j / 2)
        return result

    def mean_field(self, highest):
        K, kernels, tables = self.kernel, [], []
        for _ in range(self.layers + 1):
            D = self.derivatives(K, highest)
            kernels.append(K); tables.append(D)
            K = self.alpha ** 2 * K + self.h * (self.C_b + self.C_W * self.matrix([D[p][0, 0] for p in self.pairs]))
        return kernels, tables

    def free(self, K): return np.array([[K[a, c] * K[b, d] + K[a, d] * K[b, c] for c, d in self.pairs] for a, b in self.pairs])

    def seconds(self, pair):
        """d_c d_d that act on a function of a pair: (pair cd, how often it occurs, orders in a and b)."""
        a, b = pair
        return [((a, a), 1, (2, 0))] if a == b else [((a, a), 1, (2, 0)), ((b, b), 1, (0, 2)), ((a, b), 2, (1, 1))]

    def chi(self, D):
        result = np.zeros((self.P, self.P))
        for row, pair in enumerate(self.pairs):
            for cd, times, order in self.seconds(pair): result[row, self.at(*cd)] += self.C_W / 2 * times * D[pair][order]
        return result

    def half_hessian(self, D, V):
        result = np.zeros(self.P)
        for row, pair in enumerate(self.pairs):
            for cd, times, (i, j) in self.seconds(pair):
                for ef, more, (k, l) in self.seconds(pair): result[row] += self.C_W / 8 * times * more * D[pair][i + k, j + l] * V[self.at(*cd), self.at(*ef)]
        return result

def g_closure(net, connected):
    kernels, tables = net.mean_field(4)
    V, k1, a2 = net.free(net.kernel), np.zeros(net.P), net.alpha ** 2
    for l in range(net.layers + 1):
        chi = net.chi(tables[l])
        U = chi @ k1 + net.half_hessian(tables[l], V - net.free(kernels[l]) if connected else V)
        if l == net.layers: return kernels[l], V, k1, U / net.C_W
        A = a2 * np.eye(net.P) + net.h * chi
        V, k1 = A @ V @ A.T + net.free(kernels[l + 1]) - a2 ** 2 * net.free(kernels[l]), a2 * k1 + net.h * U

def tables_sum(first, second, left, right, K, order, shift=(0, 0)):
    """Order by order in modes: the covariance of sigma sigma of pair left (derivatives first) with d^shift sigma sigma of pair right, K between the layers."""
    (a, b), (c, d), (u, v), total = left, right, shift, 0.0
    # A pair of an input with itself is one variable: its second row, or column, of the table is empty.
    for n1 in range(order + 1):
        for n2 in range(order - n1 + 1 if c != d else 1):
            for n3 in range(order - n1 - n2 + 1 if a != b else 1):
                n4 = order - n1 - n2 - n3
                if n4 > 0 and (a == b or c == d): continue
                total += first[left][n1 + n2, n3 + n4] * second[right][n1 + n3 + u, n2 + n4 + v] * K[a, c] ** n1 * K[a, d] ** n2 * K[b, c] ** n3 * K[b, d] ** n4 / (
                    math.factorial(n1) * math.factorial(n2) * math.factorial(n3) * math.factorial(n4))
    return total

def modes(net, k):
    """hermite(k); the exact leading order of one input if k is None."""
    kernels, tables = net.mean_field(4 if k is None else max(k + 2, 4))
    kept = 4 if k is None else k
    a2, h, C_W, P, pairs, L = net.alpha ** 2, net.h, net.C_W, net.P, net.pairs, net.layers
    chis = [net.chi(D) for D in tables]

    def two_layers(m, l, second):
        """E[sigma^2(phi^m) (d d)^second sigma^2(phi^l)] less the product of means, without derivatives: Stein's identity in phi^l given phi^m."""
        f = lambda x: net.f(x)[0] ** 2
        K, Kl, cross = kernels[m][0, 0], kernels[l][0, 0], net.alpha ** (l - m) * kernels[m][0, 0]
        z, w = line(K, net.kinks)
        here = f(math.sqrt(K) * z)
        if l == m: return w @ here ** 2 - (w @ here) ** 2
        variance = Kl - cross ** 2 / K
        there = np.empty_like(z)
        for i, start in enumerate(cross / math.sqrt(K) * z):
            y, v = line(variance, [kink - start for kink in net.kinks])
            there[i] = v @ (f(start + math.sqrt(variance) * y) * ((y * y - 1) / variance if second else 1))
        return w @ (here * there) - (w @ here) * (w @ there)

    def F_F(m, l):
        if k is None: return np.array([[two_layers(m, l, False)]])
        orders = [j for j in range(1, max(k, 2) + 1) if j <= k or j == 2]
        K = net.alpha ** (l - m) * kernels[m]
        return np.array([[sum(tables_sum(tables[m], tables[l], p, q, K, j) for j in orders) for q in pairs] for p in pairs])

    def F_second(m, l, pair, shift):
        if k is None: return np.array([two_layers(m, l, True)])
        K = net.alpha ** (l - m) * kernels[m]
        return np.array([sum(tables_sum(tables[m], tables[l], p, pair, K, j, shift) for j in range(1, k - 1)) for p in pairs])

    FF = {(m, l): F_F(m, l) for l in range(L + 1) for m in range(l + 1)}
    FF.update({(l, m): value.T for (m, l), value in FF.items()})
    X, k1, s_X, s_s = [[]], np.zeros(P), [], []         # X[l][m]: what F^m contributes to X^l
    for l in range(L):
        X.append([(a2 * np.eye(P) + h * chis[l]) @ part for part in X[l]] + [h * C_W * np.eye(P)])
    for l in range(L + 1):
        X_free, XX, FX = np.zeros((P, P)), np.zeros((P, P)), np.zeros((P, P))
        for m in range(l):
            X_free += X[l][m] @ chis[m] @ net.free(kernels[m]) / C_W * net.alpha ** (2 * (l - m))
            FX += FF[l, m] @ X[l][m].T
            for n in range(l): XX += X[l][m] @ FF[m, n] @ X[l][n].T
        V = net.free(kernels[l]) + X_free + X_free.T + XX
        s_X.append(C_W * FX + chis[l] @ XX)
        s_s.append(C_W ** 2 * FF[l, l] + C_W * (FX @ chis[l].T + chis[l] @ FX.T) + chis[l] @ XX @ chis[l].T)
        U = chis[l] @ k1
        for m in range(l if kept >= 3 else 0):
            power = net.alpha ** (2 * (l - 1 - m))
            for row, pair in enumerate(pairs):
                for cd, times, (i, j) in net.seconds(pair):
                    response = C_W * F_second(m, l, pair, (i, j))
                    for n in range(m): response = response + chis[m] @ X[m][n] @ F_second(n, l, pair, (i, j))
                    value = h / 2 * times * response[net.at(*cd)]
                    for ef, more, (u, v) in net.seconds(pair) if kept >= 4 else []:
                        fourth = times * more * tables[l][pair][i + u, j + v]
                        value += fourth * (h / 4 * net.alpha ** (2 * (l - m)) * s_X[m][net.at(*cd), net.at(*ef)] + power * h * h / 8 * s_s[m][net.at(*cd), net.at(*ef)])
                    U[row] += C_W * power * value
        if l == L: return kernels[l], V, k1, U / C_W
        k1 = a2 * k1 + h * U

def sigma_kernel(net, nodes=40, step=0.12):
    pairs, P, h, C_W = net.pairs, net.P, net.h, net.C_W
    count = 2 * P
    of = lambda i: pairs[i % P]
    z = np.arange(-9, 9.001, step)
    weight = np.exp(-z * z / 2) * step / math.sqrt(2 * math.pi)
    plane, plane_weight = np.array(np.meshgrid(z, z, indexing="ij")).reshape(2, -1), np.outer(weight, weight).ravel()
    plane, plane_weight = plane[:, plane_weight > 1e-19], plane_weight[plane_weight > 1e-19]
    y, v = np.polynomial.hermite_e.hermegauss(nodes)
    v = v / v.sum()

    def functions(phi):
        s = net.f(phi)[0]
        return np.array([phi[a] * phi[b] for a, b in pairs] + [s[a] * s[b] for a, b in pairs])

    def product(s, pair, order):
        """d_a^i d_b^j sigma_a sigma_b, Leibniz for a = b."""
        (a, b), (i, j) = pair, order
        return s[i][a] * s[j][b] if a != b else sum(math.comb(i, q) * s[q][a] * s[i - q][a] for q in range(i + 1))

    def seconds(phi):
        s = net.f(phi)
        return [[np.full(phi.shape[1], (2.0 if pair[0] == pair[1] else float(order == (1, 1)))) if i < P else product(s, pair, order)
                 for cd, _, order in net.seconds(pair)] for i, pair in ((i, of(i)) for i in range(count))]

    # Each function in the block of its own inputs, then those of one input in the blocks of two.
    places = [(i, of(i)) for i in range(count)] + [(i, block) for block in pairs if block[0] != block[1] for i in range(count) if of(i) != block and set(of(i)) <= set(block)]
    which = [i for i, _ in places]
    K, m, V = net.kernel, np.zeros(len(places)), None
    for l in range(net.layers + 1):
        phi = np.linalg.cholesky(K) @ plane
        here, w = functions(phi), plane_weight
        mean = here @ w
        gram = (here * w) @ here.T - np.outer(mean, mean)
        V = gram[np.ix_(which, which)] if V is None else V
        if l == net.layers: return K, V[:P, :P], m[:P], m[P:count]
        Q = net.C_b + C_W * net.matrix(mean[P:])
        root = net.eps * np.linalg.cholesky(Q)
        carried, curved = np.zeros_like(here), [[0.0] * len(net.seconds(of(i))) for i in range(count)]
        for y1, v1 in zip(y, v):
            for y2, v2 in zip(y, v):
                if v1 * v2 < 1e-20: continue
                there = net.alpha * phi + (root @ [y1, y2])[:, None]
                carried += v1 * v2 * functions(there)
                for i, parts in enumerate(seconds(there)):
                    for e, part in enumerate(parts): curved[i][e] = curved[i][e] + v1 * v2 * part

        def project(function, block):
            within = [n for n, (_, its) in enumerate(places) if its == block]
            inside = [which[n] for n in within]
            result = np.zeros(len(places))
            result[within] = np.linalg.solve(gram[np.ix_(inside, inside)], ((here * w) @ function - mean * (w @ function))[inside])
            return result

        next_K = net.alpha ** 2 * K + h * Q
        next_phi = np.linalg.cholesky(next_K) @ plane
        there = functions(next_phi)
        next_mean, carried_mean = there @ w, carried @ w
        noise = (there * w) @ there.T - np.outer(next_mean, next_mean) - (carried * w) @ carried.T + np.outer(carried_mean, carried_mean)
        drift = np.array([project(carried[i], block) for i, block in places])
        next_m, matrix, s = drift @ m, drift.copy(), net.f(next_phi)
        for n, (i, block) in enumerate(places):
            sigma = lambda pair: places.index((P + net.at(*pair), block))
            for e, (cd, times, (p, q)) in enumerate(net.seconds(of(i))):
                response = w @ curved[i][e]
                matrix[n, sigma(cd)] += h * C_W / 2 * times * response
                next_m[n] += h * C_W / 2 * times * (V[sigma(cd)] @ project(curved[i][e], block) + response * m[sigma(cd)])
                for ef, more, (r, t) in net.seconds(of(i)) if i >= P else []:
                    next_m[n] += (h * C_W) ** 2 / 8 * times * more * V[sigma(cd), sigma(ef)] * (w @ product(s, of(i), (p + r, q + t)))
        K, m, V = next_K, next_m, matrix @ V @ matrix.T + noise[np.ix_(which, which)]

def case(closure, solve, *network):
    net = Network(*network)
    K, V, k1, u1 = solve(net)
    print(closure, *network, flush=True)
    return {"closure": closure, "activation": network[0], "kernel": network[1], "weightVariance": network[2], "biasVariance": network[3], "skip": network[4], "step": network[5],
            "depth": network[6], "K0": [K[p] for p in net.pairs], "V4": V.tolist(), "K1": list(k1), "U1": list(u1)}

one, two, wide = [[1.5]], [[2.0, 0.6], [0.6, 1.2]], [[0.8, -0.3, 0.2], [-0.3, 1.5, 0.4], [0.2, 0.4, 0.5]]
g_only, g_connected = (lambda net: g_closure(net, False)), (lambda net: g_closure(net, True))
hermite = lambda k: lambda net: modes(net, k)
CASES = [
    ("g-only", g_only, "tanh(x)", two, 2.0, 0.0, 1.0, 0.5, 6),
    ("g-only", g_only, "gelu", wide, 1.7, 0.1, 0.0, 1.0, 4),
    ("g-connected", g_connected, "softplus", two, 1.0, 0.2, 0.7, 1.0, 4),
    ("g-connected", g_connected, "relu", two, 1.5, 0.1, 1.1, 0.4, 4),
    ("hermite(6)", hermite(6), "tanh(x)", two, 2.0, 0.0, 1.0, 0.5, 5),
    ("hermite(5)", hermite(5), "gelu", two, 1.7, 0.1, -0.8, 0.9, 4),
    ("hermite(4)", hermite(4), "silu", wide, 1.7, 0.1, 1.0, 0.3, 3),
    ("hermite(3)", hermite(3), "softplus", wide, 1.0, 0.0, 1.2, 0.3, 3),
    ("hermite(8)", hermite(8), "erf(x)", one, 1.7, 0.1, 0.0, 1.0, 8),
    ("hermite(7)", hermite(7), "relu", one, 1.7, 0.1, 1.0, 1.0, 6),
    ("exact", hermite(None), "tanh(x)", [[2.0]], 2.0, 0.0, 1.0, 0.5, 6),
    ("exact", hermite(None), "gelu", one, 1.7, 0.1, 1.0, 0.4, 6),
    ("exact", hermite(None), "softplus", [[3.0]], 1.0, 0.0, 0.8, 0.9, 5),
    ("exact", hermite(None), "silu", [[0.5]], 2.0, 0.3, -0.7, 1.0, 5),
    ("exact", hermite(None), "relu", [[2.0]], 2.0, 0.1, 1.0, 0.7, 3),
    ("sigma-kernel", sigma_kernel, "softplus", [[1.0, -0.5], [-0.5, 0.5]], 1.0, 0.1, 0.7, 1.0, 2),
    ("sigma-kernel", sigma_kernel, "tanh(x)", [[2.0, 0.6], [0.6, 2.0]], 2.0, 0.0, 1.0, 0.5, 2),
    ("sigma-kernel", sigma_kernel, "tanh(x)", [[4.0, 2.0], [2.0, 3.0]], 2.0, 0.0, 1.0, 0.5, 2),
    ("sigma-kernel", sigma_kernel, "erf(x)", [[1.0, 0.9], [0.9, 1.5]], 1.0, 0.1, 0.8, 0.4, 2),
    ("sigma-kernel", sigma_kernel, "erf(x)", [[1.0, 0.97], [0.97, 1.0]], 1.5, 0.1, 1.0, 0.5, 3),
]

if __name__ == "__main__":
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "leading_order.json"), "w") as file:
        json.dump({"cases": [case(*each) for each in CASES]}, file, indent=1)
        file.write("\n")
