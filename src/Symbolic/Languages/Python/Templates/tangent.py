def covariance_of_products(K, f, h):
    """Cov(f_a f_b, h_c h_d): of one or two inputs as one expectation, of more through the modes of both products (Mehler)."""
    frames, (pairs, _) = frames_of(K), pairs_of(len(K))
    place = places_of(len(K))

    def mean(first, second):
        low, high = min(first + second), max(first + second)
        def product(x, y):
            return [math.prod([function(x if a == low else y) for function, inputs in ((f, first), (h, second)) for a in inputs])]
        return np.ravel(expansion(frames[place[low, high]], low == high, 0, product)[0])[0]

    of_f, of_h = [mean(pair, ()) for pair in pairs], [mean((), pair) for pair in pairs]
    result = np.zeros((len(pairs), len(pairs)))
    if len(K) > 2:
        left, right = (coefficients(K, HIGHEST_OF_PRODUCTS, products(function)) for function in (f, h))
        for k, overlap in symmetric_powers(*correlations(frames, frames, K), HIGHEST_OF_PRODUCTS):
            result += np.einsum("pi,pqij,qj->pq", left[:, k, :k + 1], overlap, right[:, k, :k + 1])
    for p, first in enumerate(pairs):
        for q, second in enumerate(pairs):
            if len(set(first + second)) <= 2:
                result[p, q] = mean(first, second) - of_f[p] * of_h[q]
    return result


@functools.cache
def highest_of_tables():
    """The highest order of the modes of averages over two neurons; where all functions of the stream are even or odd, the odd ones vanish."""
    x = np.arange(257) * 0.1875
    even = all(np.all(function(x) == function(-x)) or np.all(function(x) == -function(-x)) for function in stream_functions())
    return max([2] + [k for k in orders if not even or k % 2 == 0])


@functools.cache
def table_modes():
    """The modes he_(k-j)(z1) he_j(z2) of a pair as averages over two neurons count them: k and j, order by order; an input with itself has j = 0 alone."""
    return np.array([(k, j) for k in range(highest_of_tables() + 1) for j in range(k + 1)]).T


def place_in_table(k, j):
    """Where a mode stands."""
    return k * (k + 1) // 2 + j


def frames_of_pairs(K):
    """N of z = N phi, phi_a and phi_b in z; directions are z1 and z2."""
    L11, L21, L22, A, B, D = frames_of(K).T
    zero = np.zeros(len(A))
    return np.moveaxis(np.array([[A, zero], [B, D]]), -1, 0), np.array([L11, zero]).T, np.array([L21, L22]).T


def marks_of_modes(inputs):
    """he_r of order 1 for each direction r, and he_0; 1, but 1/2 for order 1, and for order 0; a and b among the inputs of the pair."""
    (pairs, _), (k, j) = pairs_of(inputs), table_modes()
    first, of_a, of_b = np.zeros((len(pairs), 2, len(k))), np.zeros((len(pairs), 2)), np.zeros((len(pairs), 2))
    of_a[:, 0] = 1.0
    for p, (a, b) in enumerate(pairs):
        first[p, 0, place_in_table(1, 0)] = 1.0
        if a != b:
            first[p, 1, place_in_table(1, 1)] = 1.0
        of_b[p, int(a != b)] = 1.0
    every = np.ones((len(pairs), 1))
    return first, every * (k == 0), every * np.where(k == 1, 0.5, 1.0), every * np.where(k == 0, 0.5, 1.0), of_a, of_b


def carried_tables(K, next_K, alpha, *tables):
    """X(P he_A) of tables X, he_A the modes of the next layer: S_k(alpha T)^T of each order."""
    here, there = frames_of(K), frames_of(next_K)
    T = here[:, 0] * there[:, 3], here[:, 0] * there[:, 4] + here[:, 1] * there[:, 5], np.zeros(len(here)), here[:, 2] * there[:, 5]
    results = [np.zeros(table.shape) for table in tables]
    for table, result in zip(tables, results):
        result[..., 0] = table[..., 0]
    for k, power in symmetric_powers(*(alpha * t for t in T), highest_of_tables()):
        order = slice(place_in_table(k, 0), place_in_table(k + 1, 0))
        for table, result in zip(tables, results):
            result[..., order] = np.einsum("pji,p...j->p...i", power, table[..., order])
    return results


