namespace Hotplug.PolicyMatrix.Cells;

/// <summary>What became of the double of a Mac after its last cell.</summary>
/// <param name="Mac">Name of the Mac.</param>
/// <param name="Faults">What disposing it threw: rules that were broken, objects that were still held.</param>
/// <param name="Leftover">What the plugin had not given back to its host; empty if nothing.</param>
public sealed record MacEnd(string Mac, IReadOnlyList<string> Faults, string Leftover);
