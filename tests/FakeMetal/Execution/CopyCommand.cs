using System.Runtime.InteropServices;
using Hotplug.Metal.Fake.Memory;
using Hotplug.Metal.Fake.Objects;

namespace Hotplug.Metal.Fake.Execution;

/// <summary>Copies between buffers.</summary>
internal sealed unsafe class CopyCommand(FakeBuffer source, ulong from, FakeBuffer destination, ulong to, ulong length) : Command
{
    public override IEnumerable<(FakeBuffer Buffer, bool Writes)> Buffers => [(source, false), (destination, true)];

    public override void Execute(int seed, HostMap? map, AccessLog? log) =>
        NativeMemory.Copy((byte*)source.Start + from, (byte*)destination.Start + to, (nuint)length);
}
