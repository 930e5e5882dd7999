using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Execution;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>The paged cache: its neutral form, and pages that are shared, copied, moved, rolled back and shifted.</summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class KvCacheSuite<TFixture> : BackendSuite<TFixture> where TFixture : BackendFixture, new()
{
    /// <summary>Cells written in the neutral form in pieces cut anywhere come back bit for bit, in every pair of types; other cells, parts, layers and pages keep theirs (llama.cpp #22458).</summary>
    [Fact]
    public void Neutral_form_round_trips_at_every_cell()
    {
        var random = NewRandom();
        foreach (var keyType in Device.Info.KvTypes)
            foreach (var valueType in Device.Info.KvTypes)
                Scenario.Run($"Cache of {keyType}/{valueType}", () =>
                {
                    var width = 32 * random.Next(1, 3);
                    var spec = Spec(keyType, valueType, random.Next(1, 4), width, random.Next(2) == 0 ? width : 32);
                    var cache = new DeviceKvCache(Run, Device, spec, 4);
                    var mirror = new Dictionary<(int, int, KvPart), byte[]>();
                    foreach (var (page, layer, part) in Places(spec, 4))
                    {
                        mirror[(page, layer, part)] = RandomRows.Bytes(random, spec.PageTokens * Row(spec, layer, part));
                        cache.Layout.Write(cache.Pool.Locate(page), layer, part, 0, mirror[(page, layer, part)]);
                    }
                    for (var round = 0; round < 40; round++)
                    {
                        var (page, layer, part) = Places(spec, 4).ElementAt(random.Next(4 * 2 * spec.Layers.Count));
                        var row = Row(spec, layer, part);
                        var first = random.Next(spec.PageTokens + 1);
                        var bytes = RandomRows.Bytes(random, random.Next(spec.PageTokens - first + 1) * row);
                        cache.Layout.Write(cache.Pool.Locate(page), layer, part, first, bytes);
                        bytes.CopyTo(mirror[(page, layer, part)].AsSpan(first * row));
                    }
                    foreach (var (page, layer, part) in Places(spec, 4))
                    {
                        var row = Row(spec, layer, part);
                        Expect.SameBytes($"{part} of layer {layer}, page {page}", mirror[(page, layer, part)], cache.Read(page, layer, part, 0, spec.PageTokens));
                        for (var cut = 0; cut <= spec.PageTokens; cut++)
                            Expect.SameBytes($"{part} of layer {layer}, page {page}, from cell {cut} on", mirror[(page, layer, part)].AsSpan(cut * row), cache.Read(page, layer, part, cut, spec.PageTokens - cut));
                    }
                });
    }

    /// <summary>Cells outside of a page are refused as an argument error, and so are parts of cells; nothing is touched.</summary>
    [Fact]
    public void Cells_outside_of_a_page_are_refused()
    {
        RequireCache();
        var spec = Spec(TensorType.F32, TensorType.F32, 2, 16, 16);
        var cache = new DeviceKvCache(Run, Device, spec, 2);
        var row = Row(spec, spec.Layers[0].Layer, KvPart.Keys);
        var before = RandomRows.Bytes(NewRandom(), row * spec.PageTokens);
        var page = cache.Pool.Locate(1);
        cache.Layout.Write(page, spec.Layers[0].Layer, KvPart.Keys, 0, before);
        foreach (var (what, first, bytes) in (ReadOnlySpan<(string, int, int)>)
            [("a cell before the first", -1, row), ("a cell behind the last", spec.PageTokens, row), ("more cells than there are", 1, row * spec.PageTokens), ("a part of a cell", 0, row - 1)])
        {
            Expect.Throws<ArgumentException>($"Writing {what}", () => cache.Layout.Write(page, spec.Layers[0].Layer, KvPart.Keys, first, new byte[bytes]));
            Expect.Throws<ArgumentException>($"Reading {what}", () => cache.Layout.Read(page, spec.Layers[0].Layer, KvPart.Keys, first, new byte[bytes]));
        }
        Expect.SameBytes("The page after refused calls", before, cache.Read(1, spec.Layers[0].Layer, KvPart.Keys, 0, spec.PageTokens));
    }

    /// <summary>A copied page has everything that its source has, in whichever buffers the two lie, and other pages keep theirs.</summary>
    [Fact]
    public void Copied_page_equals_its_source()
    {
        var random = NewRandom();
        foreach (var type in Device.Info.KvTypes)
            Scenario.Run($"Cache of {type}", () =>
            {
                var spec = Spec(type, type, 2, 32, 32);
                var cache = new DeviceKvCache(Run, Device, spec, 7);
                var mirror = new ReferenceKvCache(spec, 7);
                foreach (var (page, layer, part) in Places(spec, 7)) random.NextBytes(mirror.Cells(page, layer, part, 0, spec.PageTokens));
                cache.Load(mirror);
                foreach (var (from, to) in (ReadOnlySpan<(int, int)>)[(0, 1), (1, 6), (6, 2), (4, 3), (5, 0)])
                {
                    cache.Layout.Copy(cache.Pool.Locate(from), cache.Pool.Locate(to));
                    foreach (var (_, layer, part) in Places(spec, 1))
                        mirror.Cells(from, layer, part, 0, spec.PageTokens).CopyTo(mirror.Cells(to, layer, part, 0, spec.PageTokens));
                    cache.ExpectSame(mirror, $"After copying page {from} to page {to}");
                }
            });
    }

    /// <summary>Tokens one by one give what they give together, and pages in another order give the same.</summary>
    [Fact]
    public void Growing_and_page_order_change_nothing()
    {
        var random = NewRandom();
        foreach (var type in CacheTypes())
            Scenario.Run($"Cache of {type}", () =>
            {
                var tokens = Device.Info.KvPageTokens + 3;
                var data = new CacheData(random, tokens, Graph(tokens));
                var pages = 1 + tokens / Device.Info.KvPageTokens + 1;
                var together = Attend(type, data, Enumerable.Range(0, pages).ToArray(), [(0, tokens)]);
                var single = Attend(type, data, Enumerable.Range(0, pages).Reverse().ToArray(), [.. Enumerable.Range(0, tokens).Select(token => (token, 1))]);
                var uneven = Attend(type, data, Enumerable.Range(0, pages).OrderBy(_ => random.Next()).ToArray(), [(0, 2), (2, tokens - 3), (tokens - 1, 1)]);
                ExpectSame("Token by token, pages reversed", together, single);
                ExpectSame("In uneven steps, pages shuffled", together, uneven);
            });
    }

    /// <summary>Cells behind the length of a sequence do not count: what was appended and rolled back leaves no trace.</summary>
    [Fact]
    public void Rolled_back_cells_leave_no_trace()
    {
        var random = NewRandom();
        foreach (var type in CacheTypes())
            Scenario.Run($"Cache of {type}", () =>
            {
                var tokens = Device.Info.KvPageTokens + 2;
                var graph = Graph(tokens);
                var (data, other) = (new CacheData(random, tokens, graph), new CacheData(random, tokens, graph));
                int[] pages = [2, 0, 1];
                var straight = Attend(type, data, pages, [(0, 2), (2, tokens - 2)]);
                using var session = new CacheSession(Run, Device, CacheSpecOf(type), graph, 3);
                session.Step(data, pages, 0, 2);
                session.Step(other, pages, 2, tokens - 2);
                var again = session.Step(data, pages, 2, tokens - 2);
                ExpectSame("After rolling back", straight[^1..], [again]);
            });
    }

    /// <summary>Two sequences that share the pages of a prefix give what they give with pages of their own.</summary>
    [Fact]
    public void Shared_pages_serve_several_sequences()
    {
        var random = NewRandom();
        foreach (var type in CacheTypes())
            Scenario.Run($"Cache of {type}", () =>
            {
                var pageTokens = Device.Info.KvPageTokens;
                var graph = Graph(pageTokens + 2);
                var (first, second) = (new CacheData(random, pageTokens + 1, graph), new CacheData(random, pageTokens + 1, graph));
                var prefix = Enumerable.Range(0, pageTokens);
                second.TakeRows(first, pageTokens);
                var own = Attend(type, first, [0, 1], [(0, pageTokens), (pageTokens, 1)])[^1];
                var other = Attend(type, second, [0, 1], [(0, pageTokens), (pageTokens, 1)])[^1];
                using var session = new CacheSession(Run, Device, CacheSpecOf(type), graph, 4);
                session.Step(first, [3, 1], 0, pageTokens);
                var both = session.Step([(first, [3, 1]), (second, [3, 0])], pageTokens, 1);
                ExpectSame("Both at once on the shared page", [[.. own, .. other]], [both]);
                ExpectSame("The first alone, afterwards", [own], [session.Step(first, [3, 1], pageTokens, 1)]);
            });
    }

    /// <summary>A cache read in the neutral form and written to other pages of another pool continues as if nothing had happened: the move of a session.</summary>
    [Fact]
    public void Moved_cache_continues()
    {
        var random = NewRandom();
        foreach (var type in CacheTypes())
            Scenario.Run($"Cache of {type}", () =>
            {
                var tokens = 2 * Device.Info.KvPageTokens;
                var graph = Graph(tokens);
                var data = new CacheData(random, tokens, graph);
                var straight = Attend(type, data, [0, 1, 2], [(0, tokens - 2), (tokens - 2, 2)])[^1];
                using var old = new CacheSession(Run, Device, CacheSpecOf(type), graph, 3);
                old.Step(data, [0, 1, 2], 0, tokens - 2);
                using var next = new CacheSession(Run, Device, CacheSpecOf(type), graph, 5);
                int[] pages = [4, 1, 3];
                for (var cell = 0; cell < tokens - 2; cell++)
                    foreach (var (_, layer, part) in Places(next.Cache.Layout.Spec, 1))
                    {
                        var (page, at) = (cell / Device.Info.KvPageTokens, cell % Device.Info.KvPageTokens);
                        next.Cache.Layout.Write(next.Cache.Pool.Locate(pages[page]), layer, part, at, old.Cache.Read(page, layer, part, at, 1));
                    }
                ExpectSame("After the move", [straight], [next.Step(data, pages, tokens - 2, 2)]);
            });
    }

    /// <summary>Keys shifted forth and back are what they were, up to the rounding of the type; values do not change at all.</summary>
    [Fact]
    public void Shift_forth_and_back_returns()
    {
        RequireCache();
        var random = NewRandom();
        var graph = OperationCases.Make(nameof(KvShift), random, Device.Info);
        if (CaseCheck.Refusal(Device, graph, null) is { } reason) Assert.Skip(reason);
        for (var round = 0; round < 12; round++)
        {
            graph = OperationCases.Make(nameof(KvShift), random, Device.Info);
            Scenario.Run($"{graph}, case {round}", () =>
            {
                using var runner = new DeviceRunner(Run, Device, graph);
                var before = graph.NewCache()!;
                runner.Run(graph.Steps[0]);
                runner.Run(graph.Steps[0] with { Sequences = [.. graph.Steps[0].Sequences.Select(s => s with { PositionShift = -s.PositionShift })] });
                foreach (var (page, layer, part) in Places(graph.Cache!, graph.PageCount))
                {
                    var (old, now) = (before.Cells(page, layer, part, 0, before.Spec.PageTokens).ToArray(), runner.Cache!.Read(page, layer, part, 0, before.Spec.PageTokens));
                    var type = part == KvPart.Keys ? before.Spec.Layer(layer).KeyType : before.Spec.Layer(layer).ValueType;
                    if (part == KvPart.Values) Expect.SameBytes($"Values of layer {layer}, page {page}", old, now);
                    else
                    {
                        var count = old.Length / type.BlockBytes() * type.BlockLength();
                        var (wishes, founds) = (new double[count], new double[count]);
                        ReferenceKvCache.Elements(type, old, wishes);
                        ReferenceKvCache.Elements(type, now, founds);
                        // Elements are within 1: a rotated one within 1.42, and Q4_0 rounds twice to a seventh of that.
                        var bound = type switch { TensorType.F32 => 1e-4, TensorType.F16 => 4e-3, TensorType.BF16 or TensorType.Q8_0 => 3e-2, _ => 0.6 };
                        for (var i = 0; i < count; i++)
                            Assert.True(double.IsNaN(wishes[i]) ? double.IsNaN(founds[i]) : Math.Abs(wishes[i] - founds[i]) <= bound,
                                $"Key element {i} of layer {layer}, page {page} was {wishes[i]:g6} and is {founds[i]:g6}.");
                    }
                }
            });
        }
    }

    private KvCacheSpec Spec(TensorType keyType, TensorType valueType, int heads, int keyWidth, int valueWidth) => new()
    {
        PageTokens = Device.Info.KvPageTokens,
        Layers = [.. new[] { 1, 2, 6 }.Select(layer => new KvLayerSpec { Layer = layer, Heads = heads, KeyWidth = keyWidth, ValueWidth = valueWidth, KeyType = keyType, ValueType = valueType })],
    };

    private KvCacheSpec CacheSpecOf(TensorType type) => Spec(type, type, CacheData.Heads, CacheData.Width, CacheData.Width);

    private static GraphCase Graph(int tokens) => CacheData.Graph(2 * tokens, layer: 2);

    private IEnumerable<TensorType> CacheTypes()
    {
        RequireCache();
        foreach (var type in Device.Info.KvTypes)
        {
            var graph = Graph(4);
            var spec = CacheSpecOf(type);
            var refused = graph.Operations.Select(operation => Device.Supports(new OperationQuery { Operation = operation, Bounds = graph.Bounds, KvCache = spec })).FirstOrDefault(support => !support.IsSupported);
            if (refused == default) yield return type;
        }
    }

    private void RequireCache()
    {
        if (Device.Info.KvTypes.Count == 0) Assert.Skip("The device keeps no KV cache.");
    }

    private float[][] Attend(TensorType type, CacheData data, int[] pages, (int First, int Count)[] steps)
    {
        using var session = new CacheSession(Run, Device, CacheSpecOf(type), data.Case, pages.Max() + 1);
        return [.. steps.Select(step => session.Step(data, pages, step.First, step.Count))];
    }

    private static void ExpectSame(string what, float[][] expected, float[][] actual)
        => Closeness.Expect(what, [.. expected.SelectMany(row => row)], (ReadOnlySpan<float>)[.. actual.SelectMany(row => row)], 1e-5);

    private static int Row(KvCacheSpec spec, int layer, KvPart part) => (int)(part == KvPart.Keys ? spec.Layer(layer).KeyRowBytes : spec.Layer(layer).ValueRowBytes);

    private static IEnumerable<(int Page, int Layer, KvPart Part)> Places(KvCacheSpec spec, int pages)
        => from page in Enumerable.Range(0, pages) from layer in spec.Layers from part in Enum.GetValues<KvPart>() select (page, layer.Layer, part);
}
