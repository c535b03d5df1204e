def drift_of_modes(K0, Q):
    """A[k, q, i, j]: L' = L (1 + eps^2 Phi), Phi the lower half of L^-1 Q L^-T with half its diagonal."""
    frames, (pairs, kernels) = frames_of(K0), pairs_of(len(K0))
    result = np.zeros((highest_order + 1, len(frames), highest_order + 1, highest_order + 1))
    R11, R12, R21, R22 = (np.diagonal(c) for c in correlations(frames, frames, Q))
    for q, (a, b) in enumerate(pairs):
        if a != b and frames[q, 2] == 0.0:
            ratio = frames[q, 1] * frames[q, 3]
            rest = Q[b, b] - 2.0 * ratio * Q[a, b] + ratio * ratio * Q[a, a]
            if abs(rest) > LARGEST_DRIFT * (abs(Q[b, b]) + ratio * ratio * Q[a, a]):
                raise ArithmeticError(f"Inputs {a} and {b} are proportional at this depth and not at the next, so that the modes have no derivative in depth time; use discrete stepping.")
        for k in range(highest_order + 1):
            for j in range(k + 1):
                result[k, q, j, j] = -0.5 * ((k - j) * R11[q] + j * R22[q])
                if j < k:
                    result[k, q, j + 1, j] = -R12[q] * math.sqrt((k - j) * (j + 1.0))
    return result
