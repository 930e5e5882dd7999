using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.Metal.Fake;

/// <summary>The Mac that <see cref="FakeMetal"/> pretends to be.</summary>
public sealed record FakeOptions
{
    /// <summary>Number of graphics processors; with 0 there is none.</summary>
    public int Devices { get; init; } = 1;

    /// <summary>Whether devices work on the memory of the host (Apple silicon) or on their own (Intel).</summary>
    public bool Unified { get; init; } = true;

    /// <summary>Bytes of a page: 16384 on Apple silicon, 4096 on Intel. Memory to wrap must be aligned to it even where the system's own pages are smaller.</summary>
    public int PageSize { get; init; } = 16384;

    /// <summary>Version of macOS: 15 brought residency sets and math modes, 13 device addresses of buffers, 12 waiting for events.</summary>
    public int MacVersion { get; init; } = 15;

    /// <summary>Writes type encodings as on Intel: BOOL is a character there.</summary>
    public bool IntelEncodings { get; init; }

    /// <summary>Bytes of the largest buffer.</summary>
    public ulong MaxBufferLength { get; init; } = 1ul << 30;

    /// <summary>What the device recommends.</summary>
    public ulong RecommendedMaxWorkingSetSize { get; init; } = 4ul << 30;

    /// <summary>Bytes of all buffers together, above which no more are given.</summary>
    public ulong MemoryLimit { get; init; } = ulong.MaxValue;

    /// <summary>Bytes of threadgroup memory of a dispatch.</summary>
    public ulong MaxThreadgroupMemory { get; init; } = 32768;

    /// <summary>Alignment of the offset at which memory of the constant address space is bound: 4 on Apple silicon, 256 on Intel. Zero chooses by <see cref="Unified"/>.</summary>
    public ulong ConstantAlignment { get; init; }

    /// <summary>Numbers of the GPU families that are supported.</summary>
    public IReadOnlyCollection<long> Families { get; init; } = [1005, 1006, 1007, 1008, 2002, 3003, 5001];

    /// <summary>In which order dispatches run that nothing orders.</summary>
    public DispatchOrder Order { get; init; } = DispatchOrder.Reversed;

    /// <summary>Chooses the order of <see cref="DispatchOrder.Shuffled"/>, and is passed on to kernels.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// After how many questions for its status a committed command buffer runs; null: only when it is waited for. It never runs before.
    /// </summary>
    public int? PollsUntilComplete { get; init; }

    /// <summary>
    /// Whether giving back the last reference of an object that a committed, unfinished command buffer holds is a violation. Metal allows it for
    /// retaining command buffers; memory under a no-copy buffer does not.
    /// </summary>
    public bool StrictLifetimes { get; init; } = true;

    /// <summary>
    /// Whether a broken rule fails the command buffer in which it is found, and every later one, with its text: for those who see no more than the results.
    /// </summary>
    public bool FailsOnViolation { get; init; }

    /// <summary>Compiles shaders; without one every library is a compile error.</summary>
    public IShaderCompiler? Compiler { get; init; }

    /// <summary>Encodings that methods have instead of Apple's, by selector; an empty one removes the method.</summary>
    public IReadOnlyDictionary<string, string> Encodings { get; init; } = new Dictionary<string, string>();

    /// <summary>Selectors that are answered although the runtime shows no method for them.</summary>
    public IReadOnlyCollection<string> Forwarded { get; init; } = [];
}
