def pieces(cuts, reach, level):
    """Gauss-Legendre rules between cuts within reach, density included, one rule a row of cuts; panels are no wider than 2^(3 - level)."""
    ends = np.sort(np.clip(cuts, -reach, reach), axis=-1)
    edge = np.full(ends.shape[:-1] + (1,), reach)
    ends = np.concatenate([-edge, ends, edge], axis=-1)
    count = math.ceil(2.0 * reach * 2.0 ** (level - 3))
    abscissas, weights = np.polynomial.legendre.leggauss(16)
    units = (np.arange(count)[:, None] + (abscissas + 1.0) / 2.0) / count
    width = np.diff(ends, axis=-1)[..., None, None]
    nodes = (ends[..., :-1, None, None] + width * units).reshape(ends.shape[:-1] + (-1,))
    weights = (width * np.broadcast_to(weights / (2.0 * count), units.shape)).reshape(nodes.shape)
    return nodes, weights * np.exp(-nodes * nodes / 2.0) / math.sqrt(2.0 * math.pi)


def projections_of_pieces(frame, same, highest, level, reach, functions):
    """As projections, by rules that end where a function of one of the inputs has a kink: of z1, and for each z1 of z2."""
    L11, L21, L22 = frame[:3]
    z, weights = pieces(np.array([kink / scale for kink in kinks for scale in (L11, L21) if scale != 0.0]), reach, level)
    modes, rim = hermite(z, highest) * weights, weights ** 0.5 * (np.abs(z) > reach - 0.5)
    x = (L11 * z)[:, None]
    if same or L22 == 0.0:
        values = [np.broadcast_to(value, x.shape)[:, 0] for value in functions(x, (L21 * z)[:, None])]
        lines = np.array([modes @ value for value in values])
        norms, rims = np.sqrt([weights @ (value * value) for value in values]), np.array([rim @ np.abs(value) for value in values])
        return (lines if same else np.array([by_order(np.outer(line, np.arange(highest + 1) == 0)) for line in lines])), norms, rims
    v, inner = pieces((np.array(kinks) - (L21 * z)[:, None]) / L22, reach, level)
    inner_modes = hermite(v.ravel(), highest).reshape((highest + 1,) + v.shape) * inner
    inner_rim = inner ** 0.5 * (np.abs(v) > reach - 0.5)
    values = [np.broadcast_to(value, v.shape) for value in functions(x, (L21 * z)[:, None] + L22 * v)]
    return (
        np.array([by_order(modes @ np.einsum("qim,im->iq", inner_modes, value)) for value in values]),
        np.sqrt([weights @ np.sum(inner * value * value, axis=1) for value in values]),
        np.array([rim @ np.sum(inner ** 0.5 * np.abs(value), axis=1) + weights ** 0.5 @ np.sum(inner_rim * np.abs(value), axis=1) for value in values]))
