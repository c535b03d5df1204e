

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
    """Definite observables: each in the block of its own inputs, then those of one input again in the blocks of two, then sigma_a sigma_b if it is none of the closure.

    Arrays over them: integrand, pair (the inputs), block (a pair), of_every_pair (x y, and functions of one input). count is how many are in the state;
    sources are the (block, pair) for which blocks know sigma_a sigma_b: each pair in its own block, then (a, a) and (b, b) in those of two."""
    pairs = pairs_of(inputs)[0]
    own, further = [], []
    for f, (straight, exchanged, has_two, symmetric) in enumerate(observables):
        for a in range(inputs):
            for b in range(inputs):
                if (a == b) if not has_two else (a <= b or not symmetric):
                    p = pairs.index((min(a, b), max(a, b)))
                    (own if f < closure_size else further).append((straight if a <= b else exchanged, p, p, f == 0 or not has_two))
    again, sources = [], [(p, p) for p in range(len(pairs))]
    for block, (a, b) in enumerate(pairs):
        if a != b:
            members = pairs.index((a, a)), pairs.index((b, b))
            again += [(integrand, p, block, every) for integrand, p, _, every in own if p in members]
            sources += [(block, p) for p in members]
    integrand, pair, block, every = (np.array(column) for column in zip(*(own + again + further)))
    return types.SimpleNamespace(integrand=integrand, pair=pair, block=block, of_every_pair=every, count=len(own) + len(again), sources=sources)


def kernel_components(inputs):
    """Where x y is for each pair: it is the first observable."""
    return np.arange(len(pairs_of(inputs)[0]))


def lines_of(frames, inputs):
    """For each pair, are its functions of one input? Those of proportional inputs are."""
    return np.array([a == b or (frames[p, 2] == 0.0 and frames[p, 1] != 0.0) for p, (a, b) in enumerate(pairs_of(inputs)[0])])


@remembered
def expansions(K0):
    """Frames, and all components in modes."""
    frames, (pairs, _) = frames_of(K0), pairs_of(len(K0))
    is_line, components = lines_of(frames, len(K0)), components_of(len(K0))
    for p, (a, b) in enumerate(pairs):
        complement = frames[p, 2] / math.sqrt(K0[b, b]) if K0[b, b] > 0.0 else 0.0
        if a != b and frames[p, 1] != 0.0 and 0.0 < complement < 1e-4:
            raise ArithmeticError(f"Inputs {a} and {b} are nearly proportional, sqrt(1 - rho^2) = {complement}, where this program would lose digits: make them equal, or solve the specification with symeft solve.")
    of_pair = [expansion(frames[p], is_line[p], HIGHEST_OF_ONE if is_line[p] else HIGHEST_OF_TWO, functions) for p in range(len(pairs))]
    line, plane = np.zeros((len(components.pair), HIGHEST_OF_ONE + 1)), np.zeros((len(components.pair), HIGHEST_OF_TWO + 1, HIGHEST_OF_TWO + 1))
    for n, (integrand, p, block) in enumerate(zip(components.integrand, components.pair, components.block)):
        if not is_line[p]:
            plane[n] = of_pair[p][integrand]
        elif is_line[block]:
            line[n] = of_pair[p][integrand]
        else:
            line[n, :HIGHEST_OF_TWO + 1] = of_pair[p][integrand][:HIGHEST_OF_TWO + 1]  # all functions of a block end at one order
    return frames, with_lines(line, plane)


def state_of(K0):
    """Frames, the expansions of the components of the state, and their pairs and blocks."""
    frames, (line, plane) = expansions(K0)
    components = components_of(len(K0))
    count = components.count
    return frames, (line[:count], plane[:count]), (components.pair[:count], components.block[:count])


def with_lines(line, plane):
    """The first orders of functions of one input stand in both arrays."""
    is_line = np.any(line != 0.0, axis=1)
    plane = plane.copy()
    plane[is_line] = 0.0
    plane[is_line, :, 0] = line[is_line, :HIGHEST_OF_TWO + 1]
    return line, plane


