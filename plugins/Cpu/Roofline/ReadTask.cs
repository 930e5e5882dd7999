using Hotplug.Abstractions.Plugins;

namespace Hotplug.Cpu.Roofline;

/// <summary>Reads a stretch of memory, in equal parts, on the first workers of a group.</summary>
internal sealed unsafe class ReadTask : IWorkerTask
{
    private const int Sink = 128;

    private readonly byte* _sinks;

    /// <summary>A task.</summary>
    /// <param name="sinks">128 bytes for each worker, aligned to 64.</param>
    public ReadTask(nint sinks) => _sinks = (byte*)sinks;

    /// <summary>What reads: memory, lines of 64 bytes, and where a register is written.</summary>
    public required delegate*<byte*, long, byte*, void> Kernel { get; init; }

    /// <summary>The stretch, of <see cref="Bytes"/>, a multiple of 256 for every worker.</summary>
    public byte* Memory { get; set; }

    /// <summary>Its length.</summary>
    public long Bytes { get; set; }

    /// <summary>Workers that read.</summary>
    public int Threads { get; set; }

    public void Run(int worker, int count)
    {
        if (worker >= Threads) return;
        var part = Bytes / Threads / 256 * 256;
        Kernel(Memory + worker * part, part / 64, _sinks + worker * Sink);
    }
}
