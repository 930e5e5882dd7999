using Hotplug.Abstractions.Plugins;

namespace Hotplug.Cpu.Roofline;

/// <summary>Runs a sequence on the first workers of a group, each on memory of its own.</summary>
internal sealed unsafe class SequenceTask : IWorkerTask
{
    /// <summary>Bytes a worker needs: weights, activations, and a register that is written.</summary>
    public const int BytesPerWorker = WeightBytes + ActivationBytes + 128;

    private const int WeightBytes = Sequences.Lines * 64;
    private const int ActivationBytes = Sequences.FloatTokens * Sequences.Lines * 4 + 64;

    private readonly byte* _memory;

    /// <summary>A task.</summary>
    /// <param name="memory"><see cref="BytesPerWorker"/> zeroed bytes for each worker, aligned to 64.</param>
    public SequenceTask(nint memory) => _memory = (byte*)memory;

    /// <summary>What is run.</summary>
    public delegate*<byte*, byte*, int, byte*, void> Sequence { get; set; }

    /// <summary>Workers that run it.</summary>
    public int Threads { get; set; }

    /// <summary>How often.</summary>
    public int Passes { get; set; }

    public void Run(int worker, int count)
    {
        if (worker >= Threads) return;
        var own = _memory + (nint)worker * BytesPerWorker;
        Sequence(own, own + WeightBytes, Passes, own + WeightBytes + ActivationBytes);
    }
}
