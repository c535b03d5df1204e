namespace SymbolicEft.Cli.Reporting;

/// <summary>The report cannot be made or written; the message says what, why, and what would help.</summary>
public sealed class ReportException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One clear sentence.</param>
    public ReportException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">One clear sentence.</param>
    /// <param name="inner">What happened underneath.</param>
    public ReportException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
