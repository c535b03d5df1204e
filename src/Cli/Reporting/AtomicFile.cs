using System.Text;

namespace SymbolicEft.Cli.Reporting;

/// <summary>Writes a file whole or not at all: under another name first, flushed to the disk, then renamed into place.</summary>
public static class AtomicFile
{
    /// <summary>Writes text as UTF-8 without a byte-order mark; an older file of the name is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its content.</param>
    /// <exception cref="ReportException">The file could not be written; an older one is as it was.</exception>
    public static void Write(string path, string text)
    {
        string partial = path + ".partial";
        try
        {
            using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Remove(partial);
            throw new ReportException($"The file {path} could not be written ({exception.Message.TrimEnd('.')}): make room or choose another folder with --out.", exception);
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The reason the write failed is the one worth reporting.
        }
    }
}
