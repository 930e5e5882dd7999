using Hotplug.Abstractions.Graphs;
using Hotplug.Accelerators.Programs;
using Hotplug.Cpu.KvCache;

namespace Hotplug.Cpu.Programs;

/// <summary>The steps of a program and the places of its operands.</summary>
internal sealed class ProgramLayout
{
    public required IReadOnlyList<ProgramStep> Steps { get; init; }
    /// <summary>Every value that is not a weight, but for those that are fused away.</summary>
    public required IReadOnlyDictionary<GraphValue, Operand> Values { get; init; }
    /// <summary>Quantised forms of values.</summary>
    public required IReadOnlyDictionary<GraphValue, Operand> Quantized { get; init; }
    public required IReadOnlyDictionary<RopeKey, Operand> RopeTables { get; init; }
    public required CpuKvLayout? KvLayout { get; init; }
    /// <summary>The largest step.</summary>
    public required StepBounds Bounds { get; init; }
    public required int Workers { get; init; }
    /// <summary>Bytes behind the start of the workspace where the workers' scratch begins.</summary>
    public nint ScratchOffset { get; init; }
    /// <summary>Bytes of one worker's scratch.</summary>
    public nint ScratchBytes { get; init; }
    /// <summary>Bytes behind the start of the workspace where the scratch begins that the workers share.</summary>
    public nint SharedOffset { get; init; }
    public long WorkspaceBytes { get; init; }
}
