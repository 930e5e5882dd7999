namespace Hotplug.Runtime.KvCache;

/// <summary>Cells do not fit the cache they are to go to. Nothing was moved.</summary>
public sealed class KvMismatchException(string message) : Exception(message);
