def plus(state, *terms):
    """state + h1 rate1 + h2 rate2 + ..."""
    return {name: state[name] + sum(factor * rate[name] for factor, rate in terms) for name in state}
