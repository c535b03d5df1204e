namespace SymbolicEft.Symbolic.Languages.Python;

/// <summary>
/// Gaussian mathematics that no equation of a closure goes into: expansions in Hermite modes, their overlaps (Mehler), their
/// derivatives. Arrays over modes are [order k, ..., j]: he_(k-j)(z1) he_j(z2), orthonormal in the frame z of a pair.
/// </summary>
internal static class PythonGaussianTemplates
{
    public const string Common = """"
        @functools.cache
        def pairs_of(inputs):
            """The pairs (a, b), a <= b, and for each its places of (a, a), (a, b), (b, b)."""
            pairs = [(a, b) for a in range(inputs) for b in range(a, inputs)]
            place = {pair: p for p, pair in enumerate(pairs)}
            return pairs, np.array([[place[a, a], p, place[b, b]] for p, (a, b) in enumerate(pairs)])


        def over_inputs(values, inputs):
            """A vector or matrix over pairs as an array over inputs."""
            pairs, kernels = pairs_of(inputs)
            place = np.zeros((inputs, inputs), dtype=int)
            for p, (a, b) in enumerate(pairs):
                place[a, b] = place[b, a] = p
            return values[place] if values.ndim == 1 else values[place][:, :, place]


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
                    if complement < 3e-8:
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


        def expansion(frame, same, highest):
            """Coefficients of all integrands in the modes of one pair, [integrand, k, j]; [integrand, k] for one input."""
            reach = 14.0
            while True:
                coarse = None
                for level in range(2, 9):
                    fine, norms, rims = projections(frame, same, highest, level, reach)
                    if np.any(rims > 1e-15 * norms) and reach < 36.0:
                        break  # the integrand grows so fast that its tail counts: start again, further out
                    scale = norms.reshape((-1,) + (1,) * (fine.ndim - 1))
                    if coarse is not None and np.all(rims <= 1e-15 * norms) and np.all(np.abs(fine - coarse) <= 1e-10 * scale):
                        return fine
                    coarse = fine
                else:
                    raise ArithmeticError("An expansion in Hermite modes did not converge on a uniform grid; the activation must be analytic near the real line.")
                reach *= 1.4


        def projections(frame, same, highest, level, reach):
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
                values = [np.broadcast_to(value, x.shape)[:, 0] for value in integrands(x, y, sigma(x), sigma(y))]
                return (
                    np.array([modes @ value for value in values]),
                    np.sqrt([np.sum(weights * value * value) for value in values]),
                    np.array([np.sum(rim * np.abs(value)) for value in values]))
            flat = L22 == 0.0
            v = np.zeros(1) if flat else nodes
            y = (L21 * nodes)[:, None] + (L22 * v)[None, :]
            inner, inner_weights, inner_rim = (np.eye(highest + 1)[:, :1], np.ones(1), np.zeros(1)) if flat else (modes, weights, rim)
            shape = (len(nodes), len(v))
            values = [np.broadcast_to(value, shape) for value in integrands(x, y, sigma(x), sigma(y))]
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


        """";

    public const string Modes = """"
        def source_in_modes(K0):
            """E2 over pairs; B2 over pairs and pairs; B over orders, pairs and modes of a pair."""
            frames, (pairs, kernels) = frames_of(K0), pairs_of(len(K0))
            E2, B2 = np.zeros(len(pairs)), np.zeros((len(pairs), len(pairs)))
            B = np.zeros((highest_order + 1, len(pairs), highest_order + 1))
            for p, (a, b) in enumerate(pairs):
                if a == b:
                    beta = np.zeros((highest_order + 1, highest_order + 1))
                    beta[:, 0] = expansion(frames[p], True, highest_order)[0]
                else:
                    beta = expansion(frames[p], False, highest_order)[0]
                    # Near rho = +-1 the coefficients of he_j(z2) are of order sqrt(1 - rho^2)^j: what is below rounding is left out.
                    complement = frames[p, 2] / math.sqrt(K0[b, b]) if K0[b, b] > 0.0 else 1.0
                    beta[:, complement ** np.arange(highest_order + 1.0) <= 1e-14] = 0.0
                E2[p] = beta[0, 0]
                for r, coefficient in zip(kernels[p], beta[2, :3] @ order_two(frames[p])):
                    B2[p, r] += coefficient
                for k in orders:
                    B[k, p] = beta[k]
            return E2, B2, B


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
            forms = second_derivative_forms(frames)
            k, i = np.arange(highest_order + 1.0)[:, None], np.arange(highest_order + 1.0)[None, :]
            roots = [np.sqrt(np.maximum(0.0, (k - i) * (k - i - 1.0))), np.sqrt(np.maximum(0.0, (k - i) * i)), np.sqrt(np.maximum(0.0, i * (i - 1.0)))]
            result = np.zeros((highest_order + 1, len(frames), highest_order + 1))
            for t in range(3):
                sums = np.einsum("qr,kqrj->kqj", forms[:, :, t], lower)
                shifted = np.zeros(result.shape)
                shifted[2:, :, t:] = sums[:highest_order - 1, :, :highest_order + 1 - t]
                result += roots[t][:, None, :] * shifted
            return result


        """";

    public const string ModesDiscrete = """"
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


        """";

    public const string ModesContinuous = """"
        def drift_of_modes(K0, Q):
            """A[k, q, i, j]: L' = L (1 + eps^2 Phi), Phi the lower half of L^-1 Q L^-T with half its diagonal."""
            frames, (pairs, kernels) = frames_of(K0), pairs_of(len(K0))
            result = np.zeros((highest_order + 1, len(frames), highest_order + 1, highest_order + 1))
            R11, R12, R21, R22 = (np.diagonal(c) for c in correlations(frames, frames, Q))
            for q, (a, b) in enumerate(pairs):
                if a != b and frames[q, 2] == 0.0:
                    ratio = frames[q, 1] * frames[q, 3]
                    rest = Q[b, b] - 2.0 * ratio * Q[a, b] + ratio * ratio * Q[a, a]
                    if abs(rest) > 1e-10 * (abs(Q[b, b]) + ratio * ratio * Q[a, a]):
                        raise ArithmeticError(f"Inputs {a} and {b} are proportional at this depth and not at the next, so that the modes have no derivative in depth time; use discrete stepping.")
                for k in range(highest_order + 1):
                    for j in range(k + 1):
                        result[k, q, j, j] = -0.5 * ((k - j) * R11[q] + j * R22[q])
                        if j < k:
                            result[k, q, j + 1, j] = -R12[q] * math.sqrt((k - j) * (j + 1.0))
            return result


        """";
}
