namespace Hotplug.Cpu.Programs.Phases;

/// <summary>A part of <see cref="MatMulPhase"/>: panels of columns of its results, each computed by whoever claims it.</summary>
internal abstract unsafe class MatrixPart
{
    /// <summary>Panels, the last perhaps not full.</summary>
    public abstract long Panels { get; }

    /// <summary>Bytes of scratch that <see cref="Compute"/> needs for inputs of <paramref name="k"/> elements.</summary>
    public abstract long ScratchBytes(long k);

    /// <summary>Computes panels [<paramref name="first"/>, <paramref name="end"/>) for all rows of the input.</summary>
    public abstract void Compute(StepState state, MatrixInput input, long first, long end, byte* scratch);
}
