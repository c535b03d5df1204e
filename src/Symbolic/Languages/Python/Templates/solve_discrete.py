def solve(kernel, parameters, layers):
    """Yields the state at each of some increasing layers."""
    state, layer = initial(kernel), 0
    for wanted in layers:
        while layer < wanted:
            state, layer = step(state, ARGUMENTS), layer + 1
        yield layer, state
