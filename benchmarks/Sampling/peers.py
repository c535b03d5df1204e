"""The ensemble as arXiv:2604.15742 samples it: batches of 2,000 networks, bmm, cholesky, one layer after another.

    python3 peers.py torch|numpy float32|float64 LAYERS

prints the milliseconds that one network of n = 64, N = 4 takes for 800 layers, from one batch run through LAYERS layers.
"""
import sys
import time

BATCH, WIDTH, INPUTS, LAYERS, STEP, WEIGHT_VARIANCE = 2000, 64, 4, 800, 0.05, 2.0


def with_torch(precision, layers):
    import torch

    torch.set_num_threads(torch.get_num_threads() if torch.get_num_threads() > 1 else 2)
    dtype = getattr(torch, precision)
    identity = torch.eye(INPUTS, dtype=dtype)
    kernel = 2 * (0.7 * identity + 0.3 * torch.ones(INPUTS, INPUTS, dtype=dtype))
    jitter = (1e-6 if precision == "float32" else 1e-10) * identity

    def run(count):
        h = torch.randn(BATCH, WIDTH, INPUTS, dtype=dtype) @ torch.linalg.cholesky(kernel).T
        for _ in range(count):
            sigma = torch.tanh(h)
            covariance = WEIGHT_VARIANCE / WIDTH * torch.bmm(sigma.transpose(1, 2), sigma)
            factor = torch.linalg.cholesky(covariance + jitter)
            h = h + STEP * torch.bmm(torch.randn(BATCH, WIDTH, INPUTS, dtype=dtype), factor.transpose(1, 2))
        return torch.bmm(h.transpose(1, 2), h) / WIDTH

    return timed(run, layers)


def with_numpy(precision, layers):
    import numpy

    dtype = numpy.dtype(precision)
    generator = numpy.random.Generator(numpy.random.SFC64(1))
    identity = numpy.eye(INPUTS, dtype=dtype)
    kernel = (2 * (0.7 * identity + 0.3)).astype(dtype)
    jitter = dtype.type(1e-6 if precision == "float32" else 1e-10) * identity

    def run(count):
        h = generator.standard_normal((BATCH, WIDTH, INPUTS), dtype=dtype) @ numpy.linalg.cholesky(kernel).T
        for _ in range(count):
            sigma = numpy.tanh(h)
            covariance = dtype.type(WEIGHT_VARIANCE / WIDTH) * (sigma.transpose(0, 2, 1) @ sigma)
            factor = numpy.linalg.cholesky(covariance + jitter)
            h = h + dtype.type(STEP) * (generator.standard_normal((BATCH, WIDTH, INPUTS), dtype=dtype) @ factor.transpose(0, 2, 1))
        return h.transpose(0, 2, 1) @ h / WIDTH

    return timed(run, layers)


def timed(run, layers):
    run(2)
    start = time.perf_counter()
    run(layers)
    return (time.perf_counter() - start) / BATCH * LAYERS / layers * 1e3


if __name__ == "__main__":
    library, precision, layers = sys.argv[1:]
    print({"torch": with_torch, "numpy": with_numpy}[library](precision, int(layers)))
