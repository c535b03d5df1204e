using System.Runtime.Intrinsics;

namespace SymbolicEft.Numeric.Simulation;

/// <summary>Adds groups of samples and their linear predictions to the sums of one batch: the plain statistics, those of the differences, and the paths of the means.</summary>
internal sealed class ControlAccumulator : IBatchAccumulator
{
    private readonly PathwiseControl control;
    private readonly ControlLayout layout;
    private readonly IBatchAccumulator plain;
    private readonly double[][,]? closure;
    private readonly int lanes;
    private readonly double[] kernelPrediction;
    private readonly double[] sigmaPrediction;
    private readonly double[][] prediction;
    private readonly double[][] rest;
    private readonly double[][] chosenPrediction;
    private readonly double[][] chosenRest;
    private readonly double[][] path;
    private double[] sums = [];
    private int valid;

    public ControlAccumulator(PathwiseControl control, ControlLayout layout, IBatchAccumulator plain, double[][,]? closure, int lanes)
    {
        (this.control, this.layout, this.plain, this.closure, this.lanes) = (control, layout, plain, closure, lanes);
        kernelPrediction = new double[layout.Plain.Pairs * lanes];
        sigmaPrediction = new double[layout.Plain.Pairs * lanes];
        path = [new double[kernelPrediction.Length], new double[sigmaPrediction.Length]];
        prediction = Rows(lanes * layout.Plain.PairStride);
        rest = Rows(lanes * layout.Plain.PairStride);
        chosenPrediction = Rows(lanes * layout.Plain.ChosenStride);
        chosenRest = Rows(lanes * layout.Plain.ChosenStride);
    }

    public double[] Sums
    {
        get
        {
            plain.Sums.CopyTo(sums, 0);
            return sums;
        }
    }

    public void Begin()
    {
        plain.Begin();
        sums = new double[layout.Length];
    }

    public void Expect(int samples)
    {
        plain.Expect(samples);
        valid = samples;
    }

    public void ObservePrediction(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel)
    {
        kernel.CopyTo(kernelPrediction);
        sigmaKernel.CopyTo(sigmaPrediction);
    }

    public void ObservePath(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel)
    {
        kernel.CopyTo(path[MomentLayout.X]);
        sigmaKernel.CopyTo(path[MomentLayout.Y]);
    }

    public void Observe(int record, ReadOnlySpan<double> kernel, ReadOnlySpan<double> sigmaKernel)
    {
        plain.Observe(record, kernel, sigmaKernel);
        LayOut(kernel, control.K0[record], kernelPrediction, MomentLayout.X);
        if (HasSigma) LayOut(sigmaKernel, control.E2[record], sigmaPrediction, MomentLayout.Y);
        if (closure is not null)
        {
            SubtractClosure(closure[record], prediction);
            SubtractClosure(closure[record], rest);
        }

        AddPath(record, MomentLayout.X);
        if (HasSigma) AddPath(record, MomentLayout.Y);
        for (int field = 0; field < layout.Plain.Fields; field++) AddMeans(record, field);
        for (int block = 0; block < layout.Plain.Blocks; block++) AddProducts(record, block);
    }

    private bool HasSigma => layout.Plain.Fields > MomentLayout.Y;

    private double[][] Rows(int length) => [.. Enumerable.Range(0, layout.Plain.Fields).Select(_ => new double[length])];

    private void LayOut(ReadOnlySpan<double> values, double[] origin, double[] predicted, int field)
    {
        for (int pair = 0; pair < layout.Plain.Pairs; pair++)
        {
            for (int sample = 0; sample < valid; sample++)
            {
                int place = (sample * layout.Plain.PairStride) + pair;
                double linear = predicted[(pair * lanes) + sample];
                prediction[field][place] = linear;
                rest[field][place] = values[(pair * lanes) + sample] - origin[pair] - linear;
            }
        }
    }

    private void SubtractClosure(double[,] matrix, double[][] fields)
    {
        for (int sample = 0; sample < valid; sample++)
        {
            int row = sample * layout.Plain.PairStride;
            for (int p = 0; p < layout.Plain.Pairs; p++)
            {
                double value = fields[MomentLayout.Y][row + p];
                for (int q = 0; q < layout.Plain.Pairs; q++) value -= matrix[p, q] * fields[MomentLayout.X][row + q];
                fields[MomentLayout.R][row + p] = value;
            }
        }
    }

