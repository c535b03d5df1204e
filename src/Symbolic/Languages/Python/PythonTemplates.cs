using SymbolicEft.Symbolic.Languages.Code;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Symbolic.Languages.Python;

/// <summary>The parts of a generated Python file that no equation goes into.</summary>
internal static class PythonTemplates
{
    public const string SolveDiscrete = """"
        def solve(kernel, parameters, layers):
            """Yields the state at each of some increasing layers."""
            state, layer = initial(kernel), 0
            for wanted in layers:
                while layer < wanted:
                    state, layer = step(state, parameters), layer + 1
                yield layer, state


        """";

    public const string SolveEuler = """"
        def solve(kernel, parameters, layers):
            """Yields the state at each of some increasing layers, by one Euler step of eps^2 a layer."""
            state, layer = initial(kernel), 0
            for wanted in layers:
                while layer < wanted:
                    state, layer = plus(state, (parameters["eps"] ** 2, rate(state, parameters))), layer + 1
                yield layer, state


        """" + Plus;

    public const string SolveContinuous = """"
        def solve(kernel, parameters, layers):
            """Yields the state at each of some increasing layers, by classical Runge-Kutta steps with error control."""
            state, layer = initial(kernel), 0
            for wanted in layers:
                while layer < wanted:
                    state, layer = advance(state, parameters, parameters["eps"] ** 2, 0), layer + 1
                yield layer, state


        def advance(state, parameters, h, halvings):
            """One step of h against two of h/2; halved until they agree to 1e-11."""
            whole = runge_kutta(state, parameters, h)
            halves = runge_kutta(runge_kutta(state, parameters, h / 2), parameters, h / 2)
            if all(np.all(np.abs(whole[name] - halves[name]) <= 1e-11 * np.maximum(1.0, np.abs(halves[name]))) for name in state):
                return halves
            if halvings == 20:
                raise ArithmeticError("The equations cannot be integrated to the tolerance: the step went to zero.")
            return advance(advance(state, parameters, h / 2, halvings + 1), parameters, h / 2, halvings + 1)


        def runge_kutta(state, parameters, h):
            k1 = rate(state, parameters)
            k2 = rate(plus(state, (h / 2, k1)), parameters)
            k3 = rate(plus(state, (h / 2, k2)), parameters)
            k4 = rate(plus(state, (h, k3)), parameters)
            return plus(state, (h / 6, k1), (h / 3, k2), (h / 3, k3), (h / 6, k4))


        """" + Plus;

    private const string Plus = """"
        def plus(state, *terms):
            """state + h1 rate1 + h2 rate2 + ..."""
            return {name: state[name] + sum(factor * rate[name] for factor, rate in terms) for name in state}


        """";

    public const string EachPair = """
            known = {}  # inputs with equal kernels have equal expectations: sum once
            for a in range(inputs):
                for b in range(a, inputs):
                    key = (K0[a, a], K0[a, b], K0[b, b], a == b)
                    if key not in known:
                        known[key] = gaussian(*key)
                    values = known[key]
        """;

    public const string Quadrature = """"
        def gaussian(kaa, kab, kbb, same):
            """Expectations of all integrands for one pair of inputs; one dimension where they are one and the same."""
            if not (kaa >= 0.0 and kbb >= 0.0 and abs(kab) <= math.sqrt(kaa * kbb) * (1.0 + 1e-12)):
                raise ArithmeticError(f"The kernel [[{kaa}, {kab}], [{kab}, {kbb}]] is not a covariance.")
            rho = 1.0 if same else 0.0 if kaa * kbb == 0.0 else min(1.0, max(-1.0, kab / math.sqrt(kaa * kbb)))
            reach = 9.0
            while True:
                coarse = None
                for level in range(2, 9):
                    fine, magnitudes, rims = sums(math.sqrt(kaa), math.sqrt(kbb), rho, same, level, reach)
                    if np.any(rims > 1e-15 * magnitudes) and reach < 36.0:
                        break  # the integrand grows so fast that its tail counts: start again, further out
                    if coarse is not None and np.all(rims <= 1e-15 * magnitudes) and np.all(np.abs(fine - coarse) <= 1e-10 * magnitudes):
                        return fine
                    coarse = fine
                else:
                    raise ArithmeticError(
                        f"A Gaussian expectation at the kernel [[{kaa}, {kab}], [{kab}, {kbb}]] did not converge on a uniform grid; "
                        "the activation must be analytic near the real line.")
                reach *= 1.4


        def sums(sqrt_a, sqrt_b, rho, same, level, reach):
            width = 2.0 ** -level
            last = math.ceil(reach / width)
            nodes = (np.arange(-last - 1, last + 1) + level * 0.6180339887498949 % 1) * width
            weights = width * np.exp(-nodes * nodes / 2.0) / math.sqrt(2.0 * math.pi)
            u, v = nodes[:, None], np.zeros((1, 1)) if same else nodes[None, :]
            square = u * u + v * v
            weight = weights[:, None] * (1.0 if same else weights[None, :]) * (square <= reach * reach)
            rim = (square > (reach - 0.5) ** 2) * np.ones_like(weight)
            x = sqrt_a * u
            y = sqrt_b * (rho * u + math.sqrt((1.0 - rho) * (1.0 + rho)) * v)
            terms = [weight * integrand for integrand in integrands(x, y, sigma(x), sigma(y))]
            return (
                np.array([np.sum(term) for term in terms]),
                np.array([np.sum(np.abs(term)) for term in terms]),
                np.array([np.sum(np.abs(term) * rim) for term in terms]))


        """";

    public const string Program = """
        if __name__ == "__main__":
            names = [NAMES]
            records = [(layer, state | quantities(state, parameters)) for layer, state in solve(kernel, parameters, layers)]
            for other in range(min(2, len(kernel))):
                print(f"component a = c = 0, b = d = {other}")
                print(f"{'layer':>6} {'t':>9} " + " ".join(f"{name:>14}" for name in names))
                for layer, values in records:
                    time = TIME
                    row = [values[name][(0, other, 0, other)[:values[name].ndim]] for name in names]
                    print(f"{layer:>6} {time:>9.6g} " + " ".join(f"{value:>14.9g}" for value in row))
        """;

    public static IReadOnlyDictionary<string, string> Puts { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["put_pair"] = "def put_pair(array, a, b, value):\n    array[a, b] = array[b, a] = value",
        ["put_pairs"] = "def put_pairs(array, a, b, c, d, value):\n    array[a, b, c, d] = array[b, a, c, d] = array[a, b, d, c] = array[b, a, d, c] = value",
        ["put_covariance"] = """
            def put_covariance(array, a, b, c, d, value):
                array[a, b, c, d] = array[b, a, c, d] = array[a, b, d, c] = array[b, a, d, c] = value
                array[c, d, a, b] = array[c, d, b, a] = array[d, c, a, b] = array[d, c, b, a] = value
            """,
    };

    public static string PutName(LoopShape shape) => shape.Symmetry switch
    {
        TensorSymmetry.Symmetric => "put_pair",
        TensorSymmetry.SymmetricInEachPair => "put_pairs",
        _ => "put_covariance",
    };
}
