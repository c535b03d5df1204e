// The one-step residual of the closure's V4 equation: the exact change of n Cov(G, G) in one layer, from measured moments
// (OneStepBalance), less the change that the closure's equation makes of the measured V4 at the infinite-width K0. It
// splits, as the equation does, into transport and source. In units of V4 per depth time (divided by eps^2).
//
// Standard errors: transport is, to leading order in eps, C_W alpha^2 n Cov(S - chi/C_W G, G) and its transpose, for
// which the sampler has a standard error of its own; source moves with the means of G and S, by their standard errors
// (added up without regard to correlation, so the bar is on the safe side). What the control variate's covariance lacks is added to the bar of transport.

using SymbolicEft.Numeric.Closures;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Numeric.Simulation;
using SymbolicEft.Numeric.Solving;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Comparison;

/// <summary>The residual of V4 of one pair with itself, at each record.</summary>
/// <param name="Pair">The pair's number.</param>
/// <param name="Transport">The part of transport.</param>
/// <param name="Source">The part of source.</param>
/// <param name="TransportStandardErrors">Standard errors of transport.</param>
/// <param name="SourceStandardErrors">Standard errors of source, from above.</param>
internal sealed record OneStepResidual(int Pair, double[] Transport, double[] Source, double[] TransportStandardErrors, double[] SourceStandardErrors);

/// <summary>Computes the one-step residuals of the V4 equation.</summary>
internal sealed class OneStepResiduals
{
    private static readonly Tensor Transport = new("transport", "T", 4, TensorSymmetry.CovarianceOfSymmetric);
    private static readonly Tensor Source = new("source", "N", 4, TensorSymmetry.CovarianceOfSymmetric);

    private readonly Network _network;
    private readonly QuadratureChoice _quadrature;
    private readonly TheorySolution _reference;
    private readonly EnsembleStatistics _statistics;
    private readonly TensorLayout _moments;
    private readonly TensorProgram _exact;
    private readonly CompiledSystem _closure;
    private readonly TensorProgram _closureTransport, _closureSource;
    private readonly IExpectations _expectations;
    private readonly double[] _values, _parameters;

    /// <summary>Prepares the programs.</summary>
    /// <param name="network">The network and its inputs.</param>
    /// <param name="quadrature">How expectations are taken; certified for sums over nodes.</param>
    /// <param name="width">n.</param>
    /// <param name="reference">K0 at the recorded layers.</param>
    /// <param name="statistics">A simulation that kept the covariances of S and the residual of the linear response.</param>
    /// <exception cref="NotSupportedException">The quadrature cannot take the closure's expectations.</exception>
    public OneStepResiduals(Network network, QuadratureChoice quadrature, int width, TheorySolution reference, EnsembleStatistics statistics)
    {
        (_network, _quadrature, _reference, _statistics) = (network, quadrature.WithErrors, reference, statistics);
        _moments = new TensorLayout(
            network.Inputs,
            [Notation.Kernel, Notation.SigmaKernel, Notation.Covariance, OneStepBalance.SigmaKernelCovariance, OneStepBalance.SigmaSigmaCovariance]);
        OneStepBalance balance = OneStepBalance.Derive();
        TensorIndex[] free = [Notation.A, Notation.B, Notation.C, Notation.D];
        _exact = new TensorProgram(_moments, [(Transport[free], balance.Transport), (Source[free], balance.Source)], new ExpectationTable());
        // V4 alone: with kinks the expectations of K1 are not finite one by one.
        EquationSystem system = ClosureSolver.Derive(new GOnly(), new() { Quadrature = quadrature.WithErrors }).System;
        _closure = new CompiledSystem(system.Only(tensor => tensor == Notation.MeanKernel || tensor == Notation.Covariance || tensor == Notation.SourceOnlyCovariance), network.Inputs);
        _closureTransport = _closure.Part(Notation.Covariance, "transport");
        _closureSource = _closure.Part(Notation.Covariance, "source");
        _expectations = quadrature.WithErrors.ExpectationsFor(network, _closure.Atoms);
        _values = new double[_closure.Atoms.Count];
        _parameters = (network.LayerAt(0) with { Width = width }).ToArray();
    }

