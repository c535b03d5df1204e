namespace SymbolicEft.Symbolic.Languages.Python;

/// <summary>
/// Observables as expansions in the modes of their pair of inputs, and projections on them. An expansion is (line, plane):
/// line[I, k] for functions of one input, plane[I, k, j] for all, as far as its orders go.
/// </summary>
internal static class PythonSpanTemplates
{
    public const string Common = """"
        line_order, plane_order = LINE, PLANE  # expansions end here, for functions of one input and of two


        def remembered(function):
            """Keeps the results for the last two kernels."""
            known = {}

            def lookup(K0):
                key = K0.tobytes()
                if key not in known:
                    while len(known) >= 2:
                        del known[next(iter(known))]
                    known[key] = function(K0)
                return known[key]

            return lookup


        @functools.cache
        def components_of(inputs):
            """Definite observables (integrand, pair, is it a function of one input), those of the closure first, then sigma_a sigma_b; and for each pair the observables of its inputs."""
            pairs = pairs_of(inputs)[0]
            components = []
            for straight, exchanged, has_two, symmetric in observables:
                for a in range(inputs):
                    for b in range(inputs):
                        if (a == b) if not has_two else (a <= b or not symmetric):
                            components.append((straight if a <= b else exchanged, pairs.index((min(a, b), max(a, b))), a == b))
            count = sum((inputs if not has_two else len(pairs) if symmetric else inputs * inputs) for _, _, has_two, symmetric in observables[:closure_size])
            of_pair = [[n for n in range(count) if set(pairs[components[n][1]]) <= {a, b}] for a, b in pairs]
            return components, count, of_pair


        def kernel_components(inputs):
            """Where x y is for each pair: it is the first observable."""
            return np.arange(len(pairs_of(inputs)[0]))


        @remembered
        def expansions(K0):
            """Frames, and all components in modes."""
            frames, (pairs, _) = frames_of(K0), pairs_of(len(K0))
            of_pair = [expansion(frames[p], a == b, line_order if a == b else plane_order) for p, (a, b) in enumerate(pairs)]
            components = components_of(len(K0))[0]
            line, plane = np.zeros((len(components), line_order + 1)), np.zeros((len(components), plane_order + 1, plane_order + 1))
            for n, (integrand, p, is_line) in enumerate(components):
                if is_line:
                    line[n] = of_pair[p][integrand]
                else:
                    plane[n] = of_pair[p][integrand]
            return frames, with_lines(line, plane)


        def state_of(K0):
            """Frames, the expansions of the closure's own components, and their pairs."""
            frames, (line, plane) = expansions(K0)
            components, count, _ = components_of(len(K0))
            return frames, (line[:count], plane[:count]), np.array([p for _, p, _ in components[:count]])


        def with_lines(line, plane):
            """The first orders of functions of one input stand in both arrays."""
            is_line = np.any(line != 0.0, axis=1)
            plane = plane.copy()
            plane[is_line] = 0.0
            plane[is_line, :, 0] = line[is_line, :plane_order + 1]
            return line, plane


        def overlaps(left, right, left_pairs, right_pairs, correlation, factor=1.0):
            """sum over k >= 1 of f_k . S_k(factor C) g_k: covariances of functions, factor^k for an average over alpha phi."""
            correlation = [factor * c for c in correlation]
            (line, plane), (line2, plane2) = left, right
            rows, columns = ([np.nonzero(owners == p)[0] for p in range(len(correlation[0]))] for owners in (left_pairs, right_pairs))
            blocks = [(p, q, np.zeros((len(row), len(column)))) for p, row in enumerate(rows) for q, column in enumerate(columns) if len(row) and len(column)]
            for k, power in symmetric_powers(*correlation, plane_order):
                first, second = [plane[row, k, :k + 1] for row in rows], [plane2[column, k, :k + 1].T for column in columns]
                for p, q, block in blocks:
                    block += first[p] @ power[p, q] @ second[q]
            # orders above those of functions of two inputs: one input alone
            k = np.arange(plane_order + 1, line_order + 1)
            result = np.zeros((len(left_pairs), len(right_pairs)))
            for p, q, block in blocks:
                result[np.ix_(rows[p], columns[q])] = block + (line[rows[p]][:, k] * correlation[0][p, q] ** k) @ line2[columns[q]][:, k].T
            return result


