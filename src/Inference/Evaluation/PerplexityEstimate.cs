namespace Hotplug.Inference.Evaluation;

/// <summary>How well a model foretold a text: e to the mean of −ln p over the tokens that were scored.</summary>
/// <param name="Perplexity">The perplexity.</param>
/// <param name="Uncertainty">One standard error of it.</param>
/// <param name="Chunks">Chunks so far.</param>
/// <param name="Tokens">Tokens scored so far.</param>
public readonly record struct PerplexityEstimate(double Perplexity, double Uncertainty, int Chunks, int Tokens);
