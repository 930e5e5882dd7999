namespace Hotplug.PolicyMatrix.Cells;

/// <summary>A text that the model wrote, always with the best token.</summary>
/// <param name="Prompt">From what.</param>
/// <param name="Text">The text.</param>
/// <param name="Tokens">The tokens.</param>
/// <param name="Gaps">At each token how far the second best logit was behind the best.</param>
public sealed record Written(string Prompt, string Text, IReadOnlyList<int> Tokens, IReadOnlyList<float> Gaps);
