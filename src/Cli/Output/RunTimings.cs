using System.Globalization;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Speculation;
using Hotplug.Runtime.Execution;

namespace Hotplug.Cli.Output;

/// <summary>How long a run took.</summary>
/// <param name="Load">From the start to the loaded model.</param>
/// <param name="FirstToken">From the loaded model to the first token.</param>
/// <param name="Generation">From the loaded model to the end.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="GeneratedTokens">Tokens written.</param>
internal sealed record RunTimings(TimeSpan Load, TimeSpan FirstToken, TimeSpan Generation, int PromptTokens, int GeneratedTokens)
{
    public double PromptTokensPerSecond => FirstToken > TimeSpan.Zero ? PromptTokens / FirstToken.TotalSeconds : 0;

    public double TokensPerSecond => GeneratedTokens > 1 && Generation > FirstToken ? (GeneratedTokens - 1) / (Generation - FirstToken).TotalSeconds : 0;

    public string ToText(FinishReason finish, ulong seed, CopyCounters copies, Drafter? drafter) => string.Create(CultureInfo.InvariantCulture,
        $"loaded in {Load.TotalMilliseconds:0} ms; first token after {FirstToken.TotalMilliseconds:0} ms ({PromptTokens} tokens, {PromptTokensPerSecond:0.0}/s); {GeneratedTokens} tokens written, {TokensPerSecond:0.0}/s; ended by {finish}; seed {seed}")
        + (copies.Count == 0 ? "" : $"; {copies.Count} copies between devices, {SizeText.Show(copies.Bytes)}")
        + (drafter is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; {drafter.AcceptedCount} of {drafter.EvaluatedCount} guesses in {drafter.StepCount} steps were right ({RunDocument.RateOf(drafter):P0})"));
}
