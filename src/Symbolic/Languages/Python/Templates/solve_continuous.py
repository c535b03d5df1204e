def solve(kernel, parameters, layers):
    """Yields the state at each of some increasing layers, by classical Runge-Kutta steps with error control."""
    state, layer = initial(kernel), 0
    for wanted in layers:
        while layer < wanted:
            state, layer = advance(state, ARGUMENTS, EPS ** 2, 0), layer + 1
        yield layer, state


def advance(state, ARGUMENTS, h, halvings):
    """One step of h against two of h/2; halved until they agree to 1e-11."""
    whole = runge_kutta(state, ARGUMENTS, h)
    halves = runge_kutta(runge_kutta(state, ARGUMENTS, h / 2), ARGUMENTS, h / 2)
    if all(np.all(np.abs(whole[name] - halves[name]) <= 1e-11 * np.maximum(1.0, np.abs(halves[name]))) for name in state):
        return halves
    if halvings == 20:
        raise ArithmeticError("The equations cannot be integrated to the tolerance: the step went to zero.")
    return advance(advance(state, ARGUMENTS, h / 2, halvings + 1), ARGUMENTS, h / 2, halvings + 1)


def runge_kutta(state, ARGUMENTS, h):
    k1 = rate(state, ARGUMENTS)
    k2 = rate(plus(state, (h / 2, k1)), ARGUMENTS)
    k3 = rate(plus(state, (h / 2, k2)), ARGUMENTS)
    k4 = rate(plus(state, (h, k3)), ARGUMENTS)
    return plus(state, (h / 6, k1), (h / 3, k2), (h / 3, k3), (h / 6, k4))
