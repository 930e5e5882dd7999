using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Plugins;
using Hotplug.Abstractions.Tensors;
using Hotplug.FarMemory;
using Hotplug.Reference.Execution;

namespace Hotplug.UnitTests.FarMemory;

/// <summary>A far device with a host that hands out addresses and nothing else, and slices run on it.</summary>
internal sealed class FarBench : IPluginHost, IPluginLog, IPluginMetrics, IDisposable
{
    private readonly List<IBuffer> _buffers = [];
    private readonly IBackend _backend;
    private nuint _address = unchecked((nuint)0x7000_0000_0000);

    public FarBench(params (string Key, string Value)[] settings)
    {
        var plugin = new FarPlugin();
        _backend = plugin.CreateAsync(this, settings.ToDictionary(s => s.Key, s => s.Value), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        Device = _backend.Devices[0];
    }

    public IDevice Device { get; }

    public IBufferType Private => Device.BufferTypes[0];

    public IBufferType Plain => Device.BufferTypes[1];

    public List<string> Messages { get; } = [];

    public ContractVersion Contract => ContractVersion.Current;

    public string Directory => AppContext.BaseDirectory;

    public int ThreadBudget => 1;

    public IPluginLog Log => this;

    public IPluginMetrics Metrics => this;

    public CancellationToken Lifetime => CancellationToken.None;

    public IBuffer Allocate(IBufferType type, nuint length, BufferUsage usage = BufferUsage.Any)
    {
        var span = length == 0 ? type.BaseAlignment : length;
        _address += (span + 4095) & ~(nuint)4095;
        var buffer = type.Allocate(new() { Range = new(_address, span), Length = length, Usage = usage });
        _buffers.Add(buffer);
        return buffer;
    }

    /// <summary>A tensor in a buffer of its own, with the given bytes if any.</summary>
    public TensorRef Place(IBufferType type, TensorSpec spec, ReadOnlySpan<byte> bytes = default)
    {
        var tensor = new TensorRef(Allocate(type, type.AllocationSize(spec)), 0, spec);
        if (!bytes.IsEmpty) tensor.Buffer.Write(tensor, 0, bytes);
        return tensor;
    }

    public KvPool Pool(KvCacheSpec spec, int pages)
    {
        var layout = Device.PrepareKvCache(spec);
        return new KvPool(layout, [.. Enumerable.Range(0, pages).Select(_ => Allocate(layout.BufferType, layout.PageBytes, BufferUsage.KvCache))], 1, pages);
    }

    public Compiled Compile(GraphSlice slice, Func<GraphValue, TensorRef> weights)
    {
        var plan = Device.Prepare(slice);
        return new Compiled
        {
            Slice = slice,
            Executable = Device.Compile(plan, new WeightBindings(slice.Weights.ToDictionary(w => w, weights))),
            Inputs = [.. slice.Inputs.Select(value => Place(plan.BufferType, value.Resolve(slice.Bounds)))],
            Outputs = [.. slice.Outputs.Select(value => Place(plan.BufferType, value.Resolve(slice.Bounds)))],
            Workspace = [.. plan.WorkspaceBlocks.Select(bytes => Allocate(plan.BufferType, bytes, BufferUsage.Workspace))],
        };
    }

    public bool IsEnabled(PluginLogLevel level) => true;

    public void Write(PluginLogLevel level, string message) => Messages.Add($"{level}: {message}");

    public void Count(string name, long value) { }

    public void Record(string name, double value) { }

    public IHostAllocation Allocate(nuint bytes, nuint alignment) => throw new NotSupportedException();

    public IWorkerGroup CreateWorkers(string name, int count) => throw new NotSupportedException();

    public void Dispose()
    {
        foreach (var buffer in _buffers) buffer.Dispose();
        _backend.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    internal sealed class Compiled
    {
        public required GraphSlice Slice { get; init; }
        public required IExecutable Executable { get; init; }
        public required TensorRef[] Inputs { get; init; }
        public required TensorRef[] Outputs { get; init; }
        public required IBuffer[] Workspace { get; init; }

        public Fence Start(in ReferenceStep step, KvPool? pool = null) => Executable.Run(new StepArguments
        {
            TokenIds = step.TokenIds.Span,
            Positions = step.Positions.Span,
            OutputRows = step.OutputRows.Span,
            Sequences = step.Sequences.Span,
            Pages = step.Pages.Span,
            Inputs = Inputs,
            Outputs = Outputs,
            Workspace = Workspace,
            KvPool = pool,
            Cancellation = step.Cancellation,
        });

        public void Fill(int input, float[] elements)
        {
            var bytes = new byte[elements.Length * 4];
            Buffer.BlockCopy(elements, 0, bytes, 0, bytes.Length);
            Inputs[input].Buffer.Write(Inputs[input], 0, bytes);
        }

        /// <summary>The first rows of an output, up to the extents of the step.</summary>
        public float[] Result(int output, in ReferenceStep step)
        {
            var elements = new float[Slice.Outputs[output].Resolve(step.Extents).Shape.ElementCount];
            var bytes = new byte[elements.Length * 4];
            Outputs[output].Buffer.Read(Outputs[output], 0, bytes);
            Buffer.BlockCopy(bytes, 0, elements, 0, bytes.Length);
            return elements;
        }
    }
}
