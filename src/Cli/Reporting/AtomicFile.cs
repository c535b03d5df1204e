using System.Text;

namespace SymbolicEft.Cli.Reporting;

/// <summary>
/// Writes a file whole or not at all: under a name of its own first, flushed to the disk, then renamed into place. Several processes, on several machines,
/// may write one file at a time; it is that of whoever renames last.
/// </summary>
public static class AtomicFile
{
    // How often a writer begins anew after another process took its unfinished file for the leftover of a killed one; each does so at most once.
    private const int Attempts = 100;

    /// <summary>Writes text as UTF-8 without a byte-order mark; an older file of the name is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its content.</param>
    /// <exception cref="ReportException">The file could not be written; an older one is as it was.</exception>
    public static void Write(string path, string text) =>
        Write(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text));

    /// <summary>Writes bytes; an older file of the name is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="ReportException">The file could not be written; an older one is as it was.</exception>
    public static void Write(string path, byte[] content) => Write(path, stream => stream.Write(content), "folder");

    /// <summary>Writes a file piece by piece; an older file of the name is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="put">Writes its content; called again should the unfinished file vanish.</param>
    /// <param name="place">What the user chooses with --out, for the sentence of a failure.</param>
    /// <exception cref="ReportException">The file could not be written; an older one is as it was.</exception>
    public static void Write(string path, Action<Stream> put, string place)
    {
        ArgumentNullException.ThrowIfNull(put);
        for (int attempt = 1; ; attempt++)
        {
            // Not the process's number: on two machines, or in two containers, it can be the same.
            string partial = $"{path}{Partial}{Path.GetRandomFileName()}";
            try
            {
                using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
                {
                    put(stream);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(partial, path, overwrite: true);
                return;
            }
            catch (FileNotFoundException) when (attempt < Attempts)
            {
                // Removed between closing and renaming.
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                TryDelete(partial);
                throw new ReportException($"The file {path} could not be written ({problem.Message.TrimEnd('.')}): make room or choose another {place} with --out.", problem);
            }
        }
    }

    /// <summary>Makes a folder to write in, and those above it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="chosen">The one that the user chose with --out, for the sentence of a failure.</param>
    /// <exception cref="ReportException">It could not be made.</exception>
    public static void MakeFolder(string folder, string chosen)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ReportException($"The folder {chosen} could not be made ({problem.Message.TrimEnd('.')}): choose another with --out.", problem);
        }
    }

    /// <summary>Removes what killed writers of a file left half written. A living writer begins its file anew.</summary>
    public static void RemoveLeftovers(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!, start = Path.GetFileName(path) + Partial;
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            if (Path.GetFileName(file).StartsWith(start, StringComparison.Ordinal)) TryDelete(file);
        }
    }

    /// <summary>Deletes a file if that is possible; one that stays does no harm.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // A leftover does no harm; where a write failed, its reason is the one worth reporting.
        }
    }

    private const string Partial = ".partial-";
}
