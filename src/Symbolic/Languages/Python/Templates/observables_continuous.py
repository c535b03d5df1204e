def drift_of_observables(K0, Q):
    """A, R, D in depth time: A is the projection of 1/2 Q:dd f."""
    frames, functions, places = state_of(K0)
    pairs, kernels = pairs_of(len(K0))
    rows = np.array([Q[a, b] for a, b in pairs])
    # an input with itself has one kernel; the other two forms are zero
    weights = 0.5 * np.einsum("Is,Ist->It", rows[kernels[places[0]]], second_derivative_forms(frames)[places[0]])
    parts = second_parts(functions)
    half = sum(weights[:, t, None] * parts[t][0] for t in range(3)), sum(weights[:, t, None, None] * parts[t][1] for t in range(3))
    R, D = responses(K0, frames, functions, places, 1.0)
    return project(half, places, K0, frames), R, D


def noise_rate_of_observables(K0, Q):
    """E[d_e f_I Q_ef d_f f_J]."""
    frames, functions, (pair, _) = state_of(K0)
    slopes = first_derivatives(functions)
    correlation = correlations(frames, frames, K0)
    rates = [rate[pair][:, pair] for rate in correlations(frames, frames, Q)]
    result = np.zeros((len(pair), len(pair)))
    for e in range(2):
        for f in range(2):
            means = np.outer(slopes[e][1][:, 0, 0], slopes[f][1][:, 0, 0])
            result += rates[2 * e + f] * (means + overlaps(slopes[e], slopes[f], pair, pair, correlation))
    return 0.5 * (result + result.T)
