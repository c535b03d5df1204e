// How much of what expectations are known to is left in the numbers that are made of them. Price's theorem writes derivatives of E[sigma_a sigma_b] in K as
// sums of expectations, (E[sigma^2])'''' = 2 E[sigma sigma''''] + 8 E[sigma' sigma'''] + 6 E[sigma''^2], which may be far larger than the sum. To first order
// the error of f(e) is the sum of |df/de_j| error_j. Expectations of one shape (i, j; one input or two) are moved together, by their errors, and f is
// evaluated once for each shape: a pair of inputs has one expectation of each shape, so within a pair nothing is lost.
//   1. f is U1 = chi K1 + 1/2 Hess(E2):V4 + ..., which feeds K1. It is measured by itself or, where it is less (it may pass through 0), by 1e-4 of
//      sqrt(E2_aa E2_bb), so that K1 is known to 1e-10 of K0 at least.
//   2. Again at K1 raised by the size of K, measured by sqrt(E2_aa E2_bb): so chi, which transports V4, is weighed.
//   3. Beyond the leading order in 1/n there are more equations: each right side, measured by the size of its component.

using System.Globalization;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Symbolic.Derivation;
using SymbolicEft.Symbolic.Tensors;

namespace SymbolicEft.Numeric.Solving;

/// <summary>A number lost its digits in differences of expectations, and another route was to be taken then.</summary>
internal sealed class LostDigitsException : Exception;

/// <summary>Finds numbers in which the errors of expectations count, because the expectations nearly cancel.</summary>
internal sealed class Cancellation
{
    /// <summary>The share of a number's scale that the errors of its expectations may make.</summary>
    public const double Tolerance = 1e-6;

    // Of what U1 is made of: what is smaller than this share is measured by it.
    private const double Smallest = 1e-4;

    private readonly CompiledSystem _compiled;
    private readonly string _activation;
    private readonly double[] _bounds, _moved, _state, _plain, _changed, _errors, _scales;
    private readonly int[][] _shapes;
    private readonly bool _hasSource, _hasOrders;

    /// <summary>Prepares a system.</summary>
    /// <param name="compiled">The system.</param>
    /// <param name="activation">sigma as text, for messages.</param>
    public Cancellation(CompiledSystem compiled, string activation)
    {
        (_compiled, _activation) = (compiled, activation);
        (_bounds, _moved, _state) = (new double[compiled.Atoms.Count], new double[compiled.Atoms.Count], new double[compiled.State.Length]);
        _hasSource = compiled.Quantities.Output.Blocks.Any(block => block.Tensor == Notation.SigmaCorrection) && compiled.State.Blocks.Any(block => block.Tensor == Notation.MeanCorrection);
        _hasOrders = compiled.State.Blocks.Any(block => block.Tensor.Arity > 4);
        int longest = Math.Max(compiled.Quantities.Output.Length, compiled.RightSide.Output.Length);
        (_plain, _changed, _errors, _scales) = (new double[longest], new double[longest], new double[longest], new double[longest]);
        _shapes =
        [
            .. compiled.Atoms.Select((atom, slot) => (Atom: atom, Slot: slot))
                .GroupBy(each => each.Atom.FirstInput <= each.Atom.SecondInput
                    ? (each.Atom.FirstOrder, each.Atom.SecondOrder, each.Atom.FirstInput == each.Atom.SecondInput)
                    : (each.Atom.SecondOrder, each.Atom.FirstOrder, false))
                .Select(shape => shape.Select(each => each.Slot).ToArray()),
        ];
    }

    /// <summary>What was found first; null where no number has lost its digits.</summary>
    public Unproved? Found { get; private set; }

    /// <summary>Weighs the numbers of a layer.</summary>
    /// <param name="source">The expectations, evaluated last at this layer.</param>
    /// <param name="parameters">The numbers of the layer.</param>
    /// <param name="expectations">Their values.</param>
    /// <param name="state">The state.</param>
    public void Weigh(IExpectations source, double[] parameters, double[] expectations, double[] state)
    {
        if (Found is not null || !_hasSource || !source.TryErrorBounds(_bounds)) return;
        state.CopyTo(_state, 0);
        Find(_compiled.Quantities, parameters, expectations, Smallest);
        Span<double> correction = _compiled.State.Part(_state, Notation.MeanCorrection);
        double[] sizes = KernelScales.OfPairs(_compiled.State.Part(state, Notation.MeanKernel), _compiled.Inputs);
        for (int pair = 0; pair < sizes.Length; pair++) correction[pair] += correction[pair] < 0 ? -sizes[pair] : sizes[pair];
        Find(_compiled.Quantities, parameters, expectations, 1);
        if (_hasOrders) Find(_compiled.RightSide, parameters, expectations, 1);
    }

    private void Find(ITensorProgram program, double[] parameters, double[] expectations, double smallest)
    {
        program.Run(parameters, expectations, _state, _plain);
        SetScales(program);
        Array.Clear(_errors);
        foreach (int[] shape in _shapes)
        {
            expectations.CopyTo(_moved, 0);
            foreach (int slot in shape) _moved[slot] += _bounds[slot];
            program.Run(parameters, _moved, _state, _changed);
            for (int at = 0; at < program.Output.Length; at++) _errors[at] += Math.Abs(_changed[at] - _plain[at]);
        }

        for (int at = 0; at < program.Output.Length && Found is null; at++)
        {
            double share = _errors[at] / Math.Max(smallest * _scales[at], Math.Abs(_plain[at]));
            if (share > Tolerance) Found = Lost(program.Output, at, share);
        }
    }

    private void SetScales(ITensorProgram program)
    {
        if (program == _compiled.RightSide)
        {
            KernelScales.Of(program.Output, _state, _scales);
            return;
        }

        double[] source = KernelScales.OfPairs(program.Output.Part(_plain, Notation.MeanSigmaKernel), _compiled.Inputs);
        foreach (TensorBlock block in program.Output.Blocks) source.CopyTo(_scales, block.Offset);
    }

    private Unproved Lost(TensorLayout layout, int at, double share)
    {
        TensorBlock block = layout.Blocks.Last(each => each.Offset <= at);
        Indexed component = block.Components[at - block.Offset];
        string of = block.Tensor == Notation.SigmaCorrection ? "U1, and K1 with it," : block.Tensor.Name;
        string digits = share < 1 ? string.Create(CultureInfo.InvariantCulture, $"leave {share:G1} of it open") : "leave none of its digits";
        return new(
            $"the digits of {component}",
            string.Create(CultureInfo.InvariantCulture, $"Price's formula makes {of} of expectations of {_activation} and its derivatives that nearly cancel, and their errors {digits}; hermite(4), which takes no derivatives, has no such terms"));
    }
}
