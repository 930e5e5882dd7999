namespace Hotplug.Cpu.Kernels.RowFormats;

/// <summary>A type whose rows are made into floats, to be read or to be multiplied as floats. Layouts as in the GGUF format.</summary>
internal unsafe interface IRowFormat
{
    /// <summary>Writes <paramref name="count"/> floats, a whole number of blocks, equal to the type's formula in single precision to the last bit.</summary>
    static abstract void Read(byte* x, float* y, int count);
}
