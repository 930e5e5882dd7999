using System.Runtime.InteropServices;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Testing.Data;
using Hotplug.Testing.Memory;

namespace Hotplug.Testing.Graphs;

/// <summary>
/// Does the host's part for one slice: places weights, inputs, outputs and workspace, compiles and runs. Everything is poisoned before it is used: rows beyond the
/// extents of a step, workspace, outputs, the memory around and behind weights.
/// </summary>
public sealed class SliceRunner : IDisposable
{
    /// <summary>How long a step may take before it counts as hanging.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ITestMemory _run;
    private readonly List<TestBuffer> _buffers = [];
    private readonly TensorRef[] _inputs;
    private readonly TensorRef[] _outputs;
    private readonly IBuffer[] _workspace;
    private readonly TestBuffer[] _workspaceBuffers;

    /// <summary>Prepares and compiles a slice of a case.</summary>
    /// <param name="run">Makes the buffers.</param>
    /// <param name="device">The device.</param>
    /// <param name="graph">The case, for weights and bounds.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="weightType">Where weights go; null for the device's first buffer type.</param>
    /// <param name="place">How they get there.</param>
    /// <param name="weightUsage">What the buffers of weights are said to be for.</param>
    public SliceRunner(ITestMemory run, IDevice device, GraphCase graph, GraphSlice slice, IBufferType? weightType = null, WeightPlace place = WeightPlace.Written,
        BufferUsage weightUsage = BufferUsage.Weights)
    {
        (_run, Slice) = (run, slice);
        try
        {
            Plan = device.Prepare(slice);
            weightType ??= device.BufferTypes[0];
            var places = slice.Weights.ToDictionary(weight => weight,
                weight => PlaceWeight(weightType, weight.Resolve(graph.Bounds), graph.Weights[weight], place, weightUsage));
            _inputs = [.. slice.Inputs.Select(PlaceValue)];
            _outputs = [.. slice.Outputs.Select(PlaceValue)];
            _workspaceBuffers = [.. Plan.WorkspaceBlocks.Select(bytes => Allocate(Plan.BufferType, bytes, BufferUsage.Workspace))];
            _workspace = [.. _workspaceBuffers.Select(buffer => buffer.Buffer)];
            Executable = device.Compile(Plan, new WeightBindings(places));
        }
        catch
        {
            Dispose();
            throw;
        }

        TensorRef PlaceValue(GraphValue value)
        {
            var spec = value.Resolve(slice.Bounds);
            return Allocate(Plan!.BufferType, Plan.BufferType.AllocationSize(spec), BufferUsage.Workspace).At(0, spec);
        }
    }

    /// <summary>The slice.</summary>
    public GraphSlice Slice { get; }

    /// <summary>The device's plan.</summary>
    public SlicePlan Plan { get; }

    /// <summary>The compiled slice.</summary>
    public IExecutable Executable { get; }

    /// <summary>Where the inputs lie.</summary>
    public ReadOnlySpan<TensorRef> Inputs => _inputs;

    /// <summary>Where the outputs lie.</summary>
    public ReadOnlySpan<TensorRef> Outputs => _outputs;

    /// <summary>Runs a step to its end.</summary>
    /// <param name="step">The step.</param>
    /// <param name="values">Elements of values that the slice reads; its outputs are added.</param>
    /// <param name="cache">The cache, or null.</param>
    /// <exception cref="BackendException">The run failed.</exception>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public void Run(CaseStep step, Dictionary<GraphValue, float[]> values, DeviceKvCache? cache = null)
    {
        Write(step, values);
        Finish(Start(step, cache));
        Read(step, values);
    }

    /// <summary>Poisons outputs and workspace, then writes the inputs of a step. No run is in flight.</summary>
    public void Write(CaseStep step, Dictionary<GraphValue, float[]> values)
    {
        foreach (var output in _outputs) Poisoning.Fill(output);
        foreach (var block in _workspaceBuffers) Repoison(block);
        WriteInputs(values);
    }

    /// <summary>Writes the inputs of a step, rows beyond its extents poisoned.</summary>
    public void WriteInputs(Dictionary<GraphValue, float[]> values)
    {
        for (var i = 0; i < _inputs.Length; i++)
        {
            var (value, place) = (Slice.Inputs[i], _inputs[i]);
            Poisoning.Fill(place);
            var bytes = ToBytes(value.Type, values[value]);
            // Of a vector whose only extent is a symbol, the one row is written whole.
            var rowBytes = (int)place.Spec.RowBytes;
            if (rowBytes == 0) continue;
            var whole = new byte[(bytes.Length + rowBytes - 1) / rowBytes * rowBytes];
            whole.AsSpan().Fill(GuardedMemory.Poison);
            bytes.CopyTo(whole, 0);
            place.Buffer.Write(place, 0, whole);
        }
    }

