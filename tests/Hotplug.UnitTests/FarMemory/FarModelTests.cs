using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Architectures;
using Hotplug.Inference.Gguf;
using Hotplug.Reference.Execution;
using Hotplug.UnitTests.Reference;
using Xunit;

namespace Hotplug.UnitTests.FarMemory;

public sealed class FarModelTests
{
    [Fact]
    public void The_embedded_model_gives_the_bits_of_the_reference_token_by_token()
    {
        const int Context = 32;
        var path = Directory.GetFiles(Path.Combine(SharedMaterial.Root, "models"), "*.gguf").Single();
        var model = ArchitectureCatalog.Default.Describe(GgufFile.Open(path));
        var file = File.ReadAllBytes(path);
        using var bench = new FarBench(("max-allocation", "1.25 MiB"));
        var spec = new KvCacheSpec
        {
            PageTokens = bench.Device.Info.KvPageTokens,
            Layers = [.. model.Graph.KvLayers.Select(layer => new KvLayerSpec
            {
                Layer = layer.Layer, Heads = layer.Heads, KeyWidth = layer.KeyWidth, ValueWidth = layer.ValueWidth, KeyType = TensorType.F16, ValueType = TensorType.F16,
            })],
        };
        var pages = Context / spec.PageTokens;
        var pool = bench.Pool(spec, pages);
        var cache = new ReferenceKvCache(spec, pages);
        var slice = new GraphSlice
        {
            Operations = [.. model.Graph.Nodes.Select(node => node.Operation)],
            Weights = model.Graph.Weights,
            Inputs = [],
            Outputs = [model.Graph.Output],
            Bounds = new() { Tokens = 8, OutputRows = 8, Sequences = 1, Context = Context },
            KvLayout = pool.Layout,
        };
        var compiled = bench.Compile(slice, weight => bench.Place(bench.Private, weight.Resolve(default), Bytes(weight)));
        var oracle = new ReferenceInterpreter(slice, weight => ReferenceWeight.FromBytes(weight.Resolve(default), Bytes(weight))) { RoundToSingle = true };

        int[] next = [1, 100, 200, 300, 400];
        for (var (start, taken) = (0, 0); taken < 12; taken++)
        {
            var step = new ReferenceStep
            {
                TokenIds = next,
                Positions = Enumerable.Range(start, next.Length).ToArray(),
                OutputRows = new[] { next.Length - 1 },
                Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = next.Length, CachedLength = start, PageCount = pages } },
                Pages = Enumerable.Range(0, pages).Reverse().ToArray(),
            };
            var expected = oracle.Run(step, cache)[0];
            Assert.True(compiled.Start(step, pool).Wait(Timeout.InfiniteTimeSpan));
            var actual = compiled.Result(0, step);
            Assert.Equal(expected, actual.Select(y => (double)y));
            start += next.Length;
            next = [Array.IndexOf(actual, actual.Max())];
        }

        ReadOnlySpan<byte> Bytes(GraphValue weight) => file.AsSpan((int)model.Weights[weight].Offset, (int)weight.Resolve(default).ByteLength);
    }
}
