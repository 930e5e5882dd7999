using Hotplug.Abstractions.Memory;

namespace Hotplug.Runtime.Reports;

/// <summary>What a buffer type states of itself, in words.</summary>
public static class TraitsText
{
    /// <summary>The traits, separated by commas.</summary>
    public static string Of(BufferTraits traits)
        => string.Join(", ", new[] { traits.HostVisible ? "host-visible" : "device memory", traits.StandardLayout ? "standard layout" : "own layout", traits.Adopts ? "adopts mapped files" : "" }.Where(t => t.Length > 0));
}
