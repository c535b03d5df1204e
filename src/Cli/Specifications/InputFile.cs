namespace SymbolicEft.Cli.Specifications;

/// <summary>
/// Reads files that were given by name. Reading can wait in the operating system, where no token reaches: a pipe that nobody writes to, a terminal.
/// So it is done on a thread of its own, which is left behind when the command is interrupted.
/// </summary>
internal static class InputFile
{
    private const int Piece = 1 << 16;

    /// <summary>Reads something from a file of text.</summary>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public static T Read<T>(string path, CancellationToken cancellation, Func<TextReader, T> read) =>
        Task.Factory.StartNew(
            () =>
            {
                using var reader = new StreamReader(path, new FileStreamOptions { BufferSize = Piece });
                return read(reader);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).WaitAsync(cancellation).GetAwaiter().GetResult();

    /// <summary>The whole text of a file; null if it has more characters than <paramref name="most"/>. No more is read, whatever length a device has.</summary>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public static string? Text(string path, int most, CancellationToken cancellation) => Read(path, cancellation, reader =>
    {
        var text = new System.Text.StringBuilder();
        var piece = new char[Piece];
        for (int count; (count = reader.Read(piece)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (text.Length + count > most)
                return null;
            text.Append(piece, 0, count);
        }

        return text.ToString();
    });
}
