namespace Hotplug.Inference.Grammars;

/// <summary>A node of a compiled grammar.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Low">First byte, of <see cref="GrammarNodeKind.Bytes"/>.</param>
/// <param name="High">Last byte.</param>
/// <param name="Next">Where it goes on; of a split the first of its branches.</param>
/// <param name="Target">The rule that is called, or how many branches a split has.</param>
internal readonly record struct GrammarNode(GrammarNodeKind Kind, byte Low, byte High, int Next, int Target);
