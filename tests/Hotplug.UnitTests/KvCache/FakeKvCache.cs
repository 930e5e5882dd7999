using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.KvCache;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Placement;
using Hotplug.UnitTests.Memory.Fakes;
using Hotplug.UnitTests.Plugins;

namespace Hotplug.UnitTests.KvCache;

/// <summary>A cache over devices that share out layers 0, 1, 2, … as they like, each with pages of its own size.</summary>
internal sealed class FakeKvCache : IDisposable
{
    private readonly AddressSpace _space = new();
    private readonly List<DeviceLane> _lanes = [];

    /// <summary>Makes the cache.</summary>
    /// <param name="devices">For each device its page size and its layers.</param>
    /// <param name="pages">Pages of each device.</param>
    /// <param name="type">Element type.</param>
    public FakeKvCache((int PageTokens, int[] Layers)[] devices, int pages = 256, TensorType type = TensorType.F16)
    {
        var made = new List<DevicePages>();
        foreach (var (tokens, layers) in devices)
        {
            var spec = new KvCacheSpec { PageTokens = tokens, Layers = [.. layers.Order().Select(l => Layer(l, type))] };
            var layout = new FakeKvLayout(spec, FakeBufferType.Cpu(), (byte)(17 * (made.Count + 1) + tokens));
            Layouts.Add(layout);
            var name = $"device{made.Count}";
            var plan = new KvPlan { Device = new PlacementDevice { Name = name, Backend = name, Device = new NullDevice(name) }, Layout = layout, Pages = pages, PagesPerBuffer = 5 };
            var allocator = new BufferAllocator(_space, MemoryPolicy.Default);
            _lanes.Add(new DeviceLane(name, TimeSpan.FromMinutes(1)));
            made.Add(new DevicePages(plan, [.. plan.Buffers.Select(b => allocator.Allocate(layout.BufferType, b, BufferUsage.KvCache))], _lanes[^1]));
        }
        Cache = new PagedKvCache(made);
    }

    public PagedKvCache Cache { get; }

    public List<FakeKvLayout> Layouts { get; } = [];

    /// <summary>A sequence whose every byte says where it is.</summary>
    public KvSequence Filled(int cells, int seed)
    {
        var sequence = Cache.NewSequence();
        sequence.Extend(cells);
        foreach (var layer in sequence.Shape.Layers)
            foreach (var part in Enum.GetValues<KvPart>()) sequence.Write(layer.Layer, part, 0, Expected(layer, part, cells, seed));
        return sequence;
    }

    public static byte[] Expected(KvLayerSpec layer, KvPart part, int cells, int seed)
    {
        var rows = new byte[cells * (part == KvPart.Keys ? layer.KeyRowBytes : layer.ValueRowBytes)];
        new Random(HashCode.Combine(seed, layer.Layer, part)).NextBytes(rows);
        return rows;
    }

    public static bool Holds(KvSequence sequence, int cells, int seed) => sequence.Length == cells && sequence.Shape.Layers.All(layer => Enum.GetValues<KvPart>().All(part =>
    {
        var expected = Expected(layer, part, cells, seed);
        var rows = new byte[expected.Length];
        sequence.Read(layer.Layer, part, 0, rows);
        return rows.AsSpan().SequenceEqual(expected);
    }));

    public void Dispose()
    {
        Cache.Dispose();
        foreach (var lane in _lanes) lane.Dispose();
    }

    // Layers differ in shape, so that one taken for another does not fit.
    private static KvLayerSpec Layer(int layer, TensorType type) => new() { Layer = layer, Heads = 1 + layer % 2, KeyWidth = 2 + layer, ValueWidth = 3, KeyType = type, ValueType = type };
}
