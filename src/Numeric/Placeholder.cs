namespace SymbolicEft.Numeric;
