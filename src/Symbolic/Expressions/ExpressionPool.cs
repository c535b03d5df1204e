using System.Numerics;

namespace SymbolicEft.Symbolic.Expressions;

/// <summary>
/// The table of all living expressions. A node is built, looked up, and thrown away when an equal one lives already.
/// References are weak, so a long-running program does not keep what it no longer uses; stripes keep threads apart.
/// </summary>
internal static class ExpressionPool
{
    private const int StripeCount = 16;
    private static readonly Stripe[] Stripes = [.. Enumerable.Range(0, StripeCount).Select(_ => new Stripe())];

    /// <summary>The one living node with this content.</summary>
    public static T Intern<T>(T candidate)
        where T : Expression => (T)Stripes[candidate.StructuralHash & (StripeCount - 1)].Intern(candidate);

    /// <summary>Mixes a hash of operands; the order of operands matters.</summary>
    public static int Mix(int seed, ReadOnlySpan<Expression> operands)
    {
        uint hash = (uint)seed;
        foreach (Expression operand in operands)
            hash = (BitOperations.RotateLeft(hash, 5) ^ (uint)operand.StructuralHash) * 0x9E3779B1u;
        return (int)(hash ^ (hash >> 15));
    }

    private sealed class Stripe
    {
        private readonly Lock _lock = new();
        private int[] _buckets = new int[64]; // index + 1 of the first entry
        private Entry[] _entries = new Entry[64];
        private int _count;

        public Expression Intern(Expression candidate)
        {
            int hash = candidate.StructuralHash;
            lock (_lock)
            {
                for (int at = _buckets[Bucket(hash)]; at != 0; at = _entries[at - 1].Next)
                {
                    ref Entry entry = ref _entries[at - 1];
                    if (entry.Hash == hash && entry.Node!.TryGetTarget(out Expression? living) && living.HasSameContent(candidate))
                        return living;
                }

                if (_count == _entries.Length)
                    Rebuild();
                int bucket = Bucket(hash);
                _entries[_count] = new Entry { Hash = hash, Node = new WeakReference<Expression>(candidate), Next = _buckets[bucket] };
                _buckets[bucket] = ++_count;
                return candidate;
            }
        }

        // The mask drops the bits that chose the stripe.
        private int Bucket(int hash) => (hash >>> 4) & (_buckets.Length - 1);

        // Drops collected nodes, and doubles the table if more than half of it still lives.
        private void Rebuild()
        {
            var living = new List<Entry>(_count);
            for (int at = 0; at < _count; at++)
            {
                if (_entries[at].Node!.TryGetTarget(out _))
                    living.Add(_entries[at]);
            }

            int size = living.Count > _entries.Length / 2 ? _entries.Length * 2 : _entries.Length;
            _entries = new Entry[size];
            _buckets = new int[size];
            _count = 0;
            foreach (Entry entry in living)
            {
                int bucket = Bucket(entry.Hash);
                _entries[_count] = entry with { Next = _buckets[bucket] };
                _buckets[bucket] = ++_count;
            }
        }
    }

    private record struct Entry
    {
        public int Hash;
        public WeakReference<Expression>? Node;
        public int Next;
    }
}
