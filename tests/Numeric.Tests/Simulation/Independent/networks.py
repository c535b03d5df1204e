#!/usr/bin/python3
"""Finite networks simulated with PyTorch from the definition of a layer, W and all: the reference of IndependentSimulationTests.

    python3 networks.py OUTPUT.json [SECONDS]        needs PyTorch, and wants a GPU; SECONDS for each case (default 20)

    phi' = skip phi + step (W sigma(phi) + b),   W_ij ~ N(0, C_W/n),   b_i ~ N(0, C_b),   rows of phi at layer 0 ~ N(0, K)

Nothing is shared with the toolkit: no derived equation, no block law ("weights" draws all n^2 weights of every layer), no
control variate, another random generator. "rows" draws the rows of W sigma(phi) + b from their law given phi instead, as
arXiv:2604.15742 does, so that many more networks fit into the time. State in double precision, normals in single.
Statistics: K1_ab = n (mean G_ab - K0_ab) needs a K0 and is left to the reader, so mean G_ab and n Cov(G_ab, G_cd) are written
with standard errors; those of the covariances from 32 groups of networks.
"""
import json
import math
import sys
import time

import torch

GROUPS = 32
TANH = dict(activation="tanh", weightVariance=2.0, biasVariance=0.0, skip=1.0, step=0.05, depth=800)
CASES = [
    dict(name="paper-weights", law="weights", width=64, kernel=[[2, .6, .6, .6], [.6, 2, .6, .6], [.6, .6, 2, .6], [.6, .6, .6, 2]], share=2.5, **TANH),
    dict(name="paper-rows", law="rows", width=64, kernel=[[2, .6, .6, .6], [.6, 2, .6, .6], [.6, .6, 2, .6], [.6, .6, .6, 2]], share=2.5, **TANH),
    dict(name="mlp-weights", law="weights", width=32, kernel=[[1.0, 0.5], [0.5, 2.0]], share=0.5, activation="tanh", weightVariance=1.5, biasVariance=0.1, skip=0.0, step=1.0, depth=10),
]
for width in (64, 256):
    CASES += [
        dict(name=f"tanh-{width}", law="rows", width=width, kernel=[[2.0]], **TANH),
        dict(name=f"gelu-{width}", law="rows", width=width, kernel=[[1.5]], activation="gelu", weightVariance=1.7, biasVariance=0.1, skip=1.0, step=math.sqrt(0.005), depth=300),
        dict(name=f"relu-{width}", law="rows", width=width, kernel=[[1.0]], activation="relu", weightVariance=2.0, biasVariance=0.0, skip=1.0, step=0.1, depth=100),
        dict(name=f"softplus-{width}", law="rows", width=width, kernel=[[1.0]], activation="softplus", weightVariance=1.0, biasVariance=0.0, skip=1.0, step=0.1, depth=100),
        dict(name=f"erf-{width}", law="rows", width=width, kernel=[[2.0]], activation="erf", weightVariance=2.0, biasVariance=0.0, skip=1.0, step=0.1, depth=200),
    ]

ACTIVATIONS = {
    "tanh": torch.tanh,
    "gelu": torch.nn.functional.gelu,
    "relu": torch.relu,
    "softplus": lambda x: torch.nn.functional.softplus(x, threshold=40),
    "erf": torch.erf,
}


def cholesky(matrix):
    """Of small matrices in the last two dimensions, entry by entry."""
    size = matrix.shape[-1]
    factor = torch.zeros_like(matrix)
    for j in range(size):
        rest = matrix[..., j, j] - (factor[..., j, :j] ** 2).sum(-1)
        factor[..., j, j] = rest.clamp_min(0).sqrt()
        for i in range(j + 1, size):
            factor[..., i, j] = (matrix[..., i, j] - (factor[..., i, :j] * factor[..., j, :j]).sum(-1)) / factor[..., j, j]
    return factor


