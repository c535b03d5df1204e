private static void PutPair(double[,] array, int a, int b, double value) =>
    array[a, b] = array[b, a] = value;

private static void PutPairs(double[,,,] array, int a, int b, int c, int d, double value) =>
    array[a, b, c, d] = array[b, a, c, d] = array[a, b, d, c] = array[b, a, d, c] = value;

private static void PutCovariance(double[,,,] array, int a, int b, int c, int d, double value)
{
    array[a, b, c, d] = array[b, a, c, d] = array[a, b, d, c] = array[b, a, d, c] = value;
    array[c, d, a, b] = array[c, d, b, a] = array[d, c, a, b] = array[d, c, b, a] = value;
}

private static Span<double> Flat(Array array) =>
    MemoryMarshal.Cast<byte, double>(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), sizeof(double) * array.Length));
