# Gaussian expectations whose closed forms cancel, or have large exponents, to 50 digits: each by a formula of its own, for kernels that are doubles.
#   python3 closed_forms.py > closed_forms.txt
import random

import mpmath as mp

mp.mp.dps = 80
rng = random.Random(4112026)
half = mp.mpf(1) / 2


def Phi(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def number(low, high):
    text = f"{rng.uniform(low, high):.3f}"
    return text, mp.mpf(text)


def variance(low=-2, high=1):
    k = float(f"{10 ** rng.uniform(low, high):.6g}")
    return k, mp.mpf(k)


def moment(n, k):
    return mp.mpf(0) if n % 2 else mp.fac2(n - 1) * k ** (n // 2)


def pair():
    """A kernel with a correlation that may be close to 1 or -1."""
    a, b = variance()[0], variance()[0]
    rho = mp.sign(rng.uniform(-1, 1)) * (1 - mp.mpf(10) ** rng.uniform(-14, -0.1))
    c = float(rho * mp.sqrt(mp.mpf(a) * mp.mpf(b)))
    exact = [mp.mpf(v) for v in (a, c, b)]
    return ([[a, c], [c, b]], *exact) if exact[0] * exact[2] > exact[1] ** 2 else pair()


def show(text, kernel, value):
    print(f"{text}|{kernel}|{mp.nstr(value, 50)}")


for _ in range(12):
    (ta, a), (tb, b), (k, K) = number(-6, 6), number(0.1, 9), variance()
    show(f"exp({ta}*x)*sin({tb}*x)", [[k]], mp.exp((a * a - b * b) * K / 2) * mp.sin(a * b * K))
    (ta, a), (tb, b), (k, K) = number(0.001, 0.2), number(0.1, 9), variance()
    show(f"cos({ta}*x)-1", [[k]], mp.expm1(-a * a * K / 2))
    n = rng.randint(2, 9)
    k = float(1 + rng.choice([-1, 1]) * 10 ** rng.uniform(-12, -1))
    show(f"hermite({2 * n}, x)", [[k]], mp.fac2(2 * n - 1) * (mp.mpf(k) - 1) ** n)
    (tc, c), (k, K) = number(0.2, 3), variance(-1, 1)
    n = rng.randint(2, 6)
    show(f"(x^2-{tc})^{n}", [[k]], mp.fsum(mp.binomial(n, j) * moment(2 * j, K) * (-c) ** (n - j) for j in range(n + 1)))
    (ta, a), (tb, b), (tc, c), (k, K) = number(-4, 4), number(-30, 5), number(-5, 5), variance()
    show(f"exp({tc}*x)*Phi({ta}*x+({tb}))", [[k]], mp.exp(c * c * K / 2) * Phi((b + a * c * K) / mp.sqrt(1 + a * a * K)))
    (ta, a), (tb, b), (k, K) = number(0.5, 8), number(-8, 8), variance()
    show(f"sinh({ta}*x)*exp({tb}*x)", [[k]], mp.exp((a * a + b * b) * K / 2) * mp.sinh(a * b * K))
    kernel, A, C, B = pair()
    angle, root = mp.atan2(C, mp.sqrt(A * B - C * C)), mp.sqrt(A * B - C * C)
    show("relu(x)*relu(y)", kernel, (root + C * (mp.pi / 2 + angle)) / (2 * mp.pi))
    show("step(x)*step(y)", kernel, mp.mpf(1) / 4 + angle / (2 * mp.pi))
    show("abs(x)*abs(y)", kernel, 2 * (root + C * angle) / mp.pi)
    show("erf(x)*erf(y)", kernel, 2 / mp.pi * mp.asin(2 * C / mp.sqrt((1 + 2 * A) * (1 + 2 * B))))
    (ta, a), (tb, b) = number(0.5, 4), number(0.5, 4)
    show(f"sin({ta}*x)*sin({tb}*y)", kernel, mp.exp(-(a * a * A + b * b * B) / 2) * mp.sinh(a * b * C))
    show(f"(x-y)^2", kernel, A - 2 * C + B)
    (ta, a) = number(-3, 3)
    show(f"x^2*y^2*exp({ta}*x)", kernel, mp.exp(a * a * A / 2) * ((a * A) ** 2 * (a * C) ** 2 + A * (a * C) ** 2 + 4 * C * a * A * a * C + B * (a * A) ** 2 + A * B + 2 * C * C))
