namespace Hotplug.Inference.Grammars;

/// <summary>A grammar or a JSON schema cannot be used: it is malformed, asks for what cannot be done, or goes beyond a limit. The message says where and what to do.</summary>
public sealed class GrammarException : Exception
{
    /// <summary>Creates the error.</summary>
    public GrammarException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
