def carried_observables(K0, next_K0, alpha):
    """A, R, D, F: everything of the next layer's observables, averaged over one layer at infinite width."""
    frames, functions, places = state_of(next_K0)
    (pair, block), (_, kernels), sources = places, pairs_of(len(K0)), components_of(len(K0)).sources
    A = project(functions, places, K0, frames, alpha)
    R, D = responses(K0, frames, functions, places, alpha)
    # Fourth derivatives d1^(4-q) d2^q of he_(4-q)(z1) he_q(z2) are sqrt((4-q)! q!).
    forms, norms = second_derivative_forms(frames)[pair], np.sqrt([24.0, 6.0, 4.0, 6.0, 24.0])
    F = np.zeros((len(pair), len(sources), len(sources)))
    for n, p in enumerate(pair):
        its = [(s, sources.index((block[n], r))) for s, r in enumerate(kernels[p]) if np.any(forms[n, s] != 0.0)]
        for s, v in its:
            for t, w in its:
                F[n, v, w] += np.convolve(forms[n, s], forms[n, t]) @ (norms * functions[1][n, 4, :5])
    return A, R, D, F


def noise_of_observables(K0, next_K0, alpha):
    """E_K0'[f g] - E_K0[P f P g], the correlations of alpha phi in the next frame."""
    frames, functions, (pair, _) = state_of(next_K0)
    result = gram_matrix(next_K0) - overlaps(functions, functions, pair, pair, correlations(frames, frames, K0), alpha * alpha)
    return 0.5 * (result + result.T)
