using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Linq.Expressions;
using SymbolicEft.Numeric.Compilation;
using SymbolicEft.Symbolic.Derivation;

namespace SymbolicEft.Numeric.Tests.Compilation;

// The just-in-time compiler gives up optimising a method that is too long. It says so in its events: the tier of each method it compiled.
public class OptimisationTests
{
    private const int MinimallyOptimised = 1;

    [Fact]
    public void Large_systems_do_not_fall_to_unoptimised_code()
    {
        using var listener = new TierListener();
        var compiled = new CompiledSystem(DerivationPipeline.GOnly(DepthForm.Discrete).System, 8, false);
        double[] state = new double[compiled.State.Length], next = new double[state.Length];
        compiled.RightSide.Run(new LayerParameters(1, 0.1, 2, 0).ToArray(), new double[compiled.Atoms.Count], state, next);
        Assert.True(SpinWait.SpinUntil(() => listener.Tiers.Count >= 15, TimeSpan.FromSeconds(20)), $"{listener.Tiers.Count} methods were seen; 1,404 components in chunks of 96 are more.");
        Thread.Sleep(500);
        Assert.DoesNotContain(MinimallyOptimised, listener.Tiers);
    }

    [Fact]
    public void A_method_of_all_components_would()
    {
        // The same thing without chunks: 1,332 sums of nine products in one method.
        using var listener = new TierListener();
        ParameterExpression x = Expression.Parameter(typeof(double[])), y = Expression.Parameter(typeof(double[]));
        var lines = new List<Expression>();
        for (int at = 0; at < 1332; at++)
        {
            Expression sum = Expression.Constant(0.0);
            for (int term = 0; term < 9; term++)
                sum = Expression.Add(sum, Expression.Multiply(Expression.ArrayIndex(x, Expression.Constant(at + term)), Expression.ArrayIndex(x, Expression.Constant((at * 7 % 1000) + term))));
            lines.Add(Expression.Assign(Expression.ArrayAccess(y, Expression.Constant(at)), sum));
        }

        Expression.Lambda<Action<double[], double[]>>(Expression.Block([.. lines, Expression.Empty()]), x, y).Compile()(new double[2000], new double[2000]);
        // Events arrive on a thread of their own.
        Assert.True(SpinWait.SpinUntil(() => listener.Tiers.Contains(MinimallyOptimised), TimeSpan.FromSeconds(20)), "The compiler did not give up on a method of 1,332 long sums.");
    }

    private sealed class TierListener : EventListener
    {
        private const EventKeywords JitKeyword = (EventKeywords)0x10;
        private const int DynamicMethodFlag = 1;

        public ConcurrentBag<int> Tiers { get; } = [];

        protected override void OnEventSourceCreated(EventSource source)
        {
            if (source.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(source, EventLevel.Verbose, JitKeyword);
        }

        protected override void OnEventWritten(EventWrittenEventArgs written)
        {
            if (written.EventName?.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) != true || written.PayloadNames is null) return;
            uint flags = (uint)written.Payload![written.PayloadNames.IndexOf("MethodFlags")]!;
            string name = (string)written.Payload[written.PayloadNames.IndexOf("MethodName")]!;
            if ((flags & DynamicMethodFlag) != 0 && name.StartsWith("lambda_method", StringComparison.Ordinal)) Tiers.Add((int)((flags >> 7) & 7));
        }
    }
}
