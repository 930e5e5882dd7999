namespace Hotplug.Cli.Evidence;

/// <summary>The embedded model on a device.</summary>
/// <param name="Model">File name.</param>
/// <param name="Devices">Devices that took part, in order of first use: the one asked for, and others for what it refused.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="PrefillTokensPerSecond">Median.</param>
/// <param name="Tokens">Tokens written.</param>
/// <param name="DecodeTokensPerSecond">Median.</param>
/// <param name="Notes">What the plan noted.</param>
internal sealed record ModelEvidence(string Model, IReadOnlyList<string> Devices, int PromptTokens, double PrefillTokensPerSecond, int Tokens, double DecodeTokensPerSecond, IReadOnlyList<string> Notes);
