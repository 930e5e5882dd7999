namespace Hotplug.Cpu.Programs.Phases;

/// <summary>Copies elements of four bytes: a view that must lie somewhere else.</summary>
internal sealed unsafe class CopyPhase(Extent elements, Operand input, Operand output) : Phase
{
    private const long ElementsPerChunk = 16384;

    public override void Run(StepState state, int worker, int workers)
    {
        var total = elements.Resolve(state.Extents);
        while (Claim((total + ElementsPerChunk - 1) / ElementsPerChunk, out var chunk))
        {
            var first = chunk * ElementsPerChunk;
            var bytes = Math.Min(ElementsPerChunk, total - first) * 4;
            Buffer.MemoryCopy(state.At(input) + first * 4, state.At(output) + first * 4, bytes, bytes);
        }
    }
}
