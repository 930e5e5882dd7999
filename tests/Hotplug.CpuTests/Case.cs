using System.Runtime.InteropServices;
using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Formats;
using Hotplug.Reference.Tolerances;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Memory;
using Xunit;

namespace Hotplug.CpuTests;

/// <summary>A small slice with its data, to be run by the backend and by the reference.</summary>
internal sealed class Case(Random random)
{
    private readonly Dictionary<GraphValue, byte[]> _weights = [];
    private readonly List<(GraphValue Value, float[] Elements)> _inputs = [];

    public List<Operation> Operations { get; } = [];
    public ReferenceStep Step { get; set; }
    public KvCacheSpec? Kv { get; init; }
    public int Pages { get; init; } = 8;
    /// <summary>Bounds of the slice; the step's extents by default.</summary>
    public StepBounds? Bounds { get; set; }

    public bool AllOutputs { get; init; }

    /// <summary>True to wait until the device has rehearsed, which it does beside its caller.</summary>
    public bool AwaitsRehearsal { get; init; }
    /// <summary>Outputs of the slice behind those of the last operation.</summary>
    public IReadOnlyList<GraphValue> MoreOutputs { get; private init; } = [];

    // At least 2 of each: a value that can have one row only is a vector.
    private StepBounds SliceBounds => (Bounds ?? Step.Extents) is var b
        ? b with { Tokens = Math.Max(2, b.Tokens), OutputRows = Math.Max(2, b.OutputRows), Sequences = Math.Max(2, b.Sequences) } : default;

    public GraphValue Weight(TensorType type, TensorShape shape, BlockKind kind = BlockKind.Ordinary)
    {
        var value = new GraphValue($"w{_weights.Count}", type, shape, isWeight: true);
        _weights.Add(value, RandomBlocks.Make(new TensorSpec { Type = type, Shape = shape }, kind, random));
        return value;
    }

    public GraphValue Input(SymbolicShape shape, ActivationKind kind = ActivationKind.Ordinary)
    {
        var value = new GraphValue($"x{_inputs.Count}", TensorType.F32, shape);
        var elements = new float[shape.Resolve(Step.Extents).ElementCount];
        var width = (int)Math.Max(1, shape.D0.Constant);
        for (var i = 0; i < elements.Length; i += width) RandomActivations.Fill(kind, random, elements.AsSpan(i, width));
        _inputs.Add((value, elements));
        return value;
    }

    public GraphValue Given(SymbolicShape shape, TensorType type, params float[] elements)
    {
        var value = new GraphValue($"x{_inputs.Count}", type, shape);
        _inputs.Add((value, elements));
        return value;
    }

    /// <summary>A copy of the case that keeps one row of the step.</summary>
    public Case Row(int row, int tokens, ReferenceStep? step = null) => Rows([row], tokens, step ?? Rows(1, Step.Positions.Span[row]));

    /// <summary>A copy of the case that keeps some rows of the step.</summary>
    public Case Rows(int[] rows, int tokens, ReferenceStep step)
    {
        var some = new Case(random) { Step = step, Bounds = SliceBounds, Kv = Kv, Pages = Pages };
        foreach (var (value, bytes) in _weights) some._weights.Add(value, bytes);
        foreach (var (value, elements) in _inputs)
            some._inputs.Add((value, [.. rows.SelectMany(row => elements[(elements.Length / tokens * row)..(elements.Length / tokens * (row + 1))])]));
        some.Operations.AddRange(Operations);
        return some;
    }

    /// <summary>A copy of the case with a single operation, which reads inputs, weights and these values only.</summary>
    public Case Only(Operation operation, params (GraphValue Value, float[] Elements)[] given)
    {
        var one = new Case(random) { Step = Step, Bounds = Bounds };
        foreach (var (value, bytes) in _weights)
            if (operation.Reads.Contains(value)) one._weights.Add(value, bytes);
        one._inputs.AddRange(_inputs.Concat(given).Where(input => operation.Reads.Contains(input.Value)));
        one.Operations.Add(operation);
        return one;
    }

    /// <summary>A copy of the case in which every value is an output.</summary>
    public Case Visible()
    {
        var copy = new Case(random) { Step = Step, Bounds = Bounds, Kv = Kv, Pages = Pages, AllOutputs = true };
        foreach (var (value, bytes) in _weights) copy._weights.Add(value, bytes);
        copy._inputs.AddRange(_inputs);
        copy.Operations.AddRange(Operations);
        return copy;
    }

    /// <summary>A copy of the case in which these values are outputs, too.</summary>
    public Case With(params GraphValue[] outputs)
    {
        var copy = new Case(random) { Step = Step, Bounds = Bounds, Kv = Kv, Pages = Pages, MoreOutputs = outputs };
        foreach (var (value, bytes) in _weights) copy._weights.Add(value, bytes);
        copy._inputs.AddRange(_inputs);
        copy.Operations.AddRange(Operations);
        return copy;
    }

