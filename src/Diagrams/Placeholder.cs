namespace SymbolicEft.Diagrams;
