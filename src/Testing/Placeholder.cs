namespace SymbolicEft.Testing;
