using System.Runtime.CompilerServices;

namespace Hotplug.MslExecutor;

/// <summary>What a run gets; the fields of <c>msl::Dispatch</c> in runtime.h.</summary>
internal unsafe struct NativeDispatch
{
    public const int MaxBindings = 31;
    /// <summary>Bytes of a fiber's stack.</summary>
    public const int StackBytes = 64 << 10;
    /// <summary>From stack to stack: more than a stack, lest the same place of all stacks fall on the same lines of the processor's cache.</summary>
    public const int StackStride = StackBytes + 320;
    /// <summary>Threadgroup memory.</summary>
    public const int ArenaBytes = 32 << 10;

    public fixed uint Groups[3];
    public fixed uint Threads[3];
    public Bindings Buffers;
    public fixed uint Threadgroup[MaxBindings];
    public uint Seed;
    public byte* Stacks;
    public ulong StackLength, StackDistance;
    public byte* Arena;
    public ulong ArenaLength;

    /// <summary>A bound buffer.</summary>
    public struct Binding
    {
        public nint Pointer;
        public ulong Length, Writable;
    }

    /// <summary>One for each index.</summary>
    [InlineArray(MaxBindings)]
    public struct Bindings
    {
        private Binding _first;
    }
}
