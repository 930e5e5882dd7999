using System.Net;

namespace Hotplug.Cli.Serving;

/// <summary>How requests come in.</summary>
/// <param name="Host">Address to listen at.</param>
/// <param name="Port">Port; 0 for a free one.</param>
/// <param name="Queue">Requests that may wait.</param>
/// <param name="Keys">Keys that let in; none lets in everybody.</param>
/// <param name="LogContent">Whether prompts and texts are logged.</param>
internal sealed record ServingOptions(string Host, int Port, int Queue, IReadOnlyList<string> Keys, bool LogContent)
{
    /// <summary>The address as one.</summary>
    public IPAddress Address => Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : IPAddress.Parse(Host);

    /// <summary>Complains of what makes no sense.</summary>
    public void Check()
    {
        if (!Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && !IPAddress.TryParse(Host, out _))
            throw new UsageException($"'{Host}' is no address to listen at. Type 127.0.0.1 for this machine alone, or 0.0.0.0 for all that reach it.");
        if (Port is < 0 or > 65535) throw new UsageException($"--port {Port} makes no sense. Type a number from 0 to 65535.");
        if (Queue < 0) throw new UsageException($"--queue {Queue} makes no sense. Type 0 or more.");
        if (Keys.Any(string.IsNullOrWhiteSpace)) throw new UsageException("An --api-key is empty. Give it a value, or leave it out.");
    }
}
