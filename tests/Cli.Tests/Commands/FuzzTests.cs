using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SymbolicEft.Cli.Sharding;
using SymbolicEft.Cli.Specifications;
using SymbolicEft.Cli.Sweeping;
using SymbolicEft.Symbolic.Derivation.Closures;
using SymbolicEft.Symbolic.Functions;
using SymbolicEft.Symbolic.Layers;
using SymbolicEft.Symbolic.Parsing;

namespace SymbolicEft.Cli.Tests.Commands;

// Whatever is read answers with a value or with its own exception: no other exception, no hang, no memory without bound.
// SYMEFT_FUZZ is how many inputs each reader is given, SYMEFT_FUZZ_SEED which; tests/Fuzz/run.sh makes it a million in all.
public class FuzzTests
{
    private const long MostBytesPerInput = 1L << 30, MostBytesKept = 400L << 20;

    internal static readonly int Seed = Number("SYMEFT_FUZZ_SEED", 1);

    private static readonly int Inputs = Number("SYMEFT_FUZZ", 400);

    // Far beyond what any input needs, also on a busy machine.
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(3);

    private static readonly string[] Expressions =
        ["tanh(x)", "x*(1+erf(x/sqrt(2)))/2", "-x^2 + 3.5e-2*y - 2^-1", "exp(-(x - y)^2/2)/sqrt(2*pi)", "abs(x)^(1/3)", "gelu(2*x) + hermite(3, x)", "delta(x)*step(y)", "min(x, y)", "log(2, x)", "|x|", "ln(x)^e", "sign(sin(x)*cos(y))"];

    private static readonly string[] ExpressionWords =
        [.. Dialect.Activations.FunctionNames, .. Dialect.Activations.ConstantNames, "x", "y", "(", ")", "(", ")", "+", "-", "*", "/", "^", ",", "|", " ", "0", "1", "2", "1/2", "0.05", "1e-3", "7", "100", "1000000"];

    private static readonly string[] Activations =
        ["relu", "gelu", "leakyrelu(0.1)", "softplus(2)", "hermite(3)", "elu(0.5)", "x + gelu(2*x)", "abs(x - 1) - abs(x + 1/3)", "tanh(x)^2", "step(x)*x^3", .. KnownActivations.All.Keys];

    private static readonly string[] Specifications =
    [
        Symeft.TwoInputs,
        "name: a\nnetwork:\n  activation: \"gelu\"\n  weightVariance: 1.5\n  biasVariance: .1\n  skip: 0\n  step: 1\n  depth: 12\n  width: 100\ninputs:\n  kernel:\n    - [1, .5]\n    - [.5, 1]\nclosure: \"hermite(8)\"\nquadrature: gauss-hermite(32)\nstepping: discrete\nsimulate:\n  samples: 100\n  until: \"K1[0,0] < 0.005\"\n  seed: 7\n  estimator: control-variate\nrecord: 5\n",
        "inputs: { data: points.csv }\nclosure: [x*y, sigma(x)*sigma(y), x]\norder: 0\n",
        "inputs: { kernel: 2 }\nstepping: euler\norder: 1\n",
    ];

    private static readonly string[] SpecificationWords =
        [.. SpecificationFields.All.Select(field => field.Path[(field.Path.LastIndexOf('.') + 1)..] + ": "), "network:\n  ", "inputs:\n  ", "simulate:\n  ", "\n", "\n  ", "[", "]", "{", "}", ", ", "- ", "1", "[[2, 1], [1, 2]]", "tanh(x)", "\"", "'", "&a", "*a", "null", "~", "true"];

    private static readonly string[] Programs =
    [
        "- repeat:\n    count: 4\n    of:\n      - residual:\n          skip: 1\n          step: \"0.5/sqrt(l+1)\"\n          branch:\n            - rmsNorm: { gain: 1.2, epsilon: 0.1 }\n            - dense: { weightVariance: 1.5, biasVariance: 0.1, width: 2, copies: 2 }\n            - gate: gelu\n            - dropout: { keep: [0.9, 0.8, 0.7, 0.6], mask: shared }\n            - dense: { weightVariance: 1.7 }\n",
        "[parallel: { width: 1, branches: [[{ dense: { weightVariance: 1 } }], [{ activation: tanh }, { dense: { weightVariance: 1, weights: {kurtosis: 3} } }]] }, postNorm: { gain: 1, epsilon: 0 }]",
        "[repeat: {count: 1000, of: [activation: relu, dense: {weightVariance: 2, taps: [-1, 0, 1], weights: uniform}]}]",
        .. LayerPresets.All.Select(preset => LayersWriter.Yaml(preset.Program)),
    ];

