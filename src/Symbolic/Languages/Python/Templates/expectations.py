def each_pair(K0):
    """Each pair of inputs and its expectations; inputs with equal kernels have equal ones, which are summed once."""
    known = {}
    for a in range(len(K0)):
        for b in range(a, len(K0)):
            key = (K0[a, a], K0[a, b], K0[b, b], a == b)
            if key not in known:
                known[key] = gaussian(*key)
            yield a, b, known[key]


def gaussian(kaa, kab, kbb, same):
    """Expectations of all integrands for one pair of inputs; one dimension where they are one and the same."""
    if not (kaa >= 0.0 and kbb >= 0.0 and abs(kab) <= math.sqrt(kaa * kbb) * (1.0 + 1e-12)):
        raise ArithmeticError(f"The kernel [[{kaa}, {kab}], [{kab}, {kbb}]] is not a covariance.")
    rho = 1.0 if same else 0.0 if kaa * kbb == 0.0 else min(1.0, max(-1.0, kab / math.sqrt(kaa * kbb)))
    reach = 9.0
    while True:
        coarse = None
        for level in range(2, 9):
            fine, magnitudes, rims = sums(math.sqrt(kaa), math.sqrt(kbb), rho, same, level, reach)
            if np.any(rims > 1e-15 * magnitudes) and reach < 36.0:
                break  # the integrand grows so fast that its tail counts: start again, further out
            if coarse is not None and np.all(rims <= 1e-15 * magnitudes) and np.all(np.abs(fine - coarse) <= 1e-10 * magnitudes):
                return fine
            coarse = fine
        else:
            raise ArithmeticError(
                f"A Gaussian expectation at the kernel [[{kaa}, {kab}], [{kab}, {kbb}]] did not converge on a uniform grid; "
                "the activation must be analytic near the real line.")
        reach *= 1.4


def sums(sqrt_a, sqrt_b, rho, same, level, reach):
    width = 2.0 ** -level
    last = math.ceil(reach / width)
    nodes = (np.arange(-last - 1, last + 1) + level * 0.6180339887498949 % 1) * width
    weights = width * np.exp(-nodes * nodes / 2.0) / math.sqrt(2.0 * math.pi)
    u, v = nodes[:, None], np.zeros((1, 1)) if same else nodes[None, :]
    square = u * u + v * v
    weight = weights[:, None] * (1.0 if same else weights[None, :]) * (square <= reach * reach)
    rim = (square > (reach - 0.5) ** 2) * np.ones_like(weight)
    x = sqrt_a * u
    y = sqrt_b * (rho * u + math.sqrt((1.0 - rho) * (1.0 + rho)) * v)
    terms = [weight * integrand for integrand in integrands(x, y, sigma(x), sigma(y))]
    return (
        np.array([np.sum(term) for term in terms]),
        np.array([np.sum(np.abs(term)) for term in terms]),
        np.array([np.sum(np.abs(term) * rim) for term in terms]))
