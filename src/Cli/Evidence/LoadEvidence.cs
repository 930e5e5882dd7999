using Hotplug.Runtime.Memory.Receipts;

namespace Hotplug.Cli.Evidence;

/// <summary>The embedded model loaded under a memory policy that has a history of going wrong.</summary>
/// <param name="Name">Which.</param>
/// <param name="Wishes">The policy, as flags of <c>hotplug run</c>.</param>
/// <param name="Refused">Why the policy was refused, as it may be, or null.</param>
/// <param name="Receipt">What became of it; null if it was refused or failed.</param>
/// <param name="SameText">Whether the model wrote what it writes on the processor; null if it did not come to that.</param>
/// <param name="Failures">What was wrong: addresses, text, or the load itself.</param>
internal sealed record LoadEvidence(string Name, string Wishes, string? Refused, LoadReceipt? Receipt, bool? SameText, IReadOnlyList<string> Failures);
