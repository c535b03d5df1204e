#!/usr/bin/python3
"""E[sigma^(i)_a sigma^(j)_b] for tanh, all pairs of N = 4, 16, 64 inputs, i + j <= 24: ours against SciPy, in one run.

Needs Debian's python3-scipy, python3-numpy and python3-mpmath. From the root of the repository:

    dotnet build benchmarks -c Release
    /usr/bin/python3 benchmarks/expectations/compare.py

Times: the table alone, in one thread, programs started and warm. Errors: against a two-dimensional trapezoid rule at 30 digits
(mpmath) over the derivatives as polynomials of tanh, for some entries of the smallest kernel, relative to
sqrt(E[sigma^(i)^2] E[sigma^(j)^2]).
"""
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from mpmath import mp, mpf, tanh, exp, sqrt, pi

import table_scipy

HIGHEST, ORDERS, TARGET = 24, 24 + 96, 1e-10
HERE = pathlib.Path(__file__).parent
PROGRAM = HERE.parent / "bin" / "Release" / "net10.0" / "SymbolicEft.Benchmarks.dll"


def kernel(n):
    """Gram matrix of n points with variances in 0.5 .. 2 and correlations below 0.8."""
    random = np.random.default_rng(4742)
    dimension = 8
    while True:
        points = random.standard_normal((n * 4, dimension))
        points /= np.linalg.norm(points, axis=1)[:, None]
        chosen = []
        for point in points:
            if all(abs(point @ other) < 0.8 for other in chosen):
                chosen.append(point)
        if len(chosen) >= n:
            break
    scale = np.sqrt(np.linspace(0.5, 2, n))
    chosen = np.array(chosen[:n]) * scale[:, None]
    return (chosen @ chosen.T).tolist()


def derivatives(highest):
    """sigma^(k) as polynomials in t = tanh: coefficients of t^0, t^1, ..."""
    polynomials = [[0, 1]]
    for _ in range(highest):
        p = polynomials[-1]
        slope = [m * p[m] for m in range(1, len(p))]
        product = [0] * (len(slope) + 2)
        for m, c in enumerate(slope):
            product[m] += c
            product[m + 2] -= c
        polynomials.append(product)
    return polynomials


def reference(kaa, kab, kbb, entries, step=mpf(1) / 12, reach=12):
    """The entries and their scales at 30 digits."""
    mp.dps = 40
    polynomials = derivatives(HIGHEST)
    kaa, kab, kbb = mpf(kaa), mpf(kab), mpf(kbb)
    da, slope, rest = sqrt(kaa), kab / sqrt(kaa), sqrt(kbb - kab * kab / kaa)
    nodes = [step * k for k in range(-int(reach / step), int(reach / step) + 1)]
    weights = [step * exp(-z * z / 2) / sqrt(2 * pi) for z in nodes]

    def value(order, t):
        return mp.polyval(polynomials[order][::-1], t)

    orders_left, orders_right = sorted({i for i, _ in entries}), sorted({j for _, j in entries})
    sums = {entry: mpf(0) for entry in entries}
    for z, w in zip(nodes, weights):
        t = tanh(da * z)
        left = {i: value(i, t) for i in orders_left}
        inner = {j: mpf(0) for j in orders_right}
        for y, v in zip(nodes, weights):
            if w * v < mpf(10) ** -34:
                continue
            s = tanh(slope * z + rest * y)
            for j in orders_right:
                inner[j] += v * value(j, s)
        for i, j in entries:
            sums[i, j] += w * left[i] * inner[j]

    def square(order, k):
        return sum(w * value(order, tanh(sqrt(k) * z)) ** 2 for z, w in zip(nodes, weights))

    return {(i, j): (sums[i, j], sqrt(square(i, kaa) * square(j, kbb))) for i, j in entries}


def main():
    entries = [(0, 0), (1, 1), (2, 0), (5, 7), (12, 12), (24, 0), (1, 23)]
    print("N    ours, again   ours, first     SciPy    ratio   pairs integrated directly")
    with tempfile.TemporaryDirectory() as folder:
        for n in (4, 16, 64):
            k = kernel(n)
            job, ours_file, theirs_file = (str(pathlib.Path(folder) / name) for name in ("job.json", "ours.json", "theirs.npy"))
            json.dump({"kernel": k, "highest": HIGHEST, "orders": ORDERS, "repeats": 41, "target": TARGET}, open(job, "w"))
            mine = json.loads(subprocess.run(["dotnet", str(PROGRAM), "expectation-table", job, ours_file], check=True, capture_output=True, text=True).stdout)
            theirs = json.loads(subprocess.run([sys.executable, str(HERE / "table_scipy.py"), job, theirs_file], check=True, capture_output=True, text=True).stdout)
            print(f"{n:2d} {mine['median'] * 1e3:10.2f} ms {mine['first'] * 1e3:10.0f} ms {theirs['seconds'] * 1e3:8.0f} ms {theirs['seconds'] / mine['median']:7.0f} {mine['direct']:7d} of {n * (n + 1) // 2}", flush=True)
            if n == 4:
                ours = np.array(json.load(open(ours_file))).reshape(-1, HIGHEST + 1, HIGHEST + 1)
                scipy = np.load(theirs_file)
                kept = (ours, scipy, k)
    ours, scipy, k = kept
    pairs = [(a, b) for a in range(4) for b in range(a, 4)]
    at = max((index for index, (a, b) in enumerate(pairs) if a != b), key=lambda index: abs(k[pairs[index][0]][pairs[index][1]]))
    a, b = pairs[at]
    print(f"errors at K = [[{k[a][a]:.4f}, {k[a][b]:.4f}], [{k[a][b]:.4f}, {k[b][b]:.4f}]], relative to the root mean squares:")
    print("(i, j)        ours      SciPy")
    for (i, j), (exact, size) in reference(k[a][a], k[a][b], k[b][b], entries).items():
        print(f"({i:2d},{j:2d})    {float(abs(ours[at, i, j] - exact) / size):9.1e}  {float(abs(scipy[at, i, j] - exact) / size):9.1e}")


if __name__ == "__main__":
    main()
