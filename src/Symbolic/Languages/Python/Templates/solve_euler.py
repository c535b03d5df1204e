def solve(kernel, parameters, layers):
    """Yields the state at each of some increasing layers, by one Euler step of eps^2 a layer."""
    state, layer = initial(kernel), 0
    for wanted in layers:
        while layer < wanted:
            state, layer = plus(state, (EPS ** 2, rate(state, ARGUMENTS))), layer + 1
        yield layer, state
