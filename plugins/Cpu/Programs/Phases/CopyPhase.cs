using Hotplug.Accelerators.Programs;

namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Copies elements of four bytes: a view that must lie somewhere else.</summary>
internal sealed unsafe class CopyPhase(Extent elements, Operand input, Operand output) : Phase
{
    private const long ElementsPerChunk = 16384;

    protected override long Chunks(StepState state, int workers) => (elements.Resolve(state.Extents) + ElementsPerChunk - 1) / ElementsPerChunk;

    protected override void Run(StepState state, int worker, int workers, long chunk)
    {
        var first = chunk * ElementsPerChunk;
        var bytes = Math.Min(ElementsPerChunk, elements.Resolve(state.Extents) - first) * 4;
        Buffer.MemoryCopy(state.At(input) + first * 4, state.At(output) + first * 4, bytes, bytes);
    }
}
