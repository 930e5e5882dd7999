namespace Hotplug.Inference.Grammars;

/// <summary>What a node of a compiled grammar does.</summary>
internal enum GrammarNodeKind : byte
{
    /// <summary>Ends a rule.</summary>
    Return,
    /// <summary>Takes a byte of a range and goes on.</summary>
    Bytes,
    /// <summary>Goes on at several nodes.</summary>
    Split,
    /// <summary>Goes through another rule and then on.</summary>
    Call,
}