    /// <summary>A copy of the case with every input as eight bits hold it: per 32 elements whole numbers within ±127 times a unit.</summary>
    public Case InEightBits()
    {
        var copy = new Case(random) { Step = Step, Bounds = Bounds, Kv = Kv, Pages = Pages, AllOutputs = AllOutputs };
        foreach (var (value, bytes) in _weights) copy._weights.Add(value, bytes);
        foreach (var (value, elements) in _inputs)
        {
            var rounded = (float[])elements.Clone();
            if (value.Type == TensorType.F32)
                for (var i = 0; i < rounded.Length; i += 32)
                {
                    var block = rounded.AsSpan(i, 32);
                    var largest = 0f;
                    foreach (var x in block) largest = Math.Max(largest, Math.Abs(x));
                    foreach (ref var x in block) x = largest == 0 ? 0 : MathF.Round(x * (127 / largest)) * (largest * (1f / 127));
                }
            copy._inputs.Add((value, rounded));
        }
        copy.Operations.AddRange(Operations);
        return copy;
    }

    /// <summary>
    /// Compares the result of the case's only product with the sum in double precision over these inputs as they are, within a few roundings of single precision: unlike the reference's bounds,
    /// which leave room for rounded activations.
    /// </summary>
    public void CheckRoundings(ReadOnlySpan<float> actual)
    {
        var product = (MatMul)Operations[^1];
        var (weights, x) = (_weights[product.Weight], _inputs[0].Elements);
        int k = (int)product.Weight.Shape.D0.Constant, rows = (int)product.Weight.Shape.D1.Constant;
        float[] w = Dequantizer.Read(product.Weight.Type, weights), magnitudes = new float[w.Length];
        Dequantizer.ReadMagnitudes(product.Weight.Type, weights, magnitudes);
        for (var i = 0; i < actual.Length; i++)
        {
            var (token, row) = Math.DivRem(i, rows);
            double sum = product.Bias is null ? 0 : MemoryMarshal.Cast<byte, float>(_weights[product.Bias])[row], size = Math.Abs(sum);
            for (var j = 0; j < k; j++)
            {
                sum += (double)w[row * k + j] * x[token * k + j];
                size += Math.Abs((double)magnitudes[row * k + j] * x[token * k + j]);
            }
            if (!Tolerance.Accepts(sum, actual[i], size * (k / 32 + 8) * Tolerance.Unit + k * Tolerance.Floor)) Assert.Fail($"{product}: element {i} is {actual[i]:g9}, should be {sum:g9} up to roundings, of {size:g3}.");
        }
    }

    /// <summary>Runs the reference alone, for what it does to the cache.</summary>
    public void RunReference(ReferenceKvCache cache)
        => new ReferenceInterpreter(Slice(null),
            weight => ReferenceWeight.FromBytes(new TensorSpec { Type = weight.Type, Shape = weight.Shape.Resolve(SliceBounds) }, _weights[weight]))
            .Run(Step, cache, [.. _inputs.Select(input => input.Elements)]);

