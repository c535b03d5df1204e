#!/usr/bin/python3
"""The table E[sigma^(i)_a sigma^(j)_b], sigma = tanh, as one makes it with SciPy. Called by compare.py with a JSON of inputs.

u_p = E[sigma^(p)] for all p up to 24 + extra orders by scipy.integrate.quad, one integral an order and an input: sigma(x) times
the Hermite polynomial (scipy.special.eval_hermitenorm) times the Gaussian density. The pair table is then Mehler's series,
vectorised with NumPy over i, j and m. That is the fastest of the plain ways: dblquad for each entry takes a minute a pair.
"""
import json
import sys
import time

import numpy as np
from scipy.integrate import quad
from scipy.special import eval_hermitenorm, gammaln


def moments(k, orders):
    """c_p = E[sigma(sqrt(k) z) he_p(z)], he_p orthonormal."""
    deviation = np.sqrt(k)
    result = np.zeros(orders)
    for p in range(1, orders, 2):  # tanh is odd: the even ones vanish
        norm = np.exp(-0.5 * gammaln(p + 1)) / np.sqrt(2 * np.pi)
        result[p] = 2 * quad(lambda z: np.tanh(deviation * z) * eval_hermitenorm(p, z) * norm * np.exp(-0.5 * z * z),
                             0, 38, epsabs=1e-14, epsrel=1e-13, limit=400)[0]
    return result


def table(kernel, highest, orders):
    """[pair, i, j] for a <= b."""
    n = len(kernel)
    factorials = gammaln(np.arange(orders + 1) + 1)
    # u_p = sqrt(p!) k^(-p/2) c_p
    u = []
    for a in range(n):
        c = moments(kernel[a][a], orders)
        u.append(c * np.exp(0.5 * factorials[:orders] - 0.5 * np.arange(orders) * np.log(kernel[a][a])))
    terms = orders - highest
    m = np.arange(terms)
    i = np.arange(highest + 1)
    index = i[:, None] + m[None, :]
    out = []
    for a in range(n):
        for b in range(a, n):
            k = kernel[a][b]
            weights = np.sign(k) ** m * np.exp(m * np.log(abs(k)) - factorials[:terms]) if k != 0 else (m == 0) * 1.0
            out.append((u[a][index] * weights) @ u[b][index].T)
    return np.array(out)


def main():
    job = json.load(open(sys.argv[1]))
    start = time.perf_counter()
    result = table(job["kernel"], job["highest"], job["orders"])
    elapsed = time.perf_counter() - start
    np.save(sys.argv[2], result)
    print(json.dumps({"seconds": elapsed}))


if __name__ == "__main__":
    main()
