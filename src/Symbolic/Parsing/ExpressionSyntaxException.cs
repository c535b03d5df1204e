namespace SymbolicEft.Symbolic.Parsing;

/// <summary>The text is not an expression: says where, what was found, and what would be right.</summary>
/// <param name="message">One sentence.</param>
/// <param name="position">Where in the text, from 0.</param>
public sealed class ExpressionSyntaxException(string message, int position) : FormatException(message)
{
    /// <summary>Where in the text, from 0.</summary>
    public int Position { get; } = position;
}
