def sigma_kernel_in_modes(K0, functions):
    """E2 over pairs; B2 over pairs and pairs; B over orders, pairs and modes of a pair."""
    beta = coefficients(K0, highest_order, functions)
    E2, B2 = sigma_kernel_of_rows(K0, beta)
    B = np.zeros((highest_order + 1, len(beta), highest_order + 1))
    for k in orders:
        B[k] = beta[:, k]
    return E2, B2, B


def coefficients(K, highest, functions):
    """Of the first function in the modes of each pair, [p, k, j]."""
    frames, (pairs, kernels) = frames_of(K), pairs_of(len(K))
    beta = np.zeros((len(pairs), highest + 1, highest + 1))
    for p, (a, b) in enumerate(pairs):
        if a == b:
            beta[p, :, 0] = expansion(frames[p], True, highest, functions)[0]
        else:
            beta[p] = expansion(frames[p], False, highest, functions)[0]
            # Near rho = +-1 the coefficients of he_j(z2) are of order sqrt(1 - rho^2)^j: what is below rounding is left out.
            complement = frames[p, 2] / math.sqrt(K[b, b]) if K[b, b] > 0.0 else 1.0
            beta[p][:, complement ** np.arange(highest + 1.0) <= SMALLEST_MODE] = 0.0
    return beta


def sigma_kernel_of_rows(K, beta):
    """The mean, and its derivative in K over pairs and pairs."""
    frames, (pairs, kernels) = frames_of(K), pairs_of(len(K))
    response = np.zeros((len(pairs), len(pairs)))
    for p in range(len(pairs)):
        for r, coefficient in zip(kernels[p], beta[p, 2, :3] @ order_two(frames[p])):
            response[p, r] += coefficient
    return beta[:, 0, 0], response


def order_two(frame):
    """The modes of order 2, he_2(z1), z1 z2, he_2(z2), as quadratic forms in phi: coefficients of g_aa, g_ab, g_bb."""
    A, B, D = frame[3:]
    root = math.sqrt(0.5)
    return np.array([[A * A * root, 0.0, 0.0], [A * B, A * D, 0.0], [B * B * root, 2.0 * B * D * root, D * D * root]])


def contract_with_overlaps(K0, B):
    """sum_i B[k, p, i] E[H_kpi H_kqj]."""
    frames = frames_of(K0)
    result = np.zeros((highest_order + 1, len(frames), len(frames), highest_order + 1))
    for k, overlap in symmetric_powers(*correlations(frames, frames, K0), highest_order):
        result[k, :, :, :k + 1] = np.einsum("pi,pqij->pqj", B[k, :, :k + 1], overlap)
    return result


def second_derivatives(C, C_sg, K, factor):
    """sum_r C[., r] D_r H_M: covariances with the modes two orders below; those with order 2 come from C_sg, times a factor."""
    frames, (pairs, kernels) = frames_of(K), pairs_of(len(K))
    lower = C[:, kernels, np.arange(len(pairs))[:, None]]
    for q in range(len(pairs)):
        # the modes of order 2 of the pair q
        lower[2, q, :, :3] = factor * C_sg[kernels[q]][:, kernels[q]] @ order_two(frames[q]).T
    return derived(lower, frames)


def derived(lower, frames):
    """[k, q, i] from [k - 2, q, r, j]: D_r he_(k-i)(z1) he_i(z2), d he_n = sqrt(n) he_(n-1)."""
    forms, highest_order = second_derivative_forms(frames), len(lower) - 1
    k, i = np.arange(highest_order + 1.0)[:, None], np.arange(highest_order + 1.0)[None, :]
    roots = [np.sqrt(np.maximum(0.0, (k - i) * (k - i - 1.0))), np.sqrt(np.maximum(0.0, (k - i) * i)), np.sqrt(np.maximum(0.0, i * (i - 1.0)))]
    result = np.zeros((highest_order + 1, len(frames), highest_order + 1))
    for t in range(3):
        sums = np.einsum("qr,kqrj->kqj", forms[:, :, t], lower)
        shifted = np.zeros(result.shape)
        shifted[2:, :, t:] = sums[:highest_order - 1, :, :highest_order + 1 - t]
        result += roots[t][:, None, :] * shifted
    return result
