// How many entries a tensor has whose indices are all in the block of one pair.
private static int InBlocks(params int[][] starts)
{
    int length = 0;
    for (int block = 0; block + 1 < starts[0].Length; block++)
    {
        int size = 1;
        foreach (int[] each in starts)
            size *= each[block + 1] - each[block];
        length += size;
    }

    return length;
}

// Such a tensor with zeros where its indices are in different blocks.
private static double[,] Spread(double[] values, int[] rows, int[] columns)
{
    var result = new double[rows[^1], columns[^1]];
    for (int block = 0, at = 0; block + 1 < rows.Length; block++)
    {
        for (int i = rows[block]; i < rows[block + 1]; i++)
        {
            for (int j = columns[block]; j < columns[block + 1]; j++)
                result[i, j] = values[at++];
        }
    }

    return result;
}

private static double[,,] Spread(double[] values, int[] rows, int[] columns, int[] layers)
{
    var result = new double[rows[^1], columns[^1], layers[^1]];
    for (int block = 0, at = 0; block + 1 < rows.Length; block++)
    {
        for (int i = rows[block]; i < rows[block + 1]; i++)
        {
            for (int j = columns[block]; j < columns[block + 1]; j++)
            {
                for (int k = layers[block]; k < layers[block + 1]; k++)
                    result[i, j, k] = values[at++];
            }
        }
    }

    return result;
}

// The block of each index.
private static int[] BlockOf(int[] starts)
{
    var blocks = new int[starts[^1]];
    for (int block = 0; block + 1 < starts.Length; block++)
        blocks.AsSpan(starts[block]..starts[block + 1]).Fill(block);
    return blocks;
}