def derivatives_of_tables(tables):
    """sum_r X_r(d_r he_A), d_r he_A = sqrt(A_r) he_(A - r)."""
    k, j = table_modes()
    result = np.zeros(tables[:, 0].shape)
    for r, number in enumerate((k - j, j)):
        above = np.nonzero(number)[0]
        result[:, above] += np.sqrt(number[above]) * tables[:, r, place_in_table(k[above] - 1, j[above] - r)]
    return result


def products_of_tables(table):
    """X(z_r he_A) = sqrt(A_r + 1) X(he_(A + r)) + sqrt(A_r) X(he_(A - r)); an input with itself has one direction."""
    k, j = table_modes()
    result = np.zeros((len(table), 2, len(k)))
    for r, number in enumerate((k - j, j)):
        above = np.nonzero(number)[0]
        below, root = place_in_table(k[above] - 1, j[above] - r), np.sqrt(number[above])
        result[:, r, below] += root * table[:, above]
        result[:, r, above] += root * table[:, below]
    inputs = math.isqrt(2 * len(table))
    result[[p for p, (a, b) in enumerate(pairs_of(inputs)[0]) if a == b], 1] = 0.0
    return result


def inputs_of(inputs):
    """The inputs c of each pair as arrays: a and b, and whether the second is another one."""
    pairs = np.array(pairs_of(inputs)[0])
    return pairs, np.stack([np.ones(len(pairs)), pairs[:, 0] != pairs[:, 1]], axis=1)


def over_inputs_of_pair(X):
    """X of the pairs (c, a), (c, b) and (c, d), c and d the inputs of the pair (a, b)."""
    pairs, exists = inputs_of(len(X))
    return exists * X[pairs, pairs[:, :1]], exists * X[pairs, pairs[:, 1:]], exists[:, :, None] * exists[:, None, :] * X[pairs[:, :, None], pairs[:, None, :]]


def over_inputs_of_pairs(X):
    """X of the pairs (c, a) and (d, b)."""
    inputs = math.isqrt(2 * len(X))
    (pairs, exists), place = inputs_of(inputs), places_of(inputs)
    with_a, with_b = place[pairs, pairs[:, :1]], place[pairs, pairs[:, 1:]]
    return exists[:, :, None] * exists[:, None, :] * X[with_a[:, :, None], with_b[:, None, :]]


def tangent_products(K, f, slope, highest=None):
    """f_c f'_a, f_c f'_b (c = a, b), f'_a f'_b, f'_a f'_a and f'_b f'_b in all modes of a pair, E[f_c f_d f'_a f'_b] and E[f'_a f'_a f'_b f'_b]."""
    frames, (pairs, _), (k, j) = frames_of(K), pairs_of(len(K)), table_modes()
    highest = highest_of_tables() if highest is None else highest
    kept = np.nonzero(k <= highest)[0]
    table = np.zeros((7, len(pairs), len(k)))
    whole, four = np.zeros((len(pairs), 2, 2)), np.zeros(len(pairs))

    def functions(x, y):
        fx, fy, sx, sy = f(x), f(y), slope(x), slope(y)
        both = sx * sy
        return [fx * sx, fy * sx, fx * sy, fy * sy, both, sx * sx, sy * sy, fx * fx * both, fx * fy * both, fy * fy * both, both * both]

    for p, (a, b) in enumerate(pairs):
        if a != b and 0.0 < frames[p, 2] < SMALLEST_COMPLEMENT_OF_TANGENTS * math.sqrt(K[b, b]):
            raise ArithmeticError(f"Inputs {a} and {b} are nearly equal or opposite, and the mean of their tangent kernel at order 1/n is lost to rounding; drop one of the two, or leave ntk out.")
        modes = expansion(frames[p], a == b, highest, functions)
        if a == b:
            table[:, p, kept[j[kept] == 0]] = modes[:7]
            table[[1, 3], p] = 0.0  # there is no second input
            whole[p, 0, 0], four[p] = modes[7, 0], modes[10, 0]
        else:
            table[:, p, kept] = modes[:7, k[kept], j[kept]]
            whole[p] = [[modes[7, 0, 0], modes[8, 0, 0]], [modes[8, 0, 0], modes[9, 0, 0]]]
            four[p] = modes[10, 0, 0]
    return np.moveaxis(table[:2], 0, 1), np.moveaxis(table[2:4], 0, 1), table[4], table[5], table[6], whole, four


def tangent_products_of_rows(K, f, slope):
    """The same of Gaussian rows, to order 2."""
    return tangent_products(K, f, slope, 2)
