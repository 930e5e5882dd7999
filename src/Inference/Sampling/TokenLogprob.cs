namespace Hotplug.Inference.Sampling;

/// <summary>A token and the natural logarithm of its probability, as the model gave it: before biases, penalties, filters and temperature.</summary>
/// <param name="Token">The token.</param>
/// <param name="Logprob">ln p.</param>
public readonly record struct TokenLogprob(int Token, float Logprob);
