#!/usr/bin/python3
"""The values of HiddenFeatureTests.cs, to thirty digits: exact formulas, and integrals of one variable by tanh-sinh quadrature,
split at the features; of two variables, the inner integral is a textbook formula. Kernel entries are the doubles.

Run:  /usr/bin/python3 make_features.py      (seconds; needs Debian's python3-mpmath)
"""
from mpmath import mp, mpf, exp, sqrt, pi, tanh, erf, erfc, log, log1p, quad

mp.dps = 30
HALVES = [mpf(i) / 2 for i in range(-40, 41)]


def density(z):
    return exp(-z * z / 2) / sqrt(2 * pi)


def Phi(t):
    return erfc(-t / sqrt(2)) / 2


def relu_mean(m, s):
    """E[relu(m + s w)]."""
    return m * Phi(m / s) + s * density(m / s)


def peak(a, m, k):
    """E[exp(-a (x - m)^2)]."""
    return exp(-a * m * m / (1 + 2 * a * k)) / sqrt(1 + 2 * a * k)


print("peak, K = 1        ", peak(10**6, mpf("1.23"), mpf(1)))
print("peak, K = 4.37     ", peak(10**6, mpf("1.23"), mpf("4.37")))
print("exp(-1/x^2)        ", exp(-sqrt(2)))
print("sin(x)/x           ", sqrt(pi / 2) * erf(1 / sqrt(2)))
print("tanh(x)/x          ", quad(lambda z: (tanh(z) / z if z else 1) * density(z), HALVES))
print("delta(x-1) tanh(x) ", tanh(1) * density(mpf(1)))
s = sqrt(mpf(3) / 4)
print("delta(x-1) tanh(y) ", density(mpf(1)) * quad(lambda w: tanh(mpf(1) / 2 + s * w) * density(w), HALVES))

b = mpf(-24.999)
s = sqrt(25 - b * b / 25)
cuts = sorted(set(HALVES + [mpf(i) / 200 for i in range(-20, 21)]))
print("tanh(x) relu(y)    ", quad(lambda z: tanh(5 * z) * relu_mean(b / 5 * z, s) * density(z), cuts))
start = mpf(1) / 5
cuts = [start] + sorted({start + mpf(i) / 400 for i in range(1, 61)} | {mpf(i) / 2 for i in range(1, 30)})
print("step(x-1) step(y+1)", quad(lambda z: Phi((1 + b / 5 * z) / s) * density(z), cuts))

rho = mpf(0.999)
s = sqrt(1 - rho**2)
cuts = sorted({mpf(i) / 2 for i in range(-8, 40)} | {6 + mpf(i) / 40 for i in range(-40, 41)})
print("logistic(x) step(y-6)", quad(lambda z: Phi((rho * z - 6) / s) / (1 + exp(-z)) * density(z), cuts))


def f(x):
    return log1p(exp(x)) - log(2) - x / 2


print("softplus - ...     ", quad(lambda z: f(z / 10) * density(z), HALVES))
print("(softplus - ...)^2 ", quad(lambda z: f(z / 10) ** 2 * density(z), HALVES))
