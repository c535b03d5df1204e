using SymbolicEft.Numeric.Activations;
using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Closures.Galerkin;
using SymbolicEft.Numeric.Closures.Hermite;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Equations;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation.Closures;

namespace SymbolicEft.Numeric.Tests.Closures.Oracles;

/// <summary>The derived systems, run, against equations written by hand from the papers' formulas.</summary>
public sealed class OracleTests
{
    public static TheoryData<string, string, string, Stepping> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string, Stepping>();
            foreach (Stepping stepping in Enum.GetValues<Stepping>())
            {
                cases.Add("hermite(1)", "gelu(x)", "1.5", stepping);
                cases.Add("hermite(8)", "tanh(x)", "2 .6 2", stepping);
                cases.Add("hermite(7)", "gelu(x)", "1.5 .6 1", stepping);
                cases.Add("hermite(6)", "relu(x)", "1.5 .6 .2 1 .1 .7", stepping);
                cases.Add("hermite(5)", "softplus(x)", "1 .99 1", stepping);
                cases.Add("g-connected", "relu(x)", "2 .6 1", stepping);
                cases.Add("sigma-kernel", "tanh(x)", "2 .6 2", stepping);
                cases.Add("sigma-kernel", "gelu(x)", "2", stepping);
                cases.Add("[x*y, sigma(x)*sigma(y), x]", "gelu(x)", "1.5 .6 .2 1 .1 .7", stepping);
                cases.Add("[x*y, x, x*sigma(y)]", "tanh(x)", "1.5 .6 1", stepping);
            }

            cases.Add("hermite(6)", "relu(x)", "1 1 1", Stepping.Discrete);
            cases.Add("sigma-kernel", "tanh(x)", "2 1.9999 2", Stepping.Discrete);
            cases.Add("g-only", "relu(x)", "2 .6 1", Stepping.Discrete);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void DerivedEquationsGiveWhatHandWrittenOnesGive(string closure, string activation, string kernel, Stepping stepping)
    {
        double[] initial = [.. kernel.Split(' ').Select(value => double.Parse(value, System.Globalization.CultureInfo.InvariantCulture))];
        int inputs = initial.Length == 1 ? 1 : initial.Length == 3 ? 2 : 3;
        var problem = Networks.Of(Activation.Parse(activation), new LayerParameters(1, 0.2, 1.7, 0.1), inputs, initial, 12, [0, 6, 12]);
        IClosure parsed = ClosureRegistry.Parse(closure);
        TheorySolution derived = MomentSolver.Solve(problem, parsed, stepping), written = DepthSolver.Solve(Oracle(parsed, problem), problem, stepping);
        foreach (string name in written.Tensors.Keys)
        {
            // The oracle takes Euler steps of the fourth moment, the closure of V4, which the moment follows from.
            if (stepping == Stepping.Euler && closure == "g-connected" && name is "K1" or "U1")
                continue;
            for (int record = 0; record < 3; record++)
            {
                double scale = written.Tensors[name][record].Max(Math.Abs) + written.K0[record][0], tolerance = stepping == Stepping.Continuous ? 2e-9 : 1e-12;
                Assert.All(written.Tensors[name][record].Zip(derived.Tensors[name][record]), pair => Assert.InRange(pair.Second - pair.First, -tolerance * scale, tolerance * scale));
            }
        }
    }

    private static IDepthEquations Oracle(IClosure closure, Network problem)
    {
        if (closure is IObservableClosure list)
        {
            List<Observable> observables = [.. list.Observables];
            if (!observables.Contains(Observable.SigmaKernel))
                observables.Add(Observable.SigmaKernel);
            var expansion = new ObservableExpansion(observables, problem.Sigma, problem.Inputs);
            return new GalerkinEquations(new ObservableSpan(expansion, list.Observables.Count, observables.IndexOf(Observable.SigmaKernel)), problem.LayerAt(0));
        }

        int highest = closure is HermiteModes hermite ? hermite.HighestOrder : 4;
        int[] orders = closure is HermiteModes ? [.. Enumerable.Range(1, highest).Where(order => order != 2)] : [];
        var fluctuations = new FluctuationEquation(problem.Sigma.Description, problem.Inputs, Math.Max(2, highest));
        return new HermiteEquations(fluctuations, problem.LayerAt(0), orders, closure is HermiteModes ? orders.Where(order => order > 2) : [4], wholeTadpole: closure is GOnly);
    }
}
