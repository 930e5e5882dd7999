using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Gpu.Drivers;

/// <summary>What is known of an accelerator.</summary>
internal sealed record DriverFacts
{
    /// <summary>Id of the device within the backend: "cuda0", "opencl1", "cpu-emulation".</summary>
    public required string Id { get; init; }

    /// <summary>Name for people, with the driver's name and version.</summary>
    public required string Name { get; init; }

    public required DeviceKind Kind { get; init; }

    /// <summary>PCI address, or null.</summary>
    public string? PhysicalIdentity { get; init; }

    /// <summary>Bytes of memory, or null.</summary>
    public long? TotalMemory { get; init; }

    /// <summary>Bytes of the largest allocation.</summary>
    public required long MaxAllocation { get; init; }

    /// <summary>Whether its memory can leave the card.</summary>
    public Residency Residency { get; init; } = Residency.Unknown;

    /// <summary>Lanes of a group: a power of two up to 256.</summary>
    public required int GroupSize { get; init; }

    /// <summary>Lanes of a group that makes a tile of a product: a power of two up to 256.</summary>
    public required int TileGroupSize { get; init; }

    /// <summary>Groups that are worth launching at once; kernels go on with the next unit.</summary>
    public required int MaxGroups { get; init; }

    /// <summary>True if an open context tells how much memory is free.</summary>
    public bool ReportsFree { get; init; }

    /// <summary>True if kernels can work in host memory: the emulator.</summary>
    public bool Adopts { get; init; }
}
