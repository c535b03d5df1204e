def fourth_derivatives(C_ss, K):
    """sum_ru C_ss[r, u] D_r D_u H_M."""
    frames, (pairs, kernels) = frames_of(K), pairs_of(len(K))
    twice = np.zeros((highest_order + 1, len(pairs), 3, highest_order + 1))
    for s in range(3):
        once = np.zeros(twice.shape)
        once[0, :, :, 0] = np.stack([C_ss[kernels[:, s], kernels[:, t]] for t in range(3)], axis=-1)
        twice[:, :, s] = derived(once, frames)
    return derived(twice, frames)


def carried_modes(K0, next_K0, alpha):
    """A[k, q, i, j]: the modes of the next frame, averaged over the layer, in those of this one: S_k(alpha T), T = L^T L'^(-T)."""
    here, there = frames_of(K0), frames_of(next_K0)
    zero = np.zeros(len(here))
    T = here[:, 0] * there[:, 3], here[:, 0] * there[:, 4] + here[:, 1] * there[:, 5], zero, here[:, 2] * there[:, 5]
    result = np.zeros((highest_order + 1, len(here), highest_order + 1, highest_order + 1))
    for k, power in symmetric_powers(*(alpha * t for t in T), highest_order):
        result[k, :, :k + 1, :k + 1] = np.swapaxes(power, -1, -2)
    return result
