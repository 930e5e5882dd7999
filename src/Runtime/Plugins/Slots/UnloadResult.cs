using Hotplug.Runtime.Plugins.Services;

namespace Hotplug.Runtime.Plugins.Slots;

/// <summary>What became of a retired generation.</summary>
/// <param name="State"><see cref="BackendState.Unloaded"/>, or <see cref="BackendState.Resident"/>.</param>
/// <param name="Holders">What keeps it, for people; empty when unloaded or pinned.</param>
/// <param name="Leftover">What the plugin had not given back to its host, which took it back.</param>
/// <param name="Faults">What its disposal threw, as text.</param>
public sealed record UnloadResult(BackendState State, IReadOnlyList<string> Holders, HostLedgerTotals Leftover, IReadOnlyList<string> Faults);
