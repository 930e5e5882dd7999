namespace Hotplug.Inference.Grammars;

/// <summary>The rules of a grammar as they were written.</summary>
/// <param name="Names">Name of each rule.</param>
/// <param name="Bodies">What each rule says.</param>
/// <param name="Root">The rule that is the whole text.</param>
internal sealed record GrammarRules(IReadOnlyList<string> Names, IReadOnlyList<Expression> Bodies, int Root);
