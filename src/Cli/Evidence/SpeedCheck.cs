using System.Diagnostics;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;
using Hotplug.Runtime.Memory;

namespace Hotplug.Cli.Evidence;

/// <summary>Measures launch, copies and products of matrices with one row on a device that nobody else uses meanwhile.</summary>
internal sealed class SpeedCheck(IDevice device, AddressSpace space, Effort effort, CancellationToken cancellation)
{
    private const int Chain = 32;
    private static readonly StepBounds Bounds = new() { Tokens = 1, OutputRows = 1, Sequences = 1 };

    private readonly BufferAllocator _allocator = new(space);

    public SpeedEvidence Run(Action<string> progress)
    {
        progress("launch");
        using var one = Scales(1);
        var step = Timing.Median(one.Run, effort.Budget, 1000, cancellation);
        double chain;
        using (var many = Scales(1 + Chain)) chain = Timing.Median(many.Run, effort.Budget, 1000, cancellation);
        progress("copies");
        var (bytes, toDevice, toHost) = Copies(one.BufferType);
        var products = new List<SpeedEvidence.Product>();
        foreach (var type in Dequantizer.Types)
        {
            progress($"products of {type}");
            if (Product(type) is { } product) products.Add(product);
        }
        return new(step * 1e6, Math.Max(0, chain - step) / Chain * 1e6, bytes, bytes / toDevice, bytes / toHost, products);
    }

    private TimedSlice Scales(int count)
    {
        var values = Enumerable.Range(0, count + 1).Select(i => new GraphValue($"x{i}", TensorType.F32, new(64, Dimension.Tokens))).ToArray();
        return new(device, _allocator, new()
        {
            Operations = [.. Enumerable.Range(0, count).Select(i => new Scale(values[i], 0.5f, values[i + 1]))],
            Weights = [],
            Inputs = [values[0]],
            Outputs = [values[^1]],
            Bounds = Bounds,
        }, new Dictionary<GraphValue, TensorRef>());
    }

    private (long Bytes, double ToDevice, double ToHost) Copies(IBufferType type)
    {
        const int Width = 1024;
        var rows = effort.TransferBytes / (4 * Width);
        while (rows > 1 && (type.AllocationSize(Spec()) > Room(type))) rows /= 2;
        using var buffer = _allocator.Allocate(type, type.AllocationSize(Spec()));
        var tensor = new TensorRef(buffer.Buffer, 0, Spec());
        var bytes = new byte[tensor.Spec.ByteLength];
        var toDevice = Timing.Median(() => tensor.Buffer.Write(tensor, 0, bytes), effort.Budget, 100, cancellation);
        return (bytes.Length, toDevice, Timing.Median(() => tensor.Buffer.Read(tensor, 0, bytes), effort.Budget, 100, cancellation));

        TensorSpec Spec() => new() { Type = TensorType.F32, Shape = new(Width, rows) };
    }

    private SpeedEvidence.Product? Product(TensorType type)
    {
        var (columns, rows) = (effort.Width, effort.Width);
        var input = new GraphValue("x", TensorType.F32, new(columns, Dimension.Tokens));
        if (device.BufferTypes.FirstOrDefault(t => device.Supports(new() { Operation = Multiply(input, 0, rows, type), Bounds = Bounds, WeightBufferType = t }).IsSupported) is not { } bufferType) return null;
        while (rows > 1 && bufferType.AllocationSize(Weight(0, columns, rows, type).Resolve(Bounds)) > Room(bufferType)) rows /= 2;
        var spec = Weight(0, columns, rows, type).Resolve(Bounds);
        var count = (int)Math.Clamp(Math.Min((ulong)effort.WeightBytes, Room(bufferType, single: false)) / (ulong)spec.ByteLength, 1, 64);
        var operations = Enumerable.Range(0, count).Select(i => Multiply(input, i, rows, type)).ToArray();
        var content = RandomBlocks.Make(spec, BlockKind.Ordinary, new Random(1));
        var buffers = new List<BufferAllocation>();
        try
        {
            var places = new Dictionary<GraphValue, TensorRef>();
            var upload = 0.0;
            foreach (var operation in operations)
            {
                cancellation.ThrowIfCancellationRequested();
                var buffer = _allocator.Allocate(bufferType, bufferType.AllocationSize(spec), BufferUsage.Weights);
                buffers.Add(buffer);
                var tensor = new TensorRef(buffer.Buffer, 0, spec);
                var start = Stopwatch.GetTimestamp();
                tensor.Buffer.Write(tensor, 0, content);
                upload += Stopwatch.GetElapsedTime(start).TotalSeconds;
                places[operation.Weight] = tensor;
            }
            using var slice = new TimedSlice(device, _allocator, new()
            {
                Operations = operations,
                Weights = [.. operations.Select(o => o.Weight)],
                Inputs = [input],
                Outputs = [.. operations.Select(o => o.Output)],
                Bounds = Bounds,
            }, places);
            var bytes = (double)spec.ByteLength * count;
            return new(type.ToString(), bufferType.Name, columns, rows, count, bytes / Math.Max(upload, 1e-9), bytes / Timing.Median(slice.Run, effort.Budget, 200, cancellation));
        }
        finally
        {
            foreach (var buffer in buffers) buffer.Dispose();
        }
    }

    private static GraphValue Weight(int number, int columns, int rows, TensorType type) => new($"w{number}", type, new(columns, rows), isWeight: true);

    private static MatMul Multiply(GraphValue input, int number, int rows, TensorType type)
        => new(Weight(number, (int)input.Shape.D0.Constant, rows, type), input, null, new($"y{number}", TensorType.F32, new(rows, Dimension.Tokens)));

    /// <summary>What may be allocated: a quarter of the free memory, and for a single buffer no more than the type allows.</summary>
    private nuint Room(IBufferType type, bool single = true)
    {
        var free = (nuint)Math.Min(device.QueryMemory().Free ?? 1UL << 30, 1UL << 40) / 4;
        return single ? nuint.Min(type.MaxLength, free) : free;
    }
}
