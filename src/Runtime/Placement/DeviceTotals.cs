namespace Hotplug.Runtime.Placement;

/// <summary>Bytes that a model takes on one device.</summary>
public readonly record struct DeviceTotals
{
    /// <summary>Weights as the device keeps them, its padding included.</summary>
    public long WeightBytes { get; init; }

    /// <summary>KV cache.</summary>
    public long KvBytes { get; init; }

    /// <summary>Values inside slices.</summary>
    public long WorkspaceBytes { get; init; }

    /// <summary>Values between slices.</summary>
    public long ExchangeBytes { get; init; }

    /// <summary>All of it.</summary>
    public long TotalBytes => WeightBytes + KvBytes + WorkspaceBytes + ExchangeBytes;
}
