namespace Hotplug.Inference.Grammars;

/// <summary>All places in the grammar at which a text may be, with what was found out about them. Belongs to one <see cref="GrammarMachine"/>, and is read under its lock.</summary>
internal sealed class GrammarState(ulong[] places, bool accepts, int classes, int epoch)
{
    /// <summary>A node that takes bytes and a stack of waiting rules each, in order.</summary>
    public ulong[] Places { get; } = places;

    /// <summary>The text may end here.</summary>
    public bool Accepts { get; } = accepts;

    /// <summary>Where it goes on for each class of bytes; null where that is not known yet.</summary>
    public GrammarState?[] Next { get; } = new GrammarState?[classes];

    /// <summary>Since when it is remembered.</summary>
    public int Epoch { get; } = epoch;

    /// <summary>Tokens that may follow, if they were found.</summary>
    public TokenMask? Mask { get; set; }

    /// <summary>No text leads on, and this is no end.</summary>
    public bool IsDead => Places.Length == 0 && !Accepts;
}
