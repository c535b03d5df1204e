using System.Runtime.CompilerServices;

// The tests check single stages (words, normals, factors) against independent code, and the benchmarks time them.
[assembly: InternalsVisibleTo("SymbolicEft.Numeric.Tests")]
[assembly: InternalsVisibleTo("SymbolicEft.Benchmarks")]
