namespace Hotplug.Server.Hosting;

/// <summary>What the endpoints allow.</summary>
public sealed class HotplugServerOptions
{
    /// <summary>Keys of which every request has to bring one, as <c>Authorization: Bearer KEY</c>; none lets everybody in. Health is told to everybody.</summary>
    public IList<string> ApiKeys { get; } = [];

    /// <summary>Largest body of a request, in bytes.</summary>
    public long MaxRequestBytes { get; set; } = 4 << 20;

    /// <summary>After how long whoever found the queue full may try again.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether there are endpoints of administration under <c>/admin</c>. Those who may ask for texts may then also put models elsewhere; without keys only this machine may.
    /// </summary>
    public bool Administration { get; set; } = true;

    /// <summary>Whether there is a page at the root.</summary>
    public bool Page { get; set; } = true;

    /// <summary>The longest that a request may take, waiting included; null for no end.</summary>
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>Requests that a caller, known by its key or else by its address, may send in <see cref="RateLimitWindow"/>; 0 counts none. They may come all at once, and are given back one by one.</summary>
    public int RateLimit { get; set; }

    /// <summary>The time that <see cref="RateLimit"/> is meant for.</summary>
    public TimeSpan RateLimitWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Loads all configured models at start, rather than each when it is first asked for; the server is ready when they are.</summary>
    public bool LoadAtStart { get; set; } = true;
}