def overlaps(left, right, left_pairs, right_pairs, correlation, factor=1.0):
    """sum over k >= 1 of f_k . S_k(factor C) g_k: covariances of functions, factor^k for an average over alpha phi."""
    correlation = [factor * c for c in correlation]
    (line, plane), (line2, plane2) = left, right
    rows, columns = ([np.nonzero(owners == p)[0] for p in range(len(correlation[0]))] for owners in (left_pairs, right_pairs))
    blocks = [(p, q, np.zeros((len(row), len(column)))) for p, row in enumerate(rows) for q, column in enumerate(columns) if len(row) and len(column)]
    for k, power in symmetric_powers(*correlation, HIGHEST_OF_TWO):
        first, second = [plane[row, k, :k + 1] for row in rows], [plane2[column, k, :k + 1].T for column in columns]
        for p, q, block in blocks:
            block += first[p] @ power[p, q] @ second[q]
    # orders above those of functions of two inputs: one input alone
    k = np.arange(HIGHEST_OF_TWO + 1, HIGHEST_OF_ONE + 1)
    result = np.zeros((len(left_pairs), len(right_pairs)))
    for p, q, block in blocks:
        result[np.ix_(rows[p], columns[q])] = block + (line[rows[p]][:, k] * correlation[0][p, q] ** k) @ line2[columns[q]][:, k].T
    return result


@remembered
def gram_matrix(K0):
    """n Cov of the observables for independent rows."""
    frames, functions, (pair, _) = state_of(K0)
    return overlaps(functions, functions, pair, pair, correlations(frames, frames, K0))


@remembered
def inverses(K0):
    """For each block and pair in it what functions of the pair are projected on, and the inverse of the Gram matrix of that: sum of weight vector vector^T.

    That is all of the block, but where inputs are nearly proportional, 1 - rho^2 < NEARLY_PROPORTIONAL, observables of the same pair, and for functions of both inputs
    those of one and x y: f(a, a) - 2 f(a, b) + f(b, b) is then too small for coefficients of it. Eigenvalues of the correlation matrix below SMALLEST_EIGENVALUE
    of the largest are combinations that vanish to rounding, and are left out."""
    frames, (pairs, kernels) = frames_of(K0), pairs_of(len(K0))
    is_line, components = lines_of(frames, len(K0)), components_of(len(K0))
    pair, block, every = components.pair[:components.count], components.block[:components.count], components.of_every_pair[:components.count]

    def inverse_on(span):
        matrix = gram_matrix(K0)[np.ix_(span, span)]
        scale = np.array([1.0 / math.sqrt(d) if d > 0.0 else 0.0 for d in np.diagonal(matrix)])
        values, vectors = np.linalg.eigh(0.5 * (matrix + matrix.T) * np.outer(scale, scale))
        inverse = np.array([1.0 / value if value > SMALLEST_EIGENVALUE * np.max(values) > 0.0 else 0.0 for value in values])
        return span, scale[:, None] * vectors, inverse

    result = {}
    for p, (a, b) in enumerate(pairs):
        narrow = not is_line[p] and frames[p, 2] ** 2 < NEARLY_PROPORTIONAL * K0[b, b]
        whole = None if narrow else inverse_on(np.nonzero(block == p)[0])
        for member in dict.fromkeys(kernels[p]):
            result[p, member] = inverse_on(np.nonzero((block == p) & ((pair == member) | ((member == p) & every)))[0]) if narrow else whole
    return result


