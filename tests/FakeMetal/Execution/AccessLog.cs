using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.Metal.Fake.Execution;

/// <summary>Memory that one dispatch read and wrote.</summary>
internal sealed class AccessLog : IShaderTrace
{
    private readonly RangeSet _read = new();
    private readonly RangeSet _written = new();

    public void Read(nint address, nuint length) => _read.Add(address, length);

    public void Write(nint address, nuint length) => _written.Add(address, length);

    /// <summary>Where one wrote what the other touched; null when nowhere.</summary>
    public (ulong Start, ulong End)? Conflict(AccessLog other) =>
        _written.Overlap(other._written) ?? _written.Overlap(other._read) ?? _read.Overlap(other._written);

    /// <summary>Throws when something was touched that is not bound, or written that is only for reading.</summary>
    public void CheckInside(IShaderFunction shader, ReadOnlySpan<BoundMemory> bound)
    {
        var readable = new RangeSet();
        var writable = new RangeSet();
        foreach (var memory in bound)
        {
            readable.Add(memory.Pointer, memory.Length);
            if (!memory.ReadOnly) writable.Add(memory.Pointer, memory.Length);
        }
        if (_read.Outside(readable) is { } read) throw new ShaderFaultException($"{shader.Name} reads 0x{read.Start:x} to 0x{read.End:x}, which is not bound.");
        if (_written.Outside(writable) is { } written)
            throw new ShaderFaultException($"{shader.Name} writes 0x{written.Start:x} to 0x{written.End:x}, which is not bound for writing.");
    }
}
