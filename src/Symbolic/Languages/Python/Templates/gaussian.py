@functools.cache
def pairs_of(inputs):
    """The pairs (a, b), a <= b, and for each its places of (a, a), (a, b), (b, b)."""
    pairs = [(a, b) for a in range(inputs) for b in range(a, inputs)]
    place = {pair: p for p, pair in enumerate(pairs)}
    return pairs, np.array([[place[a, a], p, place[b, b]] for p, (a, b) in enumerate(pairs)])


def places_of(inputs):
    """The place of the pair (a, b), in either order."""
    place = np.zeros((inputs, inputs), dtype=int)
    for p, (a, b) in enumerate(pairs_of(inputs)[0]):
        place[a, b] = place[b, a] = p
    return place


def over_inputs(values, inputs):
    """A vector or matrix over pairs as an array over inputs."""
    place = places_of(inputs)
    return values[place] if values.ndim == 1 else values[place][:, :, place]


def over_pairs(matrix):
    """A symmetric matrix over inputs as a vector over pairs."""
    return np.array([matrix[pair] for pair in pairs_of(len(matrix))[0]])


def frames_of(K0):
    """Independent standard units for each pair, phi = L z: columns L11, L21, L22 and A, B, D of z1 = A phi_a, z2 = B phi_a + D phi_b.

    A direction without variance (equal or proportional inputs; an input with itself) has zeros instead: phi_b = L21 z1."""
    rows = []
    for a, b in pairs_of(len(K0))[0]:
        kaa, kab, kbb = K0[a, a], K0[a, b], K0[b, b]
        if not (kaa >= 0.0 and kbb >= 0.0 and abs(kab) <= math.sqrt(kaa * kbb) * (1.0 + 1e-12)):
            raise ArithmeticError(f"The kernel [[{kaa}, {kab}], [{kab}, {kbb}]] is not a covariance.")
        if a == b:
            L11, L21, L22 = math.sqrt(kaa), math.sqrt(kaa), 0.0
        elif kaa * kbb == 0.0:
            L11, L21, L22 = math.sqrt(kaa), 0.0, math.sqrt(kbb)
        else:
            complement = math.sqrt(max(0.0, (kaa * kbb - kab * kab) / (kaa * kbb)))
            if complement < SMALLEST_COMPLEMENT:
                L11, L21, L22 = math.sqrt(kaa), math.copysign(math.sqrt(kbb), kab), 0.0
            else:
                L11, L21, L22 = math.sqrt(kaa), kab / math.sqrt(kaa), complement * math.sqrt(kbb)
        A, D = (1.0 / L11 if L11 > 0.0 else 0.0), (1.0 / L22 if L22 > 0.0 else 0.0)
        rows.append((L11, L21, L22, A, -L21 * A * D, D))
    return np.array(rows)


def correlations(left, right, K):
    """C = E[z z'^T] for every pair of frames, phi with the covariance K: C11, C12, C21, C22, each over pairs and pairs."""
    pairs = pairs_of(len(K))[0]
    first, second = np.array([a for a, b in pairs]), np.array([b for a, b in pairs])
    ac, ad = K[first][:, first], K[first][:, second]
    bc, bd = K[second][:, first], K[second][:, second]
    A, B, D = (left[:, n, None] for n in (3, 4, 5))
    A2, B2, D2 = (right[None, :, n] for n in (3, 4, 5))
    c, d = B * ac + D * bc, B * ad + D * bd
    return A * ac * A2, A * (ac * B2 + ad * D2), c * A2, c * B2 + d * D2


def symmetric_powers(c11, c12, c21, c22, highest):
    """Yields k and S_k(C) = E[he_(k-i)(z1) he_i(z2) he_(k-j)(z1') he_j(z2')] for correlations C (Mehler), k = 1, 2, ..."""
    c11, c12, c21, c22 = (np.asarray(c)[..., None, None] for c in (c11, c12, c21, c22))
    power = np.ones(c11.shape)
    for k in range(1, highest + 1):
        rising = np.sqrt(np.arange(1.0, k + 1.0))
        falling = rising[::-1]
        following = np.zeros(c11.shape[:-2] + (k + 1, k + 1))
        following[..., :k, :k] += np.outer(falling, falling) * c11 * power
        following[..., :k, 1:] += np.outer(falling, rising) * c12 * power
        following[..., 1:, :k] += np.outer(rising, falling) * c21 * power
        following[..., 1:, 1:] += np.outer(rising, rising) * c22 * power
        power = following / k
        yield k, power


