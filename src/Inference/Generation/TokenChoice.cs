using Hotplug.Inference.Sampling;

namespace Hotplug.Inference.Generation;

/// <summary>A token that was chosen, and what else the model thought of.</summary>
/// <param name="Chosen">The token with its log probability.</param>
/// <param name="Best">The best tokens, best first; as many as were asked for.</param>
public sealed record TokenChoice(TokenLogprob Chosen, IReadOnlyList<TokenLogprob> Best);