    /// <summary>Other places for the outputs, poisoned.</summary>
    public TensorRef[] NewOutputs()
    {
        TensorRef[] places = [.. _outputs.Select(output => Allocate(Plan.BufferType, output.Buffer.Length, BufferUsage.Workspace).At(0, output.Spec))];
        foreach (var place in places) Poisoning.Fill(place);
        return places;
    }

    /// <summary>Starts a step; inputs are written before.</summary>
    /// <param name="step">The step.</param>
    /// <param name="cache">The cache, or null.</param>
    /// <param name="outputs">Where outputs go instead of <see cref="Outputs"/>, or null.</param>
    /// <param name="cancellation">Asks to stop early.</param>
    public Fence Start(CaseStep step, DeviceKvCache? cache = null, TensorRef[]? outputs = null, CancellationToken cancellation = default) => Executable.Run(new StepArguments
    {
        TokenIds = step.TokenIds,
        Positions = step.Positions,
        OutputRows = step.OutputRows,
        Sequences = step.Sequences,
        Pages = step.Pages,
        Inputs = _inputs,
        Outputs = outputs ?? _outputs,
        Workspace = _workspace,
        KvPool = cache?.Pool,
        Cancellation = cancellation,
    });

    /// <summary>Waits for a step.</summary>
    public static void Finish(Fence fence)
    {
        if (!fence.Wait(Patience)) throw new TimeoutException($"The step did not end in {Patience.TotalSeconds} seconds.");
        if (!fence.IsComplete) throw new InvalidOperationException("Wait returned, and the fence is not complete.");
        if (fence.Fault is { } fault) throw fault;
    }

    /// <summary>Reads the outputs of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="values">Takes the elements.</param>
    /// <param name="outputs">Where they lie instead of <see cref="Outputs"/>, or null.</param>
    public void Read(CaseStep step, Dictionary<GraphValue, float[]> values, TensorRef[]? outputs = null)
    {
        outputs ??= _outputs;
        for (var i = 0; i < outputs.Length; i++)
        {
            var (value, place) = (Slice.Outputs[i], outputs[i]);
            var elements = (int)value.Shape.Resolve(step.Extents).ElementCount;
            var rowBytes = (int)place.Spec.RowBytes;
            var rows = rowBytes == 0 ? 0 : (elements * 4 + rowBytes - 1) / rowBytes;
            var bytes = new byte[rows * rowBytes];
            place.Buffer.Read(place, 0, bytes);
            values[value] = FromBytes(value.Type, bytes.AsSpan(0, elements * 4));
        }
    }

    /// <summary>Disposes the executable, then its buffers.</summary>
    public void Dispose()
    {
        Executable?.Dispose();
        for (var i = _buffers.Count - 1; i >= 0; i--) _buffers[i].Dispose();
        _buffers.Clear();
    }

    /// <summary>Elements as bytes of a value's type.</summary>
    public static byte[] ToBytes(TensorType type, float[] elements) => type switch
    {
        TensorType.F32 => MemoryMarshal.AsBytes(elements.AsSpan()).ToArray(),
        TensorType.I32 => MemoryMarshal.AsBytes(Array.ConvertAll(elements, element => (int)element).AsSpan()).ToArray(),
        _ => throw new ArgumentException($"A value of a graph is F32 or I32, not {type}.", nameof(type)),
    };

    private static float[] FromBytes(TensorType type, ReadOnlySpan<byte> bytes) => type switch
    {
        TensorType.F32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
        TensorType.I32 => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), element => (float)element),
        _ => throw new ArgumentException($"A value of a graph is F32 or I32, not {type}.", nameof(type)),
    };

    private TensorRef PlaceWeight(IBufferType type, TensorSpec spec, byte[] bytes, WeightPlace place, BufferUsage usage)
    {
        if (place == WeightPlace.Adopted)
        {
            // As in a file: at a multiple of 32, something else before and behind it.
            const int Before = 96;
            var content = new byte[Before + bytes.Length + 64];
            content.AsSpan().Fill(GuardedMemory.Poison);
            bytes.CopyTo(content, Before);
            var adopted = _run.Allocate(type, (nuint)content.Length, usage, HostAccess.Read, content);
            _buffers.Add(adopted);
            return adopted.At(Before, spec);
        }
        var offset = (nuint)100 + type.TensorAlignment & ~(type.TensorAlignment - 1);
        var buffer = Allocate(type, offset + type.AllocationSize(spec) + 60, usage);
        Poisoning.Fill(buffer);
        var tensor = buffer.At(offset, spec);
        buffer.Buffer.Write(tensor, 0, bytes);
        return tensor;
    }

    private TestBuffer Allocate(IBufferType type, nuint bytes, BufferUsage usage)
    {
        var buffer = _run.Allocate(type, bytes, usage);
        _buffers.Add(buffer);
        return buffer;
    }

    private static void Repoison(TestBuffer block)
    {
        if (block.Buffer.Type.Traits.HostVisible && block.Buffer.Length != 0) block.Memory.Bytes.Fill(GuardedMemory.Poison);
        else Poisoning.Fill(block);
    }
}
