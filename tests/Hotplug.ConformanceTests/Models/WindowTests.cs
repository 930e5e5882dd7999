using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Hotplug.ModelForge;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.KvCache;
using Hotplug.Runtime.Placement;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>Layers that keep their window only give the same numbers as layers that keep everything, whatever is done with the sequences.</summary>
[Collection("Models")]
public sealed class WindowTests(ConformanceHost host) : IClassFixture<ConformanceHost>, IDisposable
{
    private const int Context = 512, SmallStep = 16;

    private static readonly Dictionary<string, ModelRecipe> Recipes = new()
    {
        ["gemma3"] = new() { Architecture = "gemma3", TiedOutput = true, Blocks = 7, Context = 8192, Seed = 51 },
        ["gemma2"] = new() { Architecture = "gemma2", TiedOutput = true, Blocks = 4, Context = 8192, Seed = 52, Metadata = new Dictionary<string, object> { ["attention.sliding_window"] = 33 } },
        ["gpt-oss"] = new() { Architecture = "gpt-oss", Experts = 4, FeedForward = 64, HeadWidth = 32, Context = 8192, Seed = 53, Metadata = new Dictionary<string, object> { ["attention.sliding_window"] = 17 } },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("hotplug-windows-").FullName;

    public static TheoryData<string> Names => [.. Recipes.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task Sequences_that_grow_are_cut_and_forked_have_the_rows_of_a_cache_that_keeps_all(string name)
    {
        using var bounded = await LoadAsync(name, SmallStep, sequences: 3);
        using var whole = await LoadAsync(name, Context, sequences: 3);
        Assert.Contains(bounded.Executor.Plan.KvCaches, k => k.Window > 0);
        Assert.All(whole.Executor.Plan.KvCaches, k => Assert.Equal(0, k.Window));
        var random = new Random(7);
        var recomputed = 0;
        var texts = new List<int>[2] { [], [] };
        KvSequence[] small = [bounded.Executor.NewSequence(), bounded.Executor.NewSequence()], large = [whole.Executor.NewSequence(), whole.Executor.NewSequence()];
        for (var round = 0; round < 60; round++)
        {
            var i = random.Next(2);
            var text = texts[i];
            var what = random.Next(10);
            if (what == 0 && text.Count > 2)
            {
                // Back by a little, or far.
                var length = random.Next(2) == 0 ? text.Count - random.Next(1, Math.Min(8, text.Count)) : random.Next(1, text.Count);
                text.RemoveRange(length, text.Count - length);
                large[i].Truncate(length);
                small[i].Truncate(length);
                if (small[i].Length == 0) recomputed++;
            }
            else if (what == 1 && text.Count > 2)
            {
                var (length, other) = (random.Next(Math.Max(1, text.Count - 12), text.Count), 1 - i);
                texts[other] = text[..length];
                (var oldSmall, small[other]) = (small[other], small[i].Fork(length));
                (var oldLarge, large[other]) = (large[other], large[i].Fork(length));
                oldSmall.Dispose();
                oldLarge.Dispose();
            }
            var grow = Math.Min(random.Next(3) == 0 ? random.Next(1, 120) : random.Next(1, 4), Context - texts[i].Count);
            if (grow == 0) continue;
            for (var k = 0; k < grow; k++) texts[i].Add(random.Next(3, 320));
            Equal(Append(whole, large[i], texts[i]), Append(bounded, small[i], texts[i]), $"{name}, round {round}");
        }
        Assert.True(recomputed > 0, "nothing was taken back further than the window holds");
        foreach (var sequence in small.Concat(large)) sequence.Dispose();
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Cells_travel_between_caches_that_keep_all_and_caches_that_do_not(string name)
    {
        using var bounded = await LoadAsync(name, SmallStep, sequences: 4);
        using var whole = await LoadAsync(name, Context, sequences: 4);
        using var far = await LoadAsync(name, 2 * SmallStep, sequences: 4, backend: "far");
        var random = new Random(8);
        var text = Enumerable.Range(0, 150).Select(_ => random.Next(3, 320)).ToList();
        using var expected = whole.Executor.NewSequence();
        Append(whole, expected, text);
        using var first = bounded.Executor.NewSequence();
        Append(bounded, first, text);
        Assert.True(first.Shape.Bytes < expected.Shape.Bytes);
        var sequence = first;
        var owned = new List<IDisposable>();
        foreach (var (model, way) in (ReadOnlySpan<(LanguageModel, int)>)[(far, 0), (whole, 1), (bounded, 2), (whole, 0), (far, 2), (bounded, 1)])
        {
            var arrived = model.Executor.NewSequence();
            owned.Add(arrived);
            if (way == 0) KvTransfer.Copy(sequence, arrived);
            else if (way == 1) KvSnapshot.Take(sequence).Restore(arrived);
            else
            {
                using var stream = new MemoryStream();
                KvTransfer.Export(sequence, stream);
                Assert.Equal(sequence.Shape.Bytes, stream.Length);
                stream.Position = 0;
                KvTransfer.Import(stream, sequence.Shape, arrived);
            }
            sequence = arrived;
            for (var i = 0; i < 5; i++) text.Add(random.Next(3, 320));
            Near(Append(whole, expected, text), Append(model, sequence, text), model == far ? 1e-7 : 1e-9, $"{name}, way {way}");
            // Back by more than came along is made anew.
            if (way == 1) sequence.Truncate(Math.Max(0, sequence.Length - 100));
            Near(Append(whole, expected, [.. text, 5]), Append(model, sequence, [.. text, 5]), model == far ? 1e-7 : 1e-9, $"{name}, way {way}, taken back");
            expected.Truncate(text.Count);
            sequence.Truncate(text.Count);
            Append(model, sequence, text);
        }
        var lacking = first.Shape with { FirstCells = [.. first.Shape.Layers.Select(_ => 100)] };
        using var empty = whole.Executor.NewSequence();
        Assert.Throws<KvMismatchException>(() => KvTransfer.Import(new MemoryStream(new byte[lacking.Bytes]), lacking, empty));
        Assert.Equal(0, empty.Length);
        foreach (var item in owned) item.Dispose();
    }

    [Fact]
    public async Task A_text_that_is_moved_and_saved_and_taken_back_is_the_one_of_a_cache_that_keeps_all()
    {
        var options = new GenerationOptions { MaxTokens = 200, IgnoreEndOfGeneration = true, Sampler = new() { Temperature = 0.9f, Seed = 5 } };
        int[] prompt = [1, .. Enumerable.Range(10, 70)];
        using var whole = await LoadAsync("gemma3", Context);
        using var alone = new TextGenerator(whole, prompt, options);
        while (alone.Next(out _)) ;
        using var model = await LoadAsync("gemma3", SmallStep);
        var generator = new TextGenerator(model, prompt, options);
        for (var i = 0; i < 200; i++)
        {
            if (i is 60 or 140) await model.PlaceAsync(new() { Backend = "cpu", Rules = [.. i == 60 ? [PlacementRule.Parse("blk.2.*=far")] : Array.Empty<PlacementRule>()] }, new() { ProbationSteps = 0 }, TestContext.Current.CancellationToken);
            if (i == 100)
            {
                var file = Path.Combine(_folder, "text.hotplug");
                await generator.SaveAsync(file, cancellation: TestContext.Current.CancellationToken);
                generator.Dispose();
                generator = await TextGenerator.RestoreAsync(model, file, cancellation: TestContext.Current.CancellationToken);
            }
            var evaluated = generator.EvaluatedCount;
            Assert.True(generator.Next(out _));
            if (i > 0) Assert.Equal(1, generator.EvaluatedCount - (i == 100 ? 0 : evaluated));
        }
        Assert.Equal(alone.Tokens.ToArray(), generator.Tokens.ToArray());

        // Another text that begins alike, further back than the window holds.
        int[] next = [.. alone.Tokens[..100], 7, 8, 9];
        generator.Restart(next, options with { MaxTokens = 3 });
        alone.Restart(next, options with { MaxTokens = 3 });
        while (alone.Next(out _)) ;
        while (generator.Next(out _)) ;
        Assert.Equal(alone.Tokens.ToArray(), generator.Tokens.ToArray());
        Assert.True(generator.EvaluatedCount > alone.EvaluatedCount);
        generator.Dispose();
    }

    [Theory, MemberData(nameof(Names))]
    public async Task The_plan_of_a_longer_context_has_no_more_for_layers_with_windows(string name)
    {
        using var devices = await host.Host.OpenDevicesAsync(new() { Placement = new() { Backend = "cpu" } }, "plan");
        var source = ModelSource.Open(Model(name));
        var (one, two) = (Plan(1024), Plan(8192));
        Assert.Equal(one.KvCaches.Where(k => k.Window > 0).Sum(k => k.Bytes), two.KvCaches.Where(k => k.Window > 0).Sum(k => k.Bytes));
        Assert.True(one.KvCaches.Where(k => k.Window == 0).Sum(k => k.Bytes) * 7 < two.KvCaches.Where(k => k.Window == 0).Sum(k => k.Bytes));
        // What crosses between slices takes turns at a few places.
        Assert.True(two.TotalsOf(two.Slices[0].Device).ExchangeBytes < 5 * SmallStep * 64 * sizeof(float) + 2 * 320 * sizeof(float), $"{two.TotalsOf(two.Slices[0].Device).ExchangeBytes} bytes");

        LoadPlan Plan(int context) => source.Plan(devices.Devices, new() { Placement = new() { Backend = "cpu" }, Context = context, BatchTokens = SmallStep });
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Evaluates what a sequence lacks of a text, and gives the last row.</summary>
    private static float[] Append(LanguageModel model, KvSequence sequence, List<int> text)
    {
        var batch = new StepBatch();
        if (sequence.Length == text.Count) sequence.Truncate(text.Count - 1);
        while (sequence.Length < text.Count)
        {
            var count = Math.Min(model.Executor.Largest.Tokens, text.Count - sequence.Length);
            batch.Clear();
            batch.Add(sequence, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(text).Slice(sequence.Length, count), sequence.Length + count == text.Count ? 1 : 0);
            model.Executor.Run(batch);
        }
        return model.Executor.Output(0).ToArray();
    }

    private static void Equal(float[] expected, float[] actual, string what) => Assert.True(expected.AsSpan().SequenceEqual(actual), what);

    private static void Near(float[] expected, float[] actual, double limit, string what) => Logits.Near(limit, expected, actual, what);

    private string Model(string name)
    {
        var path = Path.Combine(_folder, $"{name}.gguf");
        if (!File.Exists(path)) Forge.Write(Recipes[name], path);
        return path;
    }

    private Task<LanguageModel> LoadAsync(string name, int step, int sequences = 1, string backend = "cpu") => host.Host.LoadAsync(ModelSource.Open(Model(name)), new()
    {
        Placement = new() { Backend = backend }, Context = Context, BatchTokens = step, Sequences = sequences, KvType = Abstractions.Tensors.TensorType.F32,
    });
}
