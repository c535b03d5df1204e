if __name__ == "__main__":
    names = NAMES
    records = [(layer, state | quantities(state, parameters)) for layer, state in solve(kernel, parameters, layers)]
    for other in range(min(2, len(kernel))):
        print(f"component a = c = 0, b = d = {other}")
        print(f"{'layer':>6} {'t':>9} " + " ".join(f"{name:>14}" for name in names))
        for layer, values in records:
            time = TIME
            row = [values[name][(0, other, 0, other)[:values[name].ndim]] for name in names]
            print(f"{layer:>6} {time:>9.6g} " + " ".join(f"{value:>14.9g}" for value in row))