def second_derivative_forms(frames):
    """D_r = d_e d_f, both orders of e and f, for r = (a, a), (a, b), (b, b), in d1 d1, d1 d2, d2 d2: d_a = A d1 + B d2, d_b = D d2."""
    A, B, D = (frames[:, n] for n in (3, 4, 5))
    zero = np.zeros(len(A))
    return np.stack([np.stack([A * A, 2.0 * A * B, B * B], axis=-1), np.stack([zero, 2.0 * A * D, 2.0 * B * D], axis=-1), np.stack([zero, zero, D * D], axis=-1)], axis=1)


def hermite(z, highest):
    """he_0 to he_highest, orthonormal under N(0, 1), one row each."""
    rows = np.ones((highest + 1, len(z)))
    for k in range(highest):
        rows[k + 1] = (z * rows[k] - (math.sqrt(k) * rows[k - 1] if k > 0 else 0.0)) / math.sqrt(k + 1)
    return rows


def expansion(frame, same, highest, functions):
    """Coefficients of functions of x = phi_a, y = phi_b, given as a list, in the modes of one pair, [function, k, j]; [function, k] for one input."""
    reach = 14.0
    while True:
        coarse = None
        for level in range(2, 9):
            fine, norms, rims = projections(frame, same, highest, level, reach, functions)
            if np.any(rims > 1e-15 * norms) and reach < 36.0:
                break  # the integrand grows so fast that its tail counts: start again, further out
            scale = norms.reshape((-1,) + (1,) * (fine.ndim - 1))
            if coarse is not None and np.all(rims <= 1e-15 * norms) and np.all(np.abs(fine - coarse) <= 1e-10 * scale):
                return fine
            coarse = fine
        else:
            raise ArithmeticError("An expansion in Hermite modes did not converge on a uniform grid; the activation must be analytic near the real line.")
        reach *= 1.4


def projections(frame, same, highest, level, reach, functions):
    """Trapezoid sums of one level: coefficients, norms, and what the rim carries."""
    width = 2.0 ** -level
    last = math.ceil(reach / width)
    nodes = (np.arange(-last - 1, last + 1) + level * 0.6180339887498949 % 1) * width
    weights = width * np.exp(-nodes * nodes / 2.0) / math.sqrt(2.0 * math.pi)
    modes = hermite(nodes, highest) * weights
    rim = np.sqrt(weights) * (np.abs(nodes) > reach - 0.5)
    L11, L21, L22 = frame[:3]
    x = (L11 * nodes)[:, None]
    if same:
        y = (L21 * nodes)[:, None]
        values = [np.broadcast_to(value, x.shape)[:, 0] for value in functions(x, y)]
        return (
            np.array([modes @ value for value in values]),
            np.sqrt([np.sum(weights * value * value) for value in values]),
            np.array([np.sum(rim * np.abs(value)) for value in values]))
    flat = L22 == 0.0
    v = np.zeros(1) if flat else nodes
    y = (L21 * nodes)[:, None] + (L22 * v)[None, :]
    inner, inner_weights, inner_rim = (np.eye(highest + 1)[:, :1], np.ones(1), np.zeros(1)) if flat else (modes, weights, rim)
    shape = (len(nodes), len(v))
    values = [np.broadcast_to(value, shape) for value in functions(x, y)]
    return (
        np.array([by_order(modes @ value @ inner.T) for value in values]),
        np.sqrt([weights @ (value * value) @ inner_weights for value in values]),
        np.array([rim @ np.abs(value) @ np.sqrt(inner_weights) + np.sqrt(weights) @ np.abs(value) @ inner_rim for value in values]))


def by_order(coefficients):
    """From [i, j] for he_i(z1) he_j(z2) to [k, j] for he_(k-j)(z1) he_j(z2)."""
    result = np.zeros(coefficients.shape)
    for k in range(len(result)):
        j = np.arange(k + 1)
        result[k, :k + 1] = coefficients[k - j, j]
    return result
