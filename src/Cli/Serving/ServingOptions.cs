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
    /// <summary>Origins whose pages may ask from a browser; * for all.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>The longest that a request may take, in seconds; null for no end.</summary>
    public double? RequestSeconds { get; init; }

    /// <summary>Requests that a caller may send in a minute; 0 for any number.</summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>The address as one.</summary>
    public IPAddress Address => Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : IPAddress.Parse(Host);

    /// <summary>Complains of what makes no sense.</summary>
    public void Check()
    {
        if (!Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && !IPAddress.TryParse(Host, out _))
            throw new UsageException($"'{Host}' is no address to listen at. Type 127.0.0.1 for this machine alone, or 0.0.0.0 for all that reach it.");
        if (Port is < 0 or > 65535) throw new UsageException($"--port {Port} makes no sense. Type a number from 0 to 65535.");
        if (Queue < 0) throw new UsageException($"--queue {Queue} makes no sense. Type 0 or more.");
        if (Origins.FirstOrDefault(o => o != "*" && !(Uri.TryCreate(o, UriKind.Absolute, out var origin) && o.TrimEnd('/') == origin.GetLeftPart(UriPartial.Authority))) is { } none)
            throw new UsageException($"--cors '{none}' is no origin. Type a scheme and a host, such as https://example.org or http://localhost:3000, or *.");
        if (RequestSeconds is not null and not (> 0 and <= 1e6)) throw new UsageException($"--request-timeout {RequestSeconds} makes no sense. Type a number of seconds above 0.");
        if (RequestsPerMinute is < 0 or > 1_000_000) throw new UsageException($"--rate-limit {RequestsPerMinute} makes no sense. Type a number of requests, or 0 for any number.");
        if (Keys.Any(string.IsNullOrWhiteSpace)) throw new UsageException("An --api-key is empty. Give it a value, or leave it out.");
    }
}