        @remembered
        def gram_matrix(K0):
            """n Cov of the observables for independent rows."""
            frames, functions, places = state_of(K0)
            return overlaps(functions, functions, places, places, correlations(frames, frames, K0))


        @remembered
        def inverses(K0):
            """For each pair the inverse of the Gram matrix of the observables of its inputs, as vectors and weights: sum of weight vector vector^T.

            Eigenvalues of the correlation matrix below 1e-12 of the largest are combinations that vanish to rounding, and are left out."""
            result = []
            for span in components_of(len(K0))[2]:
                matrix = gram_matrix(K0)[np.ix_(span, span)]
                scale = np.array([1.0 / math.sqrt(d) if d > 0.0 else 0.0 for d in np.diagonal(matrix)])
                values, vectors = np.linalg.eigh(0.5 * (matrix + matrix.T) * np.outer(scale, scale))
                inverse = np.array([1.0 / value if value > 1e-12 * np.max(values) > 0.0 else 0.0 for value in values])
                result.append((scale[:, None] * vectors, inverse))
            return result


        def project(functions, owners, K0, frames, factor=1.0):
            """Coefficients over the observables: functions in the modes of their owner's pair in frames, projected on the observables of the same inputs at K0."""
            here, state, places = state_of(K0)
            with_state = overlaps(functions, state, owners, places, correlations(frames, here, K0), factor)
            result = np.zeros(with_state.shape)
            for p, (span, (vectors, weights)) in enumerate(zip(components_of(len(K0))[2], inverses(K0))):
                rows = np.nonzero(owners == p)[0]
                if len(rows) and len(span):
                    # one vector after the other: the inverse multiplied out would lose digits where observables are nearly dependent
                    result[np.ix_(rows, span)] = (with_state[np.ix_(rows, span)] @ vectors * weights) @ vectors.T
            return result


        def first_derivatives(functions):
            """d1 f and d2 f: d he_n = sqrt(n) he_(n-1)."""
            line, plane = functions
            k, j = np.arange(plane_order)[:, None], np.arange(plane_order)[None, :]
            first, second = np.zeros(plane.shape), np.zeros(plane.shape)
            first[:, :plane_order, :plane_order] = np.sqrt(np.maximum(0.0, k - j + 1.0)) * plane[:, 1:, :plane_order]
            second[:, :plane_order, :plane_order] = np.sqrt(j + 1.0) * plane[:, 1:, 1:]
            slope = np.zeros(line.shape)
            slope[:, :line_order] = np.sqrt(np.arange(1.0, line_order + 1.0)) * line[:, 1:]
            return with_lines(slope, first), (np.zeros(line.shape), second)


        def second_parts(functions):
            """d1 d1 f, d1 d2 f, d2 d2 f."""
            first, second = first_derivatives(functions)
            return first_derivatives(first)[0], first_derivatives(first)[1], first_derivatives(second)[1]


        def source_in_observables(K0):
            """E2 over pairs, and sigma_a sigma_b projected: Pi over pairs and observables."""
            frames, (line, plane) = expansions(K0)
            components, count, _ = components_of(len(K0))
            pairs = pairs_of(len(K0))[0]
            start = [n for n, component in enumerate(components) if component[0] == sigma_kernel][:len(pairs)]
            if start[0] < count:
                return plane[start, 0, 0], np.eye(count)[start]
            return plane[start, 0, 0], project((line[start], plane[start]), np.arange(len(pairs)), K0, frames)


