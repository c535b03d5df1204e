def products(function):
    """f(x) f(y), as expansion takes functions."""
    return lambda x, y: [function(x) * function(y)]


def curvature_of_sigma_kernel(K, C, beta):
    """1/8 sum_ru C[r, u] E[D_r D_u f_a f_b], from the modes of order 4."""
    return np.einsum("pj,pj->p", beta[:, 4], fourth_derivatives(C, K)[4, :, :beta.shape[2]]) / 8.0


def covariance_of_sigma_kernel(K, function):
    """Cov(f_a f_b, f_c f_d): of one or two inputs as one expectation, of more through the modes of the two products that are least correlated (Mehler)."""
    frames, (pairs, _) = frames_of(K), pairs_of(len(K))
    place = {pair: p for p, pair in enumerate(pairs)}
    means = [mean_of_powers(frames[p], a == b, function, 1, 1) for p, (a, b) in enumerate(pairs)]
    result = np.zeros((len(pairs), len(pairs)))
    if len(K) > 2:
        beta = coefficients(K, HIGHEST_OF_PRODUCTS, products(function))
        C = correlations(frames, frames, K)
        for k, overlap in symmetric_powers(*C, HIGHEST_OF_PRODUCTS):
            result += np.einsum("pi,pqij,qj->pq", beta[:, k, :k + 1], overlap, beta[:, k, :k + 1])
        norms, best = np.linalg.norm(np.moveaxis(np.array(C), 0, -1).reshape(len(pairs), len(pairs), 2, 2), 2, axis=(2, 3)), {}
        for p, first in enumerate(pairs):
            for q, second in enumerate(pairs[p + 1:], p + 1):
                inputs = tuple(sorted(first + second))
                if not set(first) & set(second) and (inputs not in best or norms[p, q] < norms[best[inputs]]):
                    best[inputs] = p, q
        for p, first in enumerate(pairs):
            for q, second in enumerate(pairs):
                if len(set(first + second)) > 2:
                    r, u = best[tuple(sorted(first + second))]
                    result[p, q] = result[r, u] + means[r] * means[u] - means[p] * means[q]
    for p, first in enumerate(pairs):
        for q, second in enumerate(pairs):
            inputs = first + second
            a, b = min(inputs), max(inputs)
            if all(c in (a, b) for c in inputs):
                result[p, q] = mean_of_powers(frames[place[a, b]], a == b, function, inputs.count(a), inputs.count(b) if a != b else 0) - means[p] * means[q]
    return result


def mean_of_powers(frame, same, function, m, n):
    """E[f(phi_a)^m f(phi_b)^n]."""
    return np.ravel(expansion(frame, same, 0, lambda x, y: [function(x) ** m * function(y) ** n])[0])[0]


def number_of_modes(C, K):
    """sum_a C[(a, a), A_a H_M], A_a the number of indices a of the mode: v_a d/dv_a, in the frame of the pair."""
    frames, (pairs, kernels) = frames_of(K), pairs_of(len(K))
    result = np.zeros((len(C), len(pairs), C.shape[3]))
    for q, (a, b) in enumerate(pairs):
        L11, L21, _, _, B, D = frames[q]
        if a != b and D == 0.0 and abs(L21) != L11:
            raise ArithmeticError(f"Inputs {a} and {b} are proportional, and a norm takes them apart; drop one of the two, or give epsilon: 0.")
        for k in range(len(C)):
            first, second = C[k, kernels[q, 0], q], C[k, kernels[q, 2], q]
            if a == b:
                result[k, q, 0] = k * first[0]
                continue
            for j in range(k + 1):
                result[k, q, j] += (k - j) * first[j] + j * second[j]
                if j < k:
                    result[k, q, j + 1] += math.sqrt((k - j) * (j + 1.0)) * (L11 * B * first[j] + L21 * D * second[j])
    return result


def norm_beyond_modes(K, C, beta):
    """1/2 sum_r C[., r] D_r H_M in the two orders above those kept, with the coefficients of f_a f_b."""
    frames, (pairs, kernels) = frames_of(K), pairs_of(len(K))
    size = beta.shape[1]
    lower = np.zeros((size, len(pairs), 3, size))
    for k in orders:
        if k + 2 > orders[-1]:
            lower[k, :, :, :C.shape[3]] = C[k][kernels, np.arange(len(pairs))[:, None]]
    return np.einsum("pkj,kpj->p", beta, derived(lower, frames)) / 2.0


def mean_over_taps(taps, inputs):
    """The matrix over pairs that takes S_ab to the mean of S of (a + tap, b + tap), positions on a ring."""
    moved = moved_pairs(taps, inputs)
    result = np.zeros((moved.shape[1], moved.shape[1]))
    for row in moved:
        result[np.arange(len(row)), row] += 1.0 / len(taps)
    return result


def mean_of_pairs_over_taps(taps, values, inputs):
    """The mean of X of both pairs moved by a tap, over the number of taps."""
    return sum(values[np.ix_(row, row)] for row in moved_pairs(taps, inputs)) / len(taps) ** 2


def moved_pairs(taps, inputs):
    """For each tap the place of (a + tap, b + tap) for every pair (a, b)."""
    place = places_of(inputs)
    return np.array([[place[(a + tap) % inputs, (b + tap) % inputs] for a, b in pairs_of(inputs)[0]] for tap in taps])
