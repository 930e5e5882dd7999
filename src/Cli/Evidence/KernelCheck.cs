using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;
using Hotplug.Testing.Graphs;
using Hotplug.Testing.Memory;

namespace Hotplug.Cli.Evidence;

/// <summary>
/// Every operation, weight type and buffer type that the device says yes to, against the scalar reference, on the random cases of the contract test kit: several steps
/// each, numbers of all sizes, NaNs wherever nothing was written.
/// </summary>
internal static class KernelCheck
{
    private const int Attempts = 4;

    /// <summary>Runs the cases; a failure of one kernel does not keep the others from being checked, unless the device is lost.</summary>
    /// <param name="device">The device; nobody else calls it meanwhile.</param>
    /// <param name="cases">Cases per kernel.</param>
    /// <param name="seed">Of the random cases.</param>
    /// <param name="progress">Told of each operation.</param>
    /// <param name="cancellation">Stops between two cases.</param>
    public static IReadOnlyList<KernelEvidence> Run(IDevice device, int cases, int seed, Action<string> progress, CancellationToken cancellation)
    {
        var found = new List<KernelEvidence>();
        foreach (var kind in OperationCases.Kinds)
        {
            progress(kind);
            foreach (var bufferType in device.BufferTypes)
                foreach (var type in OperationCases.HasTypedWeight(kind) ? Dequantizer.Types : [TensorType.F32])
                {
                    found.Add(Run(device, kind, type, bufferType, cases, new Random(HashCode(seed, kind, type)), cancellation, out var lost));
                    if (lost) return found;
                }
        }
        return found;
    }

    private static KernelEvidence Run(IDevice device, string kind, TensorType type, IBufferType bufferType, int cases, Random random, CancellationToken cancellation, out bool lost)
    {
        lost = false;
        var (ran, worst, refusal) = (0, 0.0, default(string));
        // A device may refuse some shapes of a kernel and run others.
        for (var attempt = 0; attempt < cases * Attempts && ran < cases; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            var graph = OperationCases.Make(kind, random, device.Info, type);
            if (CaseCheck.Refusal(device, graph, bufferType) is { } reason)
            {
                refusal = reason;
                continue;
            }
            using var memory = new CaseMemory();
            try
            {
                var place = bufferType.Traits.Adopts && random.Next(2) == 0 ? WeightPlace.Adopted : WeightPlace.Written;
                worst = Math.Max(worst, CaseCheck.Run(memory, device, graph, bufferType, place));
                memory.Release();
                ran++;
            }
            // Whatever a device throws is its failure, and evidence.
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                lost = failure is BackendException { Kind: FaultKind.DeviceLost } or TimeoutException;
                return Evidence(ran + 1, $"case {attempt}, {graph}: {failure.Message}", null);
            }
        }
        return Evidence(ran, null, ran == 0 ? refusal : null);

        KernelEvidence Evidence(int count, string? failure, string? refused)
            => new(kind, OperationCases.HasTypedWeight(kind) ? type.ToString() : null, bufferType.Name, count, worst, failure, refused);
    }

    /// <summary>The same in every process.</summary>
    private static int HashCode(int seed, string kind, TensorType type)
    {
        var hash = 2166136261u ^ (uint)seed;
        foreach (var character in $"{kind} {type}") hash = (hash ^ character) * 16777619u;
        return unchecked((int)hash);
    }
}
