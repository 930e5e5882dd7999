using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Memory.Receipts;
using Hotplug.PolicyMatrix.Measuring;

namespace Hotplug.PolicyMatrix.Cells;

/// <summary>What came of a cell: what the product says, and what the operating system says.</summary>
public sealed record CellResult
{
    public required Cell Cell { get; init; }

    /// <summary>What the command line would have left with.</summary>
    public required int ExitCode { get; init; }

    /// <summary>What the command line would have said, where the load failed.</summary>
    public string Message { get; init; } = "";

    public IReadOnlyList<MemoryRefusal> Refusals { get; init; } = [];

    public LoadReceipt? Receipt { get; init; }

    /// <summary>Parts of the composition as the product addresses them.</summary>
    public IReadOnlyList<PartFacts> Parts { get; init; } = [];

    /// <summary>The root range.</summary>
    public ulong RangeStart { get; init; }

    public ulong RangeLength { get; init; }

    /// <summary>What of the process's memory lies in the root range, by the system's account.</summary>
    public IReadOnlyList<Region> Regions { get; init; } = [];

    /// <summary>Bytes of <c>VmLck</c> before the load, while loaded, and after everything was disposed.</summary>
    public long LockedBefore { get; init; }

    public long LockedLoaded { get; init; }

    public long LockedAfter { get; init; }

    /// <summary>What the address space still held after the cell; empty if nothing.</summary>
    public required string Held { get; init; }

    /// <summary>Mappings of the model file after the cell.</summary>
    public required int ModelMappings { get; init; }

    /// <summary>What the model wrote.</summary>
    public IReadOnlyList<Written> Texts { get; init; } = [];

    /// <summary>Promises about addresses that were broken; empty if none.</summary>
    public IReadOnlyList<string> Violations { get; init; } = [];
}
