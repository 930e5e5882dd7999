namespace Hotplug.LoadBench;

/// <summary>What a client saw of one answer.</summary>
/// <param name="Text">The whole text.</param>
/// <param name="Tokens">Tokens of the answer, as the server counts them.</param>
/// <param name="First">From the request to the first piece of text.</param>
/// <param name="Gaps">Milliseconds between a piece of text and the next.</param>
/// <param name="Finish">Why it ended, in OpenAI's words.</param>
internal sealed record StreamResult(string Text, int Tokens, TimeSpan First, IReadOnlyList<float> Gaps, string? Finish);