def batch(case, count, generator):
    """G at the last layer of so many networks."""
    n, sigma, device = case["width"], ACTIVATIONS[case["activation"]], generator.device
    kernel = torch.tensor(case["kernel"], dtype=torch.float64, device=device)
    size, step, skip, weight, bias = kernel.shape[0], case["step"], case["skip"], case["weightVariance"], case["biasVariance"]

    def normals(*shape):
        return torch.randn(*shape, generator=generator, device=device, dtype=torch.float32).double()

    phi = normals(count, n, size) @ cholesky(kernel).T
    for _ in range(case["depth"]):
        value = sigma(phi)
        if case["law"] == "weights":
            drawn = torch.bmm(normals(count, n, n), value) * math.sqrt(weight / n)
            if bias > 0:
                drawn += math.sqrt(bias) * normals(count, n, 1)
        else:
            factor = cholesky(torch.bmm(value.transpose(1, 2), value) * (weight / n) + bias)
            drawn = torch.bmm(normals(count, n, size), factor.transpose(1, 2))
        phi = skip * phi + step * drawn
    return torch.bmm(phi.transpose(1, 2), phi) / n


def simulate(case, seconds, device):
    generator = torch.Generator(device=device).manual_seed(20260415)
    n, size = case["width"], len(case["kernel"])
    pairs = [(a, b) for a in range(size) for b in range(a, size)]
    per_network = n * (n if case["law"] == "weights" else 4 * size)
    count = max(1024, min(262144, (1 << 25) // per_network))
    groups = [[0, None, None] for _ in range(GROUPS)]  # networks, sum of G, sum of products
    began, turn = time.monotonic(), 0
    # Whole rounds of groups, so that all have as many networks.
    while turn % GROUPS or turn == 0 or time.monotonic() - began < seconds * case.get("share", 1.0):
        kernels = batch(case, count, generator)
        flat = torch.stack([kernels[:, a, b] for a, b in pairs], dim=1) - torch.tensor([case["kernel"][a][b] for a, b in pairs], dtype=torch.float64, device=device)
        total, products = flat.sum(0), flat.T @ flat
        group = groups[turn % GROUPS]
        group[0] += count
        group[1] = total if group[1] is None else group[1] + total
        group[2] = products if group[2] is None else group[2] + products
        turn += 1
        total[0].item()  # waits for the device, so that the time is that of work done
    networks = sum(group[0] for group in groups)
    mean = sum(group[1] for group in groups) / networks
    covariance = (sum(group[2] for group in groups) / networks - torch.outer(mean, mean)) * networks / (networks - 1)
    # Each group's estimate about the mean of all.
    parts = torch.stack([group[2] / group[0] - torch.outer(mean, group[1] / group[0]) - torch.outer(group[1] / group[0], mean) + torch.outer(mean, mean) for group in groups])
    error = parts.std(0) / math.sqrt(GROUPS)
    start = torch.tensor([case["kernel"][a][b] for a, b in pairs], dtype=torch.float64, device=device)
    return {
        **{key: case[key] for key in ("name", "law", "activation", "weightVariance", "biasVariance", "skip", "step", "depth", "width", "kernel")},
        "networks": networks,
        "pairs": pairs,
        "G": (mean + start).tolist(),
        "V4": (n * covariance).tolist(),
        "standardErrors": {"G": (covariance.diagonal() / networks).sqrt().tolist(), "V4": (n * error).tolist()},
    }


def main():
    output, seconds = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    results = []
    for case in CASES:
        began = time.monotonic()
        results.append(simulate(case, seconds, device))
        last = results[-1]
        print(f"{case['name']:16s} {last['networks']:>12,} networks  {time.monotonic() - began:6.1f} s  G_00 {last['G'][0]:.6f} +- {last['standardErrors']['G'][0]:.6f}  V4_00,00 {last['V4'][0][0]:.5f} +- {last['standardErrors']['V4'][0][0]:.5f}", flush=True)
        with open(output, "w") as file:
            name = torch.cuda.get_device_name() if device.type == "cuda" else "cpu"
            lines = ",\n".join(f" {json.dumps(result)}" for result in results)
            file.write(f'{{"torch": "{torch.__version__}", "device": "{name}", "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