        """";

    public const string Response = """"
        def responses(K0, frames, functions, places, factor):
            """R and D of D_p f = R + D f for D_p = d_e d_f of a pair: expectations, and projections of the averages over alpha phi + eps u."""
            pairs, kernels = pairs_of(len(K0))
            forms, parts = second_derivative_forms(frames)[places], second_parts(functions)
            means = np.stack([plane[:, 0, 0] for _, plane in parts], axis=-1)
            stacked = np.concatenate([line for line, _ in parts]), np.concatenate([plane for _, plane in parts])
            projected = project(stacked, np.tile(places, 3), K0, frames, factor).reshape(3, len(places), len(places))
            R, D = np.zeros((len(places), len(pairs))), np.zeros((len(places), len(pairs), len(places)))
            for n, p in enumerate(places):
                for s, r in enumerate(kernels[p]):
                    R[n, r] += forms[n, s] @ means[n]
                    D[n, r] += forms[n, s] @ projected[:, n]
            return R, D


        """";

    public const string Discrete = """"
        def carried_observables(K0, next_K0, alpha):
            """A, R, D, F: everything of the next layer's observables, averaged over one layer at infinite width."""
            frames, functions, places = state_of(next_K0)
            pairs, kernels = pairs_of(len(K0))
            A = project(functions, places, K0, frames, alpha)
            R, D = responses(K0, frames, functions, places, alpha)
            # Fourth derivatives d1^(4-q) d2^q of he_(4-q)(z1) he_q(z2) are sqrt((4-q)! q!).
            forms, norms = second_derivative_forms(frames)[places], np.sqrt([24.0, 6.0, 4.0, 6.0, 24.0])
            F = np.zeros((len(places), len(pairs), len(pairs)))
            for n, p in enumerate(places):
                for s, r in enumerate(kernels[p]):
                    for t, u in enumerate(kernels[p]):
                        F[n, r, u] += np.convolve(forms[n, s], forms[n, t]) @ (norms * functions[1][n, 4, :5])
            return A, R, D, F


        def noise_of_observables(K0, next_K0, alpha):
            """E_K0'[f g] - E_K0[P f P g], the correlations of alpha phi in the next frame."""
            frames, functions, places = state_of(next_K0)
            result = gram_matrix(next_K0) - overlaps(functions, functions, places, places, correlations(frames, frames, K0), alpha * alpha)
            return 0.5 * (result + result.T)


        """";

    public const string Continuous = """"
        def drift_of_observables(K0, Q):
            """A, R, D in depth time: A is the projection of 1/2 Q:dd f."""
            frames, functions, places = state_of(K0)
            pairs, kernels = pairs_of(len(K0))
            rows = np.array([Q[a, b] for a, b in pairs])
            # an input with itself has one kernel; the other two forms are zero
            weights = 0.5 * np.einsum("Is,Ist->It", rows[kernels[places]], second_derivative_forms(frames)[places])
            parts = second_parts(functions)
            half = sum(weights[:, t, None] * parts[t][0] for t in range(3)), sum(weights[:, t, None, None] * parts[t][1] for t in range(3))
            R, D = responses(K0, frames, functions, places, 1.0)
            return project(half, places, K0, frames), R, D


        def noise_rate_of_observables(K0, Q):
            """E[d_e f_I Q_ef d_f f_J]."""
            frames, functions, places = state_of(K0)
            slopes = first_derivatives(functions)
            correlation = correlations(frames, frames, K0)
            rates = [rate[places][:, places] for rate in correlations(frames, frames, Q)]
            result = np.zeros((len(places), len(places)))
            for e in range(2):
                for f in range(2):
                    means = np.outer(slopes[e][1][:, 0, 0], slopes[f][1][:, 0, 0])
                    result += rates[2 * e + f] * (means + overlaps(slopes[e], slopes[f], places, places, correlation))
            return 0.5 * (result + result.T)


        """";
}
