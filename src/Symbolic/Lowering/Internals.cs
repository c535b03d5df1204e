using System.Runtime.CompilerServices;

// The plan of loops behind generated code (Languages/Code) is also what the loop tier of compiled delegates is made of.
[assembly: InternalsVisibleTo("SymbolicEft.Numeric")]
