namespace SymbolicEft.Symbolic;
