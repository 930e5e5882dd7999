using Hotplug.Abstractions.Graphs;

namespace Hotplug.Runtime.Graphs;

/// <summary>An operation and the section it belongs to.</summary>
public sealed record GraphNode(Operation Operation, GraphSection Section);
