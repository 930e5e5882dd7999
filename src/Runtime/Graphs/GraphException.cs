namespace Hotplug.Runtime.Graphs;

/// <summary>Tensors of a model do not fit together. The message names them.</summary>
public sealed class GraphException(string message) : Exception(message);
