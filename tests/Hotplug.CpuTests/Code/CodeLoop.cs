namespace Hotplug.CpuTests.Code;

/// <summary>Instructions from the target of a jump backwards to the jump.</summary>
/// <param name="Lines">Instructions, in order.</param>
/// <param name="IsInnermost">True if no other loop lies within.</param>
internal sealed record CodeLoop(IReadOnlyList<string> Lines, bool IsInnermost);
