namespace Hotplug.Inference.Tokenization;

/// <summary>A stretch of UTF-8 text, and the token it is if it is one.</summary>
/// <param name="Start">First byte.</param>
/// <param name="End">Behind the last byte.</param>
/// <param name="Token">The token, or <see cref="Text"/>.</param>
internal readonly record struct Fragment(int Start, int End, int Token)
{
    /// <summary>In place of a token: text still to be encoded.</summary>
    public const int Text = -1;

    /// <summary>Length in bytes.</summary>
    public int Length => End - Start;

    /// <summary>True for text still to be encoded.</summary>
    public bool IsText => Token == Text;
}