    /// <summary>The residuals of V4_00,00 and, for several inputs, V4_01,01.</summary>
    /// <exception cref="UnprovedException">An expectation is not proved, and has to be.</exception>
    public IReadOnlyList<OneStepResidual> Compute()
    {
        int pairs = PairIndexing.Count(_network.Inputs);
        List<int> components = _network.Inputs > 1 ? [0, 1] : [0];
        var transport = new double[pairs, pairs, _reference.Layers.Count];
        var source = new double[pairs, pairs, _reference.Layers.Count];
        var sourceError = new double[pairs, pairs, _reference.Layers.Count];
        for (int record = 0; record < _reference.Layers.Count; record++)
        {
            double[] moments = Moments(record);
            double[] exact = Exact(moments), closure = ClosureParts(record, moments);
            double[] error = SourceErrors(record, moments, exact);
            foreach (int p in components)
            {
                int at = PairIndexing.Of(p, p, pairs);
                double perTime = 1 / _network.LayerAt(0).Time;
                transport[p, p, record] = (exact[at] - closure[at]) * perTime;
                source[p, p, record] = (exact[(exact.Length / 2) + at] - closure[(closure.Length / 2) + at]) * perTime;
                sourceError[p, p, record] = error[at] * perTime;
            }
        }

        LayerParameters first = _network.LayerAt(0);
        return [.. components.Select(p => new OneStepResidual(
            p,
            Along(transport, p),
            Along(source, p),
            [.. _statistics.Layers.Select(layer =>
                2 * first.Skip * first.Skip * first.WeightVariance * (layer.ClosureResidual!.StandardError[p, p] + (layer.ClosureResidual.Truncation?[p, p] ?? 0)))],
            Along(sourceError, p)))];
    }

    private double[] Along(double[,,] values, int pair) => [.. Enumerable.Range(0, values.GetLength(2)).Select(record => values[pair, pair, record])];

    private double[] Moments(int record)
    {
        LayerStatistics layer = _statistics.Layers[record];
        var vector = new double[_moments.Length];
        layer.G.Value.CopyTo(_moments.Part(vector, Notation.Kernel));
        layer.S.Value.CopyTo(_moments.Part(vector, Notation.SigmaKernel));
        int pairs = layer.G.Value.Length, triangle = 0;
        Span<double> covariance = _moments.Part(vector, Notation.Covariance), sigma = _moments.Part(vector, OneStepBalance.SigmaSigmaCovariance);
        Span<double> cross = _moments.Part(vector, OneStepBalance.SigmaKernelCovariance);
        for (int p = 0; p < pairs; p++)
        {
            for (int q = 0; q < pairs; q++)
            {
                cross[(p * pairs) + q] = layer.SigmaKernelCovariance.Value[p, q];
                if (q < p)
                    continue;
                covariance[triangle] = layer.V4.Value[p, q];
                sigma[triangle++] = layer.SigmaSigmaCovariance.Value[p, q];
            }
        }

        return vector;
    }

    private double[] Exact(double[] moments)
    {
        var output = new double[_exact.Output.Length];
        _exact.Run(_parameters, [], moments, output);
        return output;
    }

    // The closure's transport and source at the measured V4 and the infinite-width K0.
    private double[] ClosureParts(int record, double[] moments)
    {
        var state = new double[_closure.State.Length];
        _reference.K0[record].CopyTo(_closure.State.Part(state, Notation.MeanKernel));
        _moments.Part(moments, Notation.Covariance).CopyTo(_closure.State.Part(state, Notation.Covariance));
        _expectations.Evaluate(_reference.K0[record], _values);
        ProofPolicy.Require(_quadrature, _expectations.Unproved, _network.Sigma.Text, _reference.Layers[record]);
        double[] transport = new double[_closureTransport.Output.Length], source = new double[_closureSource.Output.Length];
        _closureTransport.Run(_parameters, _values, state, transport);
        _closureSource.Run(_parameters, _values, state, source);
        return [.. transport, .. source];
    }

    private double[] SourceErrors(int record, double[] moments, double[] exact)
    {
        LayerStatistics layer = _statistics.Layers[record];
        int half = exact.Length / 2;
        var error = new double[half];
        foreach ((Tensor tensor, double[] errors) in new[] { (Notation.Kernel, layer.G.StandardError), (Notation.SigmaKernel, layer.S.StandardError) })
        {
            for (int p = 0; p < errors.Length; p++)
            {
                var moved = (double[])moments.Clone();
                _moments.Part(moved, tensor)[p] += errors[p];
                double[] changed = Exact(moved);
                for (int at = 0; at < half; at++)
                    error[at] += Math.Abs(changed[half + at] - exact[half + at]);
            }
        }

        return error;
    }
}
