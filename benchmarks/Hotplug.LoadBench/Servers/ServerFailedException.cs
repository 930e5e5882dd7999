namespace Hotplug.LoadBench.Servers;

/// <summary>A server did not start, or did not end as it should.</summary>
internal sealed class ServerFailedException(string message) : Exception(message);