    public static ReferenceStep Rows(int rows, int firstPosition = 0) => new()
    {
        TokenIds = new int[rows],
        Positions = Enumerable.Range(firstPosition, rows).ToArray(),
        OutputRows = Enumerable.Range(0, rows).ToArray(),
        Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = rows } },
    };

    public GraphSlice Slice(IKvLayout? layout) => new()
    {
        Operations = Operations,
        Weights = [.. _weights.Keys],
        Inputs = [.. _inputs.Select(input => input.Value)],
        Outputs = AllOutputs ? [.. Operations.SelectMany(o => o.Writes)] : [.. Operations[^1].Writes, .. MoreOutputs],
        Bounds = SliceBounds,
        KvLayout = layout,
    };

    /// <summary>Runs on every backend given; all must give the same bits. Returns them.</summary>
    public float[][] RunAll(IReadOnlyList<BackendRun> runs, ReferenceKvCache? cache = null)
    {
        var first = Run(runs[0], cache);
        foreach (var run in runs.Skip(1))
        {
            var other = Run(run, cache);
            for (var i = 0; i < first.Length; i++) Same(first[i], other[i], run.Backend.Info.Version);
        }
        return first;
    }

    /// <summary>Runs on every backend, and compares with the reference within its bounds; with that of another case of the same operations if one is given.</summary>
    public float[][] Check(IReadOnlyList<BackendRun> runs, ReferenceKvCache? cache = null, Case? reference = null)
    {
        var actual = RunAll(runs, cache);
        var interpreter = new ReferenceInterpreter(Slice(null),
            weight => ReferenceWeight.FromBytes(new TensorSpec { Type = weight.Type, Shape = weight.Shape.Resolve(SliceBounds) }, _weights[weight]));
        var expected = interpreter.Run(Step, cache, [.. (reference ?? this)._inputs.Select(input => input.Elements)]);
        for (var i = 0; i < expected.Length; i++)
        {
            var bounds = interpreter.Bounds(Operations[^1].Writes[i]);
            var outside = Tolerance.FirstOutside(expected[i], actual[i], bounds);
            if (outside >= 0)
                Assert.Fail($"{Operations[^1]}: element {outside} is {actual[i][outside]:g9}, should be {expected[i][outside]:g9} ± {bounds[outside]:g3}.");
        }
        return actual;
    }

    public static void Same(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string who)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                Assert.Fail($"{who}: element {i} is {actual[i]:g9}, not {expected[i]:g9} to the last bit.");
    }

    /// <summary>Compiles and runs once, on poisoned memory. The cache is copied to pages of the device and, if the slice appends, back.</summary>
    public float[][] Run(BackendRun run, ReferenceKvCache? cache = null, int times = 1)
    {
        using var running = Start(run, cache);
        for (var i = 0; i < times; i++) running.Run();
        return running.Outputs();
    }

    /// <summary>Runs until everything is there, and then ten times without an allocation by anyone.</summary>
    public void AllocatesNothing(BackendRun run)
    {
        using var running = Start(run);
        for (var i = 0; i < 3; i++) running.Run();
        var byWorkers = run.Host.AllocatedByWorkers;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++) running.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(byWorkers, run.Host.AllocatedByWorkers);
    }

    public RunningCase Start(BackendRun run, ReferenceKvCache? cache = null)
    {
        var device = run.Device();
        var type = device.BufferTypes[0];
        var layout = Kv is null ? null : device.PrepareKvCache(Kv);
        foreach (var operation in Operations)
        {
            var support = device.Supports(new OperationQuery { Operation = operation, Bounds = SliceBounds, WeightBufferType = type, KvCache = Kv });
            Assert.True(support.IsSupported, support.Reason);
        }
        var slice = Slice(layout);
        var plan = device.Prepare(slice);
        if (AwaitsRehearsal) ((CpuDevice)device).EndAsync().GetAwaiter().GetResult();
        var owned = new List<TestBuffer>();
        TestBuffer Allocate(nuint bytes, HostAccess access = HostAccess.ReadWrite, byte[]? content = null)
        {
            var buffer = run.Allocate(type, bytes, BufferUsage.Any, access, content);
            owned.Add(buffer);
            return buffer;
        }
        var places = _weights.ToDictionary(w => w.Key, w =>
        {
            var spec = w.Key.Resolve(SliceBounds);
            return Allocate((nuint)w.Value.Length, HostAccess.Read, w.Value).At(0, spec);
        });
        TensorRef Bind(GraphValue value, ReadOnlySpan<float> elements)
        {
            var spec = value.Resolve(SliceBounds);
            var buffer = Allocate((nuint)spec.ByteLength);
            for (var i = 0; i < elements.Length; i++)
                if (value.Type == TensorType.I32) MemoryMarshal.Write(buffer.Memory.Bytes[(4 * i)..], (int)elements[i]);
                else MemoryMarshal.Write(buffer.Memory.Bytes[(4 * i)..], elements[i]);
            return buffer.At(0, spec);
        }
        KvPool? pool = null;
        if (layout is not null)
        {
            var pages = Allocate(layout.PageBytes * (nuint)Pages);
            pool = new KvPool(layout, [pages.Buffer], Pages, Pages);
            if (cache is not null) Transfer(cache, pool, toDevice: true);
        }
        return new RunningCase(device.Compile(plan, new WeightBindings(places)), Step, pool,
            [.. slice.Inputs.Select((input, i) => Bind(input, _inputs[i].Elements))], [.. slice.Outputs.Select(output => Bind(output, default))],
            [.. slice.Outputs.Select(output => output.Shape.Resolve(Step.Extents).ElementCount)],
            [.. plan.WorkspaceBlocks.Select(bytes => Allocate(bytes).Buffer)], owned);
    }

    /// <summary>Copies every cell of a cache.</summary>
    public static void Transfer(ReferenceKvCache cache, KvPool pool, bool toDevice)
    {
        foreach (var layer in cache.Spec.Layers)
            foreach (var part in Enum.GetValues<KvPart>())
                for (var page = 0; page < pool.PageCount; page++)
                {
                    var cells = cache.Cells(page, layer.Layer, part, 0, cache.Spec.PageTokens);
                    if (toDevice) pool.Layout.Write(pool.Locate(page), layer.Layer, part, 0, cells);
                    else pool.Layout.Read(pool.Locate(page), layer.Layer, part, 0, cells);
                }
    }
}
