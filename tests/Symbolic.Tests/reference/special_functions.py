"""Reference values for SpecialFunctionTests and ClosedFormLimitTests, 40 digits, straight from the definitions.

Needs python3-mpmath; prints rows "name|argument|value" (functions) and "name|Kxx|Kxy|Kyy|value" (expectations)."""
from mpmath import mp, mpf, erf, erfc, exp, expm1, log1p, quad, sqrt, pi, inf

mp.dps = 40


def row(*cells):
    print("|".join(c if isinstance(c, str) else mp.nstr(c, 25) for c in cells))


for x in ["-6", "-2.5", "-1", "-0.3", "1e-9", "0.499", "0.501", "0.999", "1.001", "2.5", "6", "20", "26.5"]:
    row("erf", x, erf(mpf(float(x))))
    row("erfc", x, erfc(mpf(float(x))))
for x in ["-38", "-20", "-5", "-1", "-0.51", "-0.49", "-1e-12", "0.3", "4"]:
    row("Phi", x, erfc(-mpf(float(x)) / sqrt(2)) / 2)
for x in ["-800", "-30", "-1e-10", "1e-10", "0.5", "3"]:
    row("expm1", x, expm1(mpf(float(x))))
for x in ["-0.999", "-1e-10", "1e-10", "0.5", "800"]:
    row("log1p", x, log1p(mpf(float(x))))
for x in ["-700", "-30", "-1", "0.1", "30", "800"]:
    row("logistic", x, 1 / (1 + exp(-mpf(float(x)))))
    row("softplus", x, log1p(exp(mpf(float(x)))))


def normal(u):
    return exp(-u * u / 2) / sqrt(2 * pi)


def Phi(u):
    return erfc(-u / sqrt(2)) / 2


# E[g(y)] for y ~ N(m, v), in closed form, so that one integral over x is left.
inner = {
    "relu": lambda m, v: m * Phi(m / sqrt(v)) + sqrt(v) * normal(m / sqrt(v)),
    "step": lambda m, v: Phi(m / sqrt(v)),
    "erf": lambda m, v: erf(m / sqrt(1 + 2 * v)),
    "gelu": lambda m, v: m * Phi(m / sqrt(1 + v)) + v / sqrt(1 + v) * normal(m / sqrt(1 + v)),
}
outer = {
    "relu": lambda x: x if x > 0 else mpf(0),
    "step": lambda x: mpf(1) if x > 0 else mpf(0),
    "erf": erf,
    "gelu": lambda x: x * Phi(x),
}


def expect(name, a, b, c):
    a, b, c = mpf(a), mpf(b), mpf(c)
    v = c - b * b / a
    width = sqrt(v) / abs(b) * a  # where the inner function turns
    points = sorted({-inf, mpf(0), inf} | {s * k * min(width, sqrt(a)) for s in (-1, 1) for k in (1, 4, 16)} | {s * k * sqrt(a) for s in (-1, 1) for k in (1, 3, 8)} | {s * k for s in (-1, 1) for k in (1, 3)})
    return quad(lambda x: outer[name](x) * normal(x / sqrt(a)) / sqrt(a) * inner[name](b / a * x, v), points)


for name in ["relu", "step", "erf", "gelu"]:
    for a, b, c in [("1.25", "0.75", "2"), ("1", "-0.5", "1"), ("100", "99", "100"), ("0.0009765625", "0.00048828125", "0.001953125"),
                    ("1", str(1 - 2**-50), "1"), ("1", str(-1 + 2**-50), "1")]:
        b = {str(1 - 2**-50): mpf(1) - mpf(2) ** -50, str(-1 + 2**-50): mpf(2) ** -50 - 1}.get(b, mpf(b))
        row(f"{name}*{name}", a, mp.nstr(b, 25), c, expect(name, a, b, c))
