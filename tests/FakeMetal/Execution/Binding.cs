using Hotplug.Metal.Fake.Objects;

namespace Hotplug.Metal.Fake.Execution;

/// <summary>What is bound at an index: a buffer from an offset, or bytes, or nothing.</summary>
internal readonly record struct Binding(FakeBuffer? Buffer, ulong Offset, byte[]? Bytes)
{
    public bool IsEmpty => Buffer is null && Bytes is null;

    public ulong Length => Buffer is null ? (ulong)(Bytes?.Length ?? 0) : Buffer.Length - Offset;
}
