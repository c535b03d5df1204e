"""The right-hand side of the G-only equations in discrete depth with NumPy's einsum, as one writes it down:

    python3 peers.py INPUTS

prints the microseconds of one step of K0, V4, V4 without transport and K1, expectations given.
"""
import sys
import time

import numpy

inputs = int(sys.argv[1])
generator = numpy.random.default_rng(1)
alpha, eps, weight, bias = 1.0, 0.05, 2.0, 0.1
h = eps * eps


def symmetric(*shape):
    values = generator.random(shape)
    return (values + values.swapaxes(-1, -2)) / 2


kernel, correction = symmetric(inputs, inputs), symmetric(inputs, inputs)
s00, s11, s22, s02, s04, s13 = symmetric(inputs, inputs), symmetric(inputs, inputs), symmetric(inputs, inputs), generator.random((inputs, inputs)), generator.random((inputs, inputs)), generator.random((inputs, inputs))
v4 = generator.random((inputs,) * 4)
v4 = v4 + v4.transpose(1, 0, 2, 3)
v4 = v4 + v4.transpose(0, 1, 3, 2)
v4 = v4 + v4.transpose(2, 3, 0, 1)
source_only = v4.copy()


def respond(matrix):
    """(alpha^2 + h chi) on the first pair of indices."""
    diagonal = numpy.einsum("aacd->acd", matrix)
    return (alpha**2 + h * weight * s11)[:, :, None, None] * matrix + h * weight / 2 * (
        numpy.einsum("ba,acd->abcd", s02, diagonal) + numpy.einsum("ab,bcd->abcd", s02, diagonal))


def step():
    q = bias + weight * s00
    noise = alpha**2 * h * (numpy.einsum("ac,bd->abcd", kernel, q) + numpy.einsum("ad,bc->abcd", kernel, q) + numpy.einsum("bc,ad->abcd", kernel, q) + numpy.einsum("bd,ac->abcd", kernel, q))
    noise += h * h * (numpy.einsum("ac,bd->abcd", q, q) + numpy.einsum("ad,bc->abcd", q, q))
    next_v4 = respond(respond(v4).transpose(2, 3, 0, 1)).transpose(2, 3, 0, 1) + noise
    next_source = alpha**4 * source_only + noise
    first = numpy.einsum("aaaa->a", v4)
    tadpole = (s04 * first[None, :] + (s04 * first[None, :]).T) / 8 + numpy.einsum("ab,abbb->ab", s13, v4) / 2 + numpy.einsum("ba,aaab->ab", s13, v4) / 2 \
        + s22 * (numpy.einsum("aabb->ab", v4) / 4 + numpy.einsum("abab->ab", v4) / 2)
    diagonal = numpy.einsum("aa->a", correction)
    response = s11 * correction + (s02 * diagonal[None, :] + (s02 * diagonal[None, :]).T) / 2
    return alpha**2 * kernel + h * q, next_v4, next_source, alpha**2 * correction + h * weight * (response + tadpole)


step()
count, start = 0, time.perf_counter()
while time.perf_counter() - start < 0.4:
    step()
    count += 1
print((time.perf_counter() - start) / count * 1e6)
