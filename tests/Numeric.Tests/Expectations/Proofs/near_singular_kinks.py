# near_singular_kinks.txt: modes E[f(x) he_p(z1) f(y) he_q(z2)] of piecewise linear and piecewise constant functions with kinks away from 0, for inputs
# that nearly determine each other; x = sqrt(Kaa) z1, y = Kab/sqrt(Kaa) z1 + s z2. In z2 each kink is closed: with t = (c - m)/s, m the rest of y,
#   E[he_q(z2) step(y - c)] = Phi(-t), he_(q-1)(t) phi(t)/sqrt(q);
#   E[he_q(z2) relu(y - c)] = s (phi(t) - t Phi(-t)), s Phi(-t), s he_(q-2)(t) phi(t)/sqrt(q (q-1)).
# In z1 mpmath at 50 digits, between the kinks and the edges of what is smoothed.
from mpmath import mp, mpf, quad, sqrt, exp, pi, erfc, nstr

mp.dps = 50
def phi(t): return exp(-t*t/2)/sqrt(2*pi)
def Phi(t): return erfc(-t/sqrt(mpf(2)))/2
def he(n, z):
    a, b = mpf(0), mpf(1)
    for k in range(n): a, b = b, (z*b - sqrt(mpf(k))*a)/sqrt(mpf(k + 1))
    return b

# constant, slope, [(weight, kink, is a step)]
functions = {
    "relu(x+1)-relu(x-1)-1": (-1, 0, [(1, -1, False), (-1, 1, False)]),
    "abs(x-0.3)": (mpf("0.3"), -1, [(2, mpf("0.3"), False)]),
    "step(x-0.5)+relu(x)": (0, 0, [(1, mpf("0.5"), True), (1, 0, False)]),
}
def value(f, x):
    a, b, parts = f
    return a + b*x + sum(w*(mpf(1 if x > c else 0) if is_step else max(x - c, 0)) for w, c, is_step in parts)
def inner(f, m, s, q):
    a, b, parts = f
    total = a + b*m if q == 0 else b*s if q == 1 else mpf(0)
    for w, c, is_step in parts:
        t = (c - m)/s
        if is_step: total += w*(Phi(-t) if q == 0 else he(q - 1, t)*phi(t)/sqrt(mpf(q)))
        else: total += w*s*(phi(t) - t*Phi(-t) if q == 0 else Phi(-t) if q == 1 else he(q - 2, t)*phi(t)/sqrt(mpf(q*(q - 1))))
    return total
with open("near_singular_kinks.txt", "w") as out:
    for name, f in functions.items():
        for kaa, kab, kbb in [(2, 1.98, 2), (1, -0.995, 1), (0.5, 0.9998, 2), (4, 3.999999, 4)]:
            a, c, b = mpf(kaa), mpf(kab), mpf(kbb)
            m, s = c/sqrt(a), sqrt(b - c*c/a)
            edges = {mpf(-16), mpf(16)}
            for _, kink, _ in f[2]:
                edges.add(kink/sqrt(a))
                for k in range(-16, 17, 2): edges.add((kink + k*s)/m)
            edges = sorted(e for e in edges if abs(e) <= 16)
            for p, q in [(0, 0), (1, 1), (0, 2), (3, 1), (2, 6), (0, 8), (5, 15)]:
                v = quad(lambda z: value(f, sqrt(a)*z)*he(p, z)*inner(f, m*z, s, q)*phi(z), edges, maxdegree=8)
                out.write(f"mode|{name}|{p}|{q}|{kaa!r}|{kab!r}|{kbb!r}|{nstr(v, 25)}\n")
