namespace Hotplug.Inference.Grammars;

/// <summary>A compiled grammar: a net of nodes over bytes, one part per rule. Immutable.</summary>
/// <param name="Nodes">The nodes; the first is the end of every rule.</param>
/// <param name="Branches">Where splits go on.</param>
/// <param name="Entries">First node of each rule.</param>
/// <param name="Root">The rule that is the whole text.</param>
internal sealed record GrammarProgram(GrammarNode[] Nodes, int[] Branches, int[] Entries, int Root)
{
    /// <summary>The node that ends a rule.</summary>
    public const int Return = 0;
}
