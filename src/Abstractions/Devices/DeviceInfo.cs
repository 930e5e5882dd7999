using Hotplug.Abstractions.Tensors;

namespace Hotplug.Abstractions.Devices;

/// <summary>What a device states of itself, once.</summary>
public sealed record DeviceInfo
{
    /// <summary>Id, unique within the backend and stable on one machine: "cpu", "gpu0".</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>What the device is.</summary>
    public required DeviceKind Kind { get; init; }

    /// <summary>
    /// Identity of the hardware behind it (PCI address, UUID, registry id), or null. Two devices with the same identity are one piece of
    /// hardware reached in two ways; automatic placement uses one of them.
    /// </summary>
    public string? PhysicalIdentity { get; init; }

    /// <summary>Cost of a copy to or from host memory.</summary>
    public CopyCost CopyCost { get; init; }

    /// <summary>Tokens in one page of the KV cache: a power of two.</summary>
    public required int KvPageTokens { get; init; }

    /// <summary>Types that KV caches may have here; F32 and F16 at least, for a device that runs attention.</summary>
    public IReadOnlyList<TensorType> KvTypes { get; init; } = [TensorType.F32, TensorType.F16];

    /// <summary>The same step run twice gives the same bits.</summary>
    public bool IsDeterministic { get; init; }

    /// <summary>The result of a row depends neither on how many rows the step has nor on its neighbours.</summary>
    public bool IsBatchInvariant { get; init; }
}
