using Hotplug.Abstractions.Tensors;
using Hotplug.EndToEndTests.Programs;
using Hotplug.Inference.Models;
using Hotplug.Reference.Formats;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.KvCache;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Catalog;
using Xunit;

namespace Hotplug.EndToEndTests.Hosting;

/// <summary>Cells move between caches of different devices, page sizes and element types.</summary>
public sealed class KvTransferTests
{
    // Longer than a page of either device, and no whole number of pages.
    private static readonly int[] Tokens = [1, .. Enumerable.Range(0, 70).Select(i => 262 + i * 37 % 3000)];

    [Theory]
    [InlineData("cpu", "far", "")]
    [InlineData("far", "cpu", "")]
    [InlineData("cpu", "cpu", "blk.1.*=far")]
    [InlineData("far", "far", "blk.0.*=cpu")]
    public async Task Every_bit_arrives_and_the_model_goes_on_as_if_nothing_had_happened(string from, string to, string rule)
    {
        await using var rig = new Rig();
        using var source = await rig.LoadAsync(from, "", TensorType.F32);
        using var destination = await rig.LoadAsync(to, rule, TensorType.F32);
        using var written = source.Executor.NewSequence();
        Run(source.Executor, written, Tokens.AsSpan(..^1));

        using var copied = destination.Executor.NewSequence();
        KvTransfer.Copy(written, copied, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Bytes(written), Bytes(copied));
        using var read = destination.Executor.NewSequence();
        KvTransfer.Import(new MemoryStream(Bytes(written)), written.Shape, read, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Bytes(written), Bytes(read));

        // One token on the moved cells, against all of them evaluated there.
        using var whole = destination.Executor.NewSequence();
        var expected = Run(destination.Executor, whole, Tokens);
        var actual = Run(destination.Executor, copied, Tokens.AsSpan(^1..));
        Assert.Equal(Tokens.Length, copied.Length);
        for (var i = 0; i < expected.Length; i++) Assert.InRange(actual[i], expected[i] - 1e-2f, expected[i] + 1e-2f);
    }

