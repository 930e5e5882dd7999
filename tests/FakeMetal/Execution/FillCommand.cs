using System.Runtime.InteropServices;
using Hotplug.Metal.Fake.Memory;
using Hotplug.Metal.Fake.Objects;

namespace Hotplug.Metal.Fake.Execution;

/// <summary>Fills a range of a buffer.</summary>
internal sealed unsafe class FillCommand(FakeBuffer buffer, ulong offset, ulong length, byte value) : Command
{
    public override IEnumerable<(FakeBuffer Buffer, bool Writes)> Buffers => [(buffer, true)];

    public override void Execute(int seed, HostMap? map, AccessLog? log) => NativeMemory.Fill((byte*)buffer.Start + offset, (nuint)length, value);
}