def project(functions, places, K0, frames, factor=1.0):
    """Coefficients over the observables: functions in the modes of their pair in frames, projected on the observables of their block at K0."""
    here, state, (state_pair, state_block) = state_of(K0)
    pair, block = places
    with_state = overlaps(functions, state, pair, state_pair, correlations(frames, here, K0), factor)
    result = np.zeros(with_state.shape)
    for (p, member), (span, vectors, weights) in inverses(K0).items():
        rows = np.nonzero((block == p) & (pair == member))[0]
        if len(rows) and len(span):
            # one vector after the other: the inverse multiplied out would lose digits where observables are nearly dependent
            result[np.ix_(rows, span)] = (with_state[np.ix_(rows, span)] @ vectors * weights) @ vectors.T
    return result


def first_derivatives(functions):
    """d1 f and d2 f: d he_n = sqrt(n) he_(n-1)."""
    line, plane = functions
    k, j = np.arange(HIGHEST_OF_TWO)[:, None], np.arange(HIGHEST_OF_TWO)[None, :]
    first, second = np.zeros(plane.shape), np.zeros(plane.shape)
    first[:, :HIGHEST_OF_TWO, :HIGHEST_OF_TWO] = np.sqrt(np.maximum(0.0, k - j + 1.0)) * plane[:, 1:, :HIGHEST_OF_TWO]
    second[:, :HIGHEST_OF_TWO, :HIGHEST_OF_TWO] = np.sqrt(j + 1.0) * plane[:, 1:, 1:]
    slope = np.zeros(line.shape)
    slope[:, :HIGHEST_OF_ONE] = np.sqrt(np.arange(1.0, HIGHEST_OF_ONE + 1.0)) * line[:, 1:]
    return with_lines(slope, first), (np.zeros(line.shape), second)


def second_parts(functions):
    """d1 d1 f, d1 d2 f, d2 d2 f."""
    first, second = first_derivatives(functions)
    return first_derivatives(first)[0], first_derivatives(first)[1], first_derivatives(second)[1]


def sigma_kernel_in_observables(K0):
    """E2 over pairs, and sigma_a sigma_b projected: Pi over pairs as the blocks see them, and observables."""
    frames, (line, plane) = expansions(K0)
    components = components_of(len(K0))
    of_pair = {p: n for n, p in reversed(list(enumerate(components.pair))) if components.integrand[n] == sigma_kernel and components.block[n] == p}
    E2 = np.array([plane[of_pair[p], 0, 0] for p in range(len(of_pair))])
    blocks, pairs = (np.array(column) for column in zip(*components.sources))
    if of_pair[0] >= components.count:
        chosen = [of_pair[p] for p in pairs]
        return E2, project((line[chosen], plane[chosen]), (pairs, blocks), K0, frames)
    Pi = np.zeros((len(pairs), components.count))
    for n in range(components.count):
        if components.integrand[n] == sigma_kernel:
            Pi[components.sources.index((components.block[n], components.pair[n])), n] = 1.0
    return E2, Pi


def responses(K0, frames, functions, places, factor):
    """R and D of D_v f = R + D f for D_v = d_e d_f of a pair of the block: expectations, and projections of the averages over alpha phi + eps u."""
    (pair, block), (_, kernels), sources = places, pairs_of(len(K0)), components_of(len(K0)).sources
    forms, parts = second_derivative_forms(frames)[pair], second_parts(functions)
    means = np.stack([plane[:, 0, 0] for _, plane in parts], axis=-1)
    stacked = np.concatenate([line for line, _ in parts]), np.concatenate([plane for _, plane in parts])
    projected = project(stacked, (np.tile(pair, 3), np.tile(block, 3)), K0, frames, factor).reshape(3, len(pair), len(pair))
    R, D = np.zeros((len(pair), len(sources))), np.zeros((len(pair), len(sources), len(pair)))
    for n, p in enumerate(pair):
        for s, r in enumerate(kernels[p]):
            if np.any(forms[n, s] != 0.0):
                v = sources.index((block[n], r))
                R[n, v] += forms[n, s] @ means[n]
                D[n, v] += forms[n, s] @ projected[:, n]
    return R, D