    [Fact]
    public async Task Types_change_only_when_asked_and_round_as_the_cache_itself_does()
    {
        await using var rig = new Rig();
        using var source = await rig.LoadAsync("cpu", "", TensorType.F32);
        using var destination = await rig.LoadAsync("far", "", TensorType.F16);
        using var written = source.Executor.NewSequence();
        Run(source.Executor, written, Tokens);
        using var copied = destination.Executor.NewSequence();
        var refusal = Assert.Throws<KvMismatchException>(() => KvTransfer.Copy(written, copied));
        Assert.Contains("F32", refusal.Message);
        Assert.Equal(0, copied.Length);

        KvTransfer.Copy(written, copied, KvConversion.Floats, TestContext.Current.CancellationToken);
        var wide = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Bytes(written)).ToArray();
        var narrow = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, Half>(Bytes(copied)).ToArray();
        Assert.Equal(wide.Select(v => (Half)v), narrow);
    }

    [Theory, InlineData(TensorType.Q8_0), InlineData(TensorType.Q4_0)]
    public async Task Blocks_arrive_whole_and_become_floats_only_when_asked(TensorType type)
    {
        await using var rig = new Rig();
        using var source = await rig.LoadAsync("cpu", "", type);
        using var written = source.Executor.NewSequence();
        Run(source.Executor, written, Tokens);
        using var copied = source.Executor.NewSequence();
        KvTransfer.Copy(written, copied, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Bytes(written), Bytes(copied));

        using var floats = await rig.LoadAsync("far", "", TensorType.F32);
        using var wide = floats.Executor.NewSequence();
        Assert.Contains(type.ToString(), Assert.Throws<KvMismatchException>(() => KvTransfer.Copy(written, wide)).Message);
        KvTransfer.Copy(written, wide, KvConversion.Floats, TestContext.Current.CancellationToken);
        var elements = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Bytes(wide)).ToArray();
        Assert.Equal(Dequantizer.Read(type, Bytes(written)), elements);
        // What was made of blocks makes the same blocks again.
        using var again = source.Executor.NewSequence();
        KvTransfer.Copy(wide, again, KvConversion.Floats, TestContext.Current.CancellationToken);
        Assert.Equal(Bytes(written), Bytes(again));
    }

    [Fact]
    public async Task Attention_of_a_cache_that_a_device_has_not_stays_on_the_processor()
    {
        await using var rig = new Rig();
        using var model = await rig.LoadAsync("far", "", TensorType.Q8_0);
        var plan = model.Executor.Plan;
        Assert.Contains(plan.Devices, device => device.Name.Contains("far"));
        Assert.NotEmpty(plan.KvCaches);
        Assert.All(plan.KvCaches, cache => Assert.Equal("cpu", cache.Device.Name));
    }

    [Fact]
    public async Task What_does_not_arrive_whole_leaves_the_sequence_empty_and_its_pages_free()
    {
        await using var rig = new Rig();
        using var model = await rig.LoadAsync("cpu", "", TensorType.F16);
        using var written = model.Executor.NewSequence();
        Run(model.Executor, written, Tokens);
        var (bytes, shape) = (Bytes(written), written.Shape);
        written.Truncate(0);

        // Far more often than there are pages for, if they stayed.
        for (var i = 0; i < 20; i++)
        {
            using var arriving = model.Executor.NewSequence();
            Assert.Throws<EndOfStreamException>(() => KvTransfer.Import(new MemoryStream(bytes, 0, bytes.Length - 1 - i), shape, arriving));
            Assert.Equal((0, 0), (arriving.Length, arriving.FirstPosition));
            Assert.Throws<KvCacheFullException>(() => KvTransfer.Import(new MemoryStream(bytes), shape with { Length = int.MaxValue }, arriving));
            using var stop = new CancellationTokenSource();
            stop.Cancel();
            Assert.Throws<OperationCanceledException>(() => KvTransfer.Import(new MemoryStream(bytes), shape, arriving, cancellation: stop.Token));
            Assert.Throws<KvMismatchException>(() => KvTransfer.Import(new MemoryStream(bytes), shape with { Layers = [.. shape.Layers.Skip(1)] }, arriving));
            Assert.Throws<KvMismatchException>(() => KvTransfer.Import(new MemoryStream(bytes), shape with { Layers = [.. shape.Layers.Select(l => l with { Heads = l.Heads + 1 })] }, arriving));
            Assert.Throws<KvMismatchException>(() => KvTransfer.Import(new MemoryStream(bytes), shape with { Length = -1 }, arriving));
        }
        using var last = model.Executor.NewSequence();
        KvTransfer.Import(new MemoryStream(bytes), shape with { FirstPosition = 5 }, last, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((Tokens.Length, 5), (last.Length, last.FirstPosition));
    }

    private static byte[] Bytes(KvSequence sequence)
    {
        var stream = new MemoryStream();
        KvTransfer.Export(sequence, stream);
        Assert.Equal(sequence.Shape.Bytes, stream.Length);
        return stream.ToArray();
    }

    private static float[] Run(ModelExecutor executor, KvSequence sequence, ReadOnlySpan<int> tokens)
    {
        var batch = new StepBatch();
        batch.Add(sequence, tokens, 1);
        executor.Run(batch);
        return executor.Output(0).ToArray();
    }

    private sealed class Rig : IAsyncDisposable
    {
        private readonly BackendCatalog _catalog = new(new() { PluginDirectories = [Path.Combine(Repository.Matrix, "plugins")] });
        private readonly ModelHost _host;

        public Rig() => _host = new(_catalog);

        public Task<LanguageModel> LoadAsync(string backend, string rule, TensorType type) => _host.LoadAsync(ModelSource.Open(Repository.StoryModel), new()
        {
            Placement = new() { Backend = backend, Rules = rule.Length == 0 ? [] : [PlacementRule.Parse(rule)] },
            KvType = type,
            Context = 96,
            Sequences = 3,
        }, cancellation: TestContext.Current.CancellationToken);

        public async ValueTask DisposeAsync()
        {
            _host.Dispose();
            await _catalog.DisposeAsync();
        }
    }
}