    private static readonly string[] ProgramWords =
        [.. from kind in LayersReader.Kinds select kind + ": ", "count: ", "of: ", "branch: ", "branches: ", "weightVariance: ", "width: ", "copies: ", "taps: ", "weights: ", "kurtosis: ", "keep: ", "mask: ", "gain: ", "epsilon: ", "skip: ", "step: ", "gelu", "shared", "orthogonal", "l", "1/l", "log(l - 3)", "2", "-1", "1000000000", "[", "]", "{", "}", ", ", "- ", "\n", "\n  ", "\n      ", "~", "\""];

    private static readonly string[] Closures =
        ["g-only", "g-connected", "sigma-kernel", "sigma-kernel(2)", "hermite(20)", "hermite(auto)", "hermite(1e-4)", "[x*y, sigma(x)*sigma(y), x]", "[x*y, sigma'(x)*sigma'(y), x^2*y^2]", "[x*y, sigma_3(x)*y + x*sigma_3(y), x^3]", "[x*y, (x + y)^2, tanh(x)*tanh(y)]"];

    private static readonly string[] ClosureWords =
        ["g-only", "hermite", "sigma-kernel", "(", ")", "[", "]", ",", "x", "y", "*", "+", "-", "^", "sigma", "sigma'", "sigma_2", "sigma_99", "(x)", "(y)", "1", "2", "40", "1/2", "x*y", "exp", "tanh(x)", " "];

    private static readonly string[] Rules = ["K1[0,0] < 0.005", "V4[0,0,1,1] < 0.1", "G[ 1 , 2 ]<1e-3", "U1[0,0] < 2"];

    private static readonly string[] RuleWords = ["K1", "V4", "G", "U1", "[", "]", ",", "<", "0", "1", "999", "1e-3", " ", "-", "NaN"];

    private static readonly string[] Axes = ["weightVariance=0.5:3:26", "activation=tanh,gelu", "activation=leakyrelu(0.1),relu", "closure=[x*y, x],g-only", "depth=1:100:100", "--step=0.1,0.2", "network.skip=1"];

    private static readonly string[] AxisWords = [.. SpecificationFields.All.Select(field => field.Path), "=", ":", ",", "1", "0.5", "3", "100001", "-1", "tanh", "g-only", "[", "]", "(", ")", " "];

    [Fact]
    public void Expressions_in_every_dialect() => Fuzz(Expressions, ExpressionWords, (text, number) => _ = ExpressionParser.Parse(text, (number & 3) switch
    {
        0 => Dialect.Own,
        1 => Dialect.Activations,
        2 => Dialect.AngouriMath,
        _ => Dialect.MathNetSymbolics,
    }, "x", "y"), problem => problem is ExpressionSyntaxException);

    // The kinks of a definition are found on demand; what they cannot be found for is not supported, in a sentence.
    [Fact]
    public void Activations_and_their_kinks() => Fuzz(
        [.. Expressions, .. Activations], ExpressionWords, (text, number) => _ = ActivationParser.Parse(text).Kinks, problem => problem is ExpressionSyntaxException or NotSupportedException);

    [Fact]
    public void Specifications_as_YAML()
    {
        string folder = Symeft.Folder();
        Fuzz(Specifications, SpecificationWords, (text, _) => SpecificationReader.ReadText(text, "fuzz", folder, []), problem => problem is InputException);
    }

    // What is read and unrolls is written and read back as the same.
    [Fact]
    public void Programs_of_layers() => Fuzz(
        Programs, ProgramWords,
        (text, _) =>
        {
            Specification specification = SpecificationReader.ReadText($"inputs: {{ kernel: [[2, 0.6, 0], [0.6, 2, 0], [0, 0, 1]] }}\nnetwork:\n  layers:\n    {text.ReplaceLineEndings("\n    ")}", "fuzz", ".", []);
            string written = SpecificationWriter.Yaml(specification);
            if (SpecificationWriter.Yaml(SpecificationReader.ReadText(written, "written", ".", [])) != written)
                throw new InvalidOperationException($"read back as another program:\n{written}");
        },
        problem => problem is InputException);

    [Fact]
    public void Kernels_on_the_command_line() => Fuzz(
        ["[[2, 0.6], [0.6, 2]]", "1.5", "[[1]]", "[[1, 0, 0], [0, 1, 0], [0, 0, 1]]"], ["[", "]", ",", "1", "-1", "0.5", "1e300", "1e-320", " ", "[[", "]]"], (text, _) => SpecificationReader.ReadKernel(text), problem => problem is InputException);

