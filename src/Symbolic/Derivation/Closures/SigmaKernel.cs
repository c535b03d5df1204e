using System.Globalization;
using SymbolicEft.Symbolic.Expressions;

namespace SymbolicEft.Symbolic.Derivation.Closures;

/// <summary>
/// sigma-kernel(m): the state is G, S and the kernels of the repeated second derivatives of sigma_a sigma_b up to m - 1 of them:
/// S_2 = {sigma'' sigma, sigma' sigma'}, S_3 = {sigma'''' sigma, sigma''' sigma', sigma'' sigma''}, ...
/// </summary>
/// <param name="Kernels">m: 1 is {G, S}.</param>
public sealed record SigmaKernel(int Kernels) : IObservableClosure
{
    /// <summary>The highest m.</summary>
    public const int Limit = 6;

    /// <inheritdoc/>
    public string Name => Kernels == 1 ? "sigma-kernel" : $"sigma-kernel({Kernels.ToString(CultureInfo.InvariantCulture)})";

    /// <inheritdoc/>
    public string Summary => "The kernels G and S, and on request those of repeated second derivatives of sigma sigma; everything else is projected on them.";

    /// <inheritdoc/>
    public IReadOnlyList<Observable> Observables
    {
        get
        {
            List<Observable> observables = [Observable.Kernel, Observable.SigmaKernel];
            Expression[] level = [Observable.SigmaKernel.Body];
            for (var kernel = 2; kernel <= Kernels; kernel++)
            {
                // d_c d_d of every function of the level below, c and d out of the two inputs.
                level = [.. level.SelectMany(SecondDerivatives).Select(body => Observable.Of(body)).Distinct().Select(each => each.Body)];
                foreach (Expression body in level)
                {
                    var observable = Observable.Of(body);
                    if (!observables.Any(known => ReferenceEquals(known.Body, observable.Body) || ReferenceEquals(known.Exchanged, observable.Body)))
                        observables.Add(observable);
                }
            }

            return observables;
        }
    }

    private static IEnumerable<Expression> SecondDerivatives(Expression body)
    {
        Expression first = body.Differentiate(Observable.X), second = body.Differentiate(Observable.Y);
        return [first.Differentiate(Observable.X), first.Differentiate(Observable.Y), second.Differentiate(Observable.Y)];
    }
}
