namespace Hotplug.Runtime.Plugins.Slots;

/// <summary>A change of a generation's state.</summary>
/// <param name="Backend">Id of the backend.</param>
/// <param name="Generation">Number of the generation.</param>
/// <param name="From">State before.</param>
/// <param name="To">State after.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record BackendTransition(string Backend, long Generation, BackendState From, BackendState To, string Reason);