    private void AddPath(int record, int field)
    {
        for (int pair = 0; pair < layout.Plain.Pairs; pair++)
        {
            foreach (double value in path[field].AsSpan(pair * lanes, valid))
            {
                double power = value;
                for (int kind = ControlLayout.Path; kind < ControlLayout.Path + MomentLayout.Powers; kind++, power *= value)
                    sums[layout.Mean(record, field, kind) + pair] += power;
            }
        }
    }

    private void AddMeans(int record, int field)
    {
        int first = layout.Mean(record, field, ControlLayout.L), second = layout.Mean(record, field, ControlLayout.D);
        int square = layout.Mean(record, field, ControlLayout.LL), mixed = layout.Mean(record, field, ControlLayout.LD), squareRest = layout.Mean(record, field, ControlLayout.DD);
        for (int sample = 0; sample < valid; sample++)
        {
            int row = sample * layout.Plain.PairStride;
            for (int pair = 0; pair < layout.Plain.Pairs; pair++)
            {
                double l = prediction[field][row + pair], d = rest[field][row + pair];
                sums[first + pair] += l;
                sums[second + pair] += d;
                sums[square + pair] += l * l;
                sums[mixed + pair] += l * d;
                sums[squareRest + pair] += d * d;
            }

            for (int k = 0; k < layout.Plain.Chosen.Length; k++)
            {
                int place = (sample * layout.Plain.ChosenStride) + k;
                chosenPrediction[field][place] = prediction[field][row + layout.Plain.Chosen[k]];
                chosenRest[field][place] = rest[field][row + layout.Plain.Chosen[k]];
            }
        }
    }

    private void AddProducts(int record, int block)
    {
        (int left, int right) = MomentLayout.FieldsOf(block);
        ReadOnlySpan<double> lu = chosenPrediction[left], du = chosenRest[left], lv = chosenPrediction[right], dv = chosenRest[right];
        int stride = layout.Plain.ChosenStride, width = Vector512<double>.Count, table = layout.Plain.Chosen.Length * stride;
        int origin = layout.Table(record, block, 0);
        for (int p = 0; p < layout.Plain.Chosen.Length; p++)
        {
            for (int q = 0; q < stride; q += width)
            {
                Vector512<double> leftD = default, dLeft = default, both = default, predicted = default, square = default;
                Vector512<double> withLeftL = default, withLeftD = default, withRightL = default, withRightD = default, quartic = default;
                for (int sample = 0, row = 0; sample < valid; sample++, row += stride)
                {
                    Vector512<double> a = Vector512.Create(lu[row + p]), b = Vector512.Create(du[row + p]);
                    Vector512<double> c = Vector512.Create(lv.Slice(row + q, width)), d = Vector512.Create(dv.Slice(row + q, width));
                    Vector512<double> ad = a * d, bc = b * c, bd = b * d, w = ad + bc + bd;
                    leftD += ad;
                    dLeft += bc;
                    both += bd;
                    predicted = Vector512.MultiplyAddEstimate(a, c, predicted);
                    Vector512<double> ww = w * w;
                    square += ww;
                    quartic = Vector512.MultiplyAddEstimate(ww, ww, quartic);
                    withLeftL = Vector512.MultiplyAddEstimate(w, a, withLeftL);
                    withLeftD = Vector512.MultiplyAddEstimate(w, b, withLeftD);
                    withRightL = Vector512.MultiplyAddEstimate(w, c, withRightL);
                    withRightD = Vector512.MultiplyAddEstimate(w, d, withRightD);
                }

                int place = origin + (p * stride) + q;
                Add(place + (ControlLayout.LeftD * table), leftD);
                Add(place + (ControlLayout.DLeft * table), dLeft);
                Add(place + (ControlLayout.Rest * table), both);
                Add(place + (ControlLayout.Prediction * table), predicted);
                Add(place + (ControlLayout.Square * table), square);
                Add(place + (ControlLayout.WithLeftL * table), withLeftL);
                Add(place + (ControlLayout.WithLeftD * table), withLeftD);
                Add(place + (ControlLayout.WithRightL * table), withRightL);
                Add(place + (ControlLayout.WithRightD * table), withRightD);
                Add(place + (ControlLayout.Quartic * table), quartic);
            }
        }
    }

    private void Add(int place, Vector512<double> value)
    {
        Span<double> target = sums.AsSpan(place, Vector512<double>.Count);
        (Vector512.Create<double>(target) + value).CopyTo(target);
    }
}
