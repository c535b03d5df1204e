using System.Runtime.CompilerServices;

// The tests look at the pieces of the page one by one.
[assembly: InternalsVisibleTo("SymbolicEft.Cli.Tests")]