    [Fact]
    public void Closures_by_name_and_by_observables() => Fuzz(Closures, ClosureWords, (text, _) => ClosureRegistry.Parse(text), problem => problem is ClosureSyntaxException);

    [Fact]
    public void Stopping_rules() => Fuzz(Rules, RuleWords, (text, _) => StoppingRule.Parse(text, "--until").RequireFor(2), problem => problem is InputException);

    [Fact]
    public void Axes_of_sweeps() => Fuzz(Axes, AxisWords, (text, _) => SweepAxis.Parse(text), problem => problem is InputException);

    // Half of them carry a right checksum over what was changed: the checksum must not be what everything else rests on.
    [Fact]
    public void Shard_files()
    {
        string path = Path.Combine(Symeft.Folder(), "part.shard");
        ShardFile.Write(path, new(Symeft.TwoInputs, 1, 4, 0, 2, true, 0, 0, "0.1.0", true), [new(0, 0, 16, [1, 2, 3]), new(0, 1, 16, [4, 5, 6])]);
        byte[] whole = File.ReadAllBytes(path);
        string[] extremes = ["-1", "0", "1", "2147483647", "2147483648", "null", "\"\"", "[]", "1e9", "536870912"];
        Each((number, random) =>
        {
            byte[] bytes = [.. whole];
            if (random.Next(3) == 0)
            {
                string head = Encoding.UTF8.GetString(whole, 19, BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(15)));
                string[] parts = head.Split(',');
                int at = random.Next(parts.Length);
                int colon = parts[at].IndexOf(':', StringComparison.Ordinal);
                parts[at] = parts[at][..(colon + 1)] + extremes[random.Next(extremes.Length)] + (at == parts.Length - 1 ? "}" : "");
                byte[] changed = Encoding.UTF8.GetBytes(string.Join(',', parts));
                byte[] length = new byte[4];
                BinaryPrimitives.WriteInt32LittleEndian(length, changed.Length);
                bytes = [.. whole[..15], .. length, .. changed, .. whole[(19 + Encoding.UTF8.GetByteCount(head))..]];
            }
            else
            {
                for (int changes = 1 + random.Next(4); changes > 0; changes--)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                bytes = bytes[..(random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length)];
            }

            if (random.Next(2) == 0 && bytes.Length > 32)
                SHA256.HashData(bytes.AsSpan(..^32)).CopyTo(bytes, bytes.Length - 32);
            File.WriteAllBytes(path, bytes);
            return (Convert.ToHexString(bytes), () => _ = ShardFile.Read(path).Head.Fingerprint);
        }, problem => problem is ShardFileException);
    }

    private static void Fuzz(string[] examples, string[] words, Action<string, int> read, Func<Exception, bool> isDocumented)
    {
        var inputs = new FuzzInputs(Seed, examples, words);
        Each((number, _) =>
        {
            string text = inputs.Text(number);
            return (text, () => read(text, number));
        }, isDocumented);
    }

    private static void Each(Func<int, Random, (string Shown, Action Read)> input, Func<Exception, bool> isDocumented)
    {
        long kept = GC.GetTotalMemory(forceFullCollection: true), began = Environment.TickCount64;
        string current = "";
        Exception? found = null;
        // A thread of its own with an ordinary stack, watched from outside, since what hangs cannot watch itself.
        var worker = new Thread(() =>
        {
            for (int number = 0; number < Inputs && found is null; number++)
            {
                (string shown, Action read) = input(number, new Random(unchecked((Seed * 7919) + number)));
                Volatile.Write(ref current, string.Create(CultureInfo.InvariantCulture, $"input {number} of seed {Seed}: {shown}"));
                Volatile.Write(ref began, Environment.TickCount64);
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    read();
                }
                catch (Exception problem) when (isDocumented(problem) && problem.Message.Length > 10)
                {
                    // A refusal with a sentence.
                }
                catch (Exception problem)
                {
                    found = problem;
                }

                long used = GC.GetAllocatedBytesForCurrentThread() - before;
                if (used > MostBytesPerInput)
                    found ??= new InvalidOperationException($"{used} bytes were allocated");
            }
        })
        { IsBackground = true };
        worker.Start();
        while (!worker.Join(TimeSpan.FromSeconds(1)))
            Assert.False(Environment.TickCount64 - Volatile.Read(ref began) > Hang.TotalMilliseconds, $"Hangs on {Volatile.Read(ref current)}");
        Assert.True(found is null, $"{found} on {current}");
        kept = GC.GetTotalMemory(forceFullCollection: true) - kept;
        Assert.True(kept < MostBytesKept, $"{kept} bytes are kept after {Inputs} inputs");
    }

    internal static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
