using System.Diagnostics;
using System.Runtime.CompilerServices;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;
using Hotplug.Cpu.Kernels.Lanes;

namespace Hotplug.Cpu.Roofline;

/// <summary>
/// Measures what this processor gives with 1, 2, 4, … and all workers: reading memory, the inner loops of the kernels, and the barrier between phases. Of many short
/// tries the best counts, so that other load on the machine matters little.
/// </summary>
internal sealed unsafe class RooflineProbe(InstructionSet set, IWorkerGroup workers, IPluginHost host)
{
    // Beyond any cache, and read from end to end before a part of it comes again.
    private const long ReadBytes = 256L << 20, StretchBytes = 32L << 20;
    private const int Rounds = 3, Tries = 120, Phases = 200;
    private static readonly TimeSpan TryTime = TimeSpan.FromMilliseconds(0.5);

    public IReadOnlyList<RooflineFigure> Measure(CancellationToken cancellation)
    {
        var figures = new List<RooflineFigure>();
        switch (set)
        {
            case InstructionSet.Avx512:
                Read<Lanes512>(figures, cancellation);
                Integers<ByteLanes512>("512 bits", figures, cancellation);
                Floats<Lanes512>("512 bits", figures, cancellation);
                break;
            case InstructionSet.Avx2:
                Read<Lanes256>(figures, cancellation);
                Integers<ByteLanes256>("256 bits", figures, cancellation);
                Floats<Lanes256>("256 bits", figures, cancellation);
                break;
            default:
                Read<Lanes128>(figures, cancellation);
                Floats<Lanes128>("128 bits", figures, cancellation);
                break;
        }
        Synchronization(figures, cancellation);
        return figures;
    }

    private IEnumerable<int> Counts()
    {
        for (var threads = 1; threads < workers.Count; threads *= 2) yield return threads;
        yield return workers.Count;
    }

    private void Read<T>(List<RooflineFigure> figures, CancellationToken cancellation) where T : unmanaged, ILanes<T>
    {
        using var memory = host.Allocate((nuint)ReadBytes, 4096);
        // A page that nobody has written to is everywhere the same page of zeros.
        for (nint page = 0; page < (nint)ReadBytes; page += 4096) *(byte*)(memory.Pointer + page) = 1;
        using var sinks = host.Allocate((nuint)workers.Count * 128, 64);
        var task = new ReadTask(sinks.Pointer) { Kernel = &Sequences.Read<T>, Bytes = StretchBytes };
        foreach (var threads in Counts())
        {
            task.Threads = threads;
            var best = double.MaxValue;
            for (var round = 0; round < Rounds; round++)
                for (long start = 0; start < ReadBytes; start += StretchBytes)
                {
                    cancellation.ThrowIfCancellationRequested();
                    task.Memory = (byte*)memory.Pointer + start;
                    best = Math.Min(best, Seconds(task));
                }
            figures.Add(new(RooflineKind.ReadBandwidth, "memory, read once", threads, StretchBytes / best));
        }
    }

    private void Integers<T>(string width, List<RooflineFigure> figures, CancellationToken cancellation) where T : unmanaged, IByteLanes<T>
    {
        double bytes = Sequences.Lines * Sequences.Tokens * sizeof(T);
        Sequence(RooflineKind.IntegerRate, $"bytes, widened at once, {width}", &Sequences.Bytes<T>, bytes, figures, cancellation);
        Sequence(RooflineKind.IntegerRate, $"bytes, eight summed in int16, {width}", &Sequences.Nibbles<T>, bytes, figures, cancellation);
        Sequence(RooflineKind.IntegerRate, $"int16 by int16, {width}", &Sequences.Words<T>, bytes / 2, figures, cancellation);
    }

    private void Floats<T>(string width, List<RooflineFigure> figures, CancellationToken cancellation) where T : unmanaged, ILanes<T>
        => Sequence(RooflineKind.FloatRate, $"float by float, fused, {width}", &Sequences.Floats<T>, Sequences.Lines * Sequences.FloatTokens * 16, figures, cancellation);

    private void Sequence(RooflineKind kind, string subject, delegate*<byte*, byte*, int, byte*, void> sequence, double productsPerPass, List<RooflineFigure> figures, CancellationToken cancellation)
    {
        using var memory = host.Allocate((nuint)workers.Count * SequenceTask.BytesPerWorker, 64);
        var task = new SequenceTask(memory.Pointer) { Sequence = sequence, Threads = 1, Passes = 16 };
        // As many passes as a try is to take. The first call compiles.
        var first = double.MaxValue;
        for (var i = 0; i < 8; i++) first = Math.Min(first, Seconds(task));
        task.Passes = (int)Math.Clamp(task.Passes * TryTime.TotalSeconds / first, 1, 1 << 20);
        foreach (var threads in Counts())
        {
            task.Threads = threads;
            var best = double.MaxValue;
            for (var i = 0; i < Tries; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                best = Math.Min(best, Seconds(task));
            }
            figures.Add(new(kind, subject, threads, productsPerPass * task.Passes * threads / best));
        }
    }

    private void Synchronization(List<RooflineFigure> figures, CancellationToken cancellation)
    {
        if (workers.Count == 1) return;
        var task = new PhasesTask(Phases);
        double dispatch = double.MaxValue, phases = double.MaxValue;
        var nothing = new SequenceTask(0);
        for (var i = 0; i < Tries; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            dispatch = Math.Min(dispatch, Seconds(nothing));
            task.Reset();
            phases = Math.Min(phases, Seconds(task));
        }
        figures.Add(new(RooflineKind.Synchronization, "all workers called, and back", workers.Count, dispatch));
        figures.Add(new(RooflineKind.Synchronization, "barrier between two phases", workers.Count, phases / Phases));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private double Seconds(IWorkerTask task)
    {
        var start = Stopwatch.GetTimestamp();
        workers.Run(task);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
