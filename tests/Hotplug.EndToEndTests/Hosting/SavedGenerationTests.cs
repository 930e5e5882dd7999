using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Hotplug.Abstractions.Tensors;
using Hotplug.EndToEndTests.Programs;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Saving;
using Hotplug.Inference.Models;
using Hotplug.Inference.Sampling;
using Hotplug.Runtime.Plugins.Catalog;
using Xunit;

namespace Hotplug.EndToEndTests.Hosting;

/// <summary>A generation goes to disk and comes back, whole or not at all.</summary>
public sealed class SavedGenerationTests(SavedGenerationTests.Rig rig) : IClassFixture<SavedGenerationTests.Rig>
{
    private const int PrefixBytes = 24, HashBytes = 32;

    [Fact]
    public async Task Saved_and_restored_before_every_token_it_writes_what_it_writes_without()
    {
        // As hot as this the model writes single bytes that begin characters and end none, and letters that begin stop strings; the window of 48 slides several times.
        var options = new GenerationOptions
        {
            MaxTokens = 160, Overflow = ContextOverflow.Slide, IgnoreEndOfGeneration = true, StopStrings = ["ee!?", "s#", "the end of all"],
            Sampler = new() { Temperature = 40, TopK = 0, TopP = 1, MinP = 0, RepetitionPenalty = 1.1f, Seed = 11 },
        };
        var prompt = rig.Model.Tokenizer.Encode("Once upon a time", true);
        using var straight = new TextGenerator(rig.Model, prompt, options);
        var expected = "";
        while (straight.Next(out var piece)) expected += piece.ToString();

        var path = rig.Path("chain");
        var (text, held, unfinished, slides, window) = ("", 0, 0, 0, 1);
        var generator = new TextGenerator(rig.Model, prompt, options);
        for (var step = 0; ; step++)
        {
            await generator.SaveAsync(path, cancellation: TestContext.Current.CancellationToken);
            generator.Dispose();
            generator = await TextGenerator.RestoreAsync(rig.Model, path, cancellation: TestContext.Current.CancellationToken);
            if (!generator.Next(out var piece)) break;
            text += piece.ToString();
            var state = generator.Save();
            if (state.HeldText.Length > 0) held++;
            if (state.UnfinishedCharacter.Count > 0) unfinished++;
            if (state.WindowStart != window) slides++;
            // Only a new window, and the prompt at the beginning, are evaluated.
            else if (step > 0) Assert.Equal(1, generator.EvaluatedCount);
            window = state.WindowStart;
        }
        Assert.Equal(straight.Finish, generator.Finish);
        Assert.Equal(straight.Tokens.ToArray(), generator.Tokens.ToArray());
        Assert.Equal(expected, text);
        Assert.True(held > 0 && unfinished > 0 && slides > 1, $"The text did not do what it was chosen for: {held} times held, {unfinished} times unfinished, {slides} windows.");
        generator.Dispose();
        Assert.Equal([path], Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(path)!));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task One_that_had_ended_has_ended_and_other_stop_strings_find_what_was_held()
    {
        var path = rig.Path("ended");
        var greedy = new GenerationOptions { Sampler = new() { Temperature = 0 }, StopStrings = ["king and"] };
        using (var generator = rig.Begin(greedy))
        {
            while (!generator.Save().HeldText.StartsWith("king", StringComparison.Ordinal)) Assert.True(generator.Next(out _));
            await generator.SaveAsync(path, cancellation: TestContext.Current.CancellationToken);
        }
        // What was held is text now.
        using (var generator = await rig.RestoreAsync(path, new() { Generation = greedy with { StopStrings = [] } }))
        {
            Assert.True(generator.Next(out var piece));
            Assert.StartsWith("king", piece.ToString());
        }
        // And here it ends one.
        using (var generator = await rig.RestoreAsync(path, new() { Generation = greedy with { StopStrings = ["king"] } }))
        {
            Assert.False(generator.Next(out var piece));
            Assert.Equal(FinishReason.StopString, generator.Finish);
            await generator.SaveAsync(path, cancellation: TestContext.Current.CancellationToken);
        }
        using (var generator = await rig.RestoreAsync(path))
        {
            Assert.Equal(FinishReason.StopString, generator.Finish);
            Assert.False(generator.Next(out _));
        }
    }

    [Fact]
    public async Task Another_cache_type_is_refused_converted_or_left_alone_as_asked()
    {
        var path = await rig.SavedAsync("types");
        using var model = await rig.LoadAsync(Repository.StoryModel, TensorType.F32, 48);
        var refused = await Assert.ThrowsAsync<GenerationFileException>(() => TextGenerator.RestoreAsync(model, path));
        Assert.Contains("F16", refused.Message);
        using var converted = await TextGenerator.RestoreAsync(model, path, new() { Cache = CacheRestore.Convert }, TestContext.Current.CancellationToken);
        using var recomputed = await TextGenerator.RestoreAsync(model, path, new() { Cache = CacheRestore.Recompute }, TestContext.Current.CancellationToken);
        Assert.True(converted.Next(out _) && recomputed.Next(out _));
        Assert.Equal((1, recomputed.Tokens.Length - 1), (converted.EvaluatedCount, recomputed.EvaluatedCount));
        Assert.Equal(recomputed.Tokens.ToArray(), converted.Tokens.ToArray());
    }

    [Fact]
    public async Task What_does_not_fit_the_model_is_refused_with_the_field_and_the_cure()
    {
        var path = await rig.SavedAsync("foreign");
        // The same header with other weights: a fine-tuned sister.
        var sister = rig.Path("sister.gguf");
        File.Copy(Repository.StoryModel, sister);
        using (var file = File.OpenHandle(sister, FileMode.Open, FileAccess.ReadWrite)) RandomAccess.Write(file, [1, 2, 3, 4], ModelSource.Open(sister).File.Tensors[0].FileOffset + 8);
        using (var other = await rig.LoadAsync(sister, TensorType.F16, 48))
        {
            Assert.Equal("model.identity", (await Assert.ThrowsAsync<GenerationFileException>(() => TextGenerator.RestoreAsync(other, path))).Field);
        }
        using (var small = await rig.LoadAsync(Repository.StoryModel, TensorType.F16, 8))
        {
            var refused = await Assert.ThrowsAsync<GenerationFileException>(() => TextGenerator.RestoreAsync(small, path));
            Assert.Equal("context", refused.Field);
            Assert.Contains("--context 48", refused.Message);
        }
        Assert.Equal("signature", Assert.Throws<GenerationFileException>(() => GenerationFile.Open(Repository.StoryModel)).Field);
        Assert.Throws<FileNotFoundException>(() => GenerationFile.Open(rig.Path("nothing")));
        // And a name by mistake destroys nothing.
        var before = File.ReadAllBytes(sister);
        using var generator = rig.Begin(new());
        await Assert.ThrowsAsync<IOException>(() => generator.SaveAsync(sister));
        await Assert.ThrowsAsync<IOException>(() => generator.SaveAsync(System.IO.Path.GetDirectoryName(sister)!));
        Assert.Equal(before, File.ReadAllBytes(sister));
    }

    [Fact]
    public async Task Cut_anywhere_or_changed_anywhere_it_is_refused()
    {
        var path = await rig.SavedAsync("damaged");
        var good = File.ReadAllBytes(path);
        var bad = rig.Path("bad");
        using (var file = File.OpenHandle(bad, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            RandomAccess.Write(file, good, 0);
            for (var length = good.Length - 1; length >= 0; length -= length > good.Length - 4096 || length < 8192 ? 1 : 101)
            {
                RandomAccess.SetLength(file, length);
                Assert.Throws<GenerationFileException>(() => GenerationFile.Open(bad));
            }
            RandomAccess.Write(file, good, 0);
            RandomAccess.Write(file, [0], good.Length);
            Assert.Equal("length", Assert.Throws<GenerationFileException>(() => GenerationFile.Open(bad)).Field);
            RandomAccess.SetLength(file, good.Length);

            var cells = CellsStart(good);
            for (var at = 0; at < cells; at++)
            {
                RandomAccess.Write(file, [(byte)(good[at] ^ 1 << at % 8)], at);
                Assert.Throws<GenerationFileException>(() => GenerationFile.Open(bad));
                RandomAccess.Write(file, [good[at]], at);
            }
            for (var at = cells; at < good.Length; at += at > good.Length - HashBytes - 1 ? 1 : 997)
            {
                RandomAccess.Write(file, [(byte)(good[at] ^ 1 << at % 8)], at);
                Assert.Equal("cache", (await Assert.ThrowsAsync<GenerationFileException>(() => rig.RestoreAsync(bad))).Field);
                RandomAccess.Write(file, [good[at]], at);
            }
        }
        using var restored = await rig.RestoreAsync(bad);
        Assert.True(restored.Next(out _));
    }

    [Fact]
    public async Task A_header_of_nonsense_under_a_right_checksum_is_refused_or_harmless_and_takes_no_memory()
    {
        var path = await rig.SavedAsync("nonsense");
        var good = File.ReadAllBytes(path);
        var headerBytes = BinaryPrimitives.ReadInt32LittleEndian(good.AsSpan(12));
        var header = Encoding.UTF8.GetString(good, PrefixBytes, headerBytes);
        var random = new Random(5);
        string[] numbers = ["-1", "0", "1", "2147483647", "-2147483648", "9223372036854775807", "1e400", "null", "\"\"", "[]", "{}", "\"\\ud800\"", "4294967296", "0.5"];
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var changed = i % 3 == 0 ? Flip(header) : ReplaceNumber(header);
            File.WriteAllBytes(path, Seal(good, changed));
            try
            {
                Open(path);
                // What is well-formed may still be of no use; then the restored one says so, and holds nothing.
                using var generator = await rig.RestoreAsync(path);
                generator.Next(out _);
            }
            catch (GenerationFileException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 1000, 2999);

        static void Open(string file)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                GenerationFile.Open(file).Dispose();
            }
            finally
            {
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
            }
        }

        string Flip(string text)
        {
            var characters = text.ToCharArray();
            characters[random.Next(characters.Length)] = (char)random.Next(32, 127);
            return new(characters);
        }

        string ReplaceNumber(string text)
        {
            var found = System.Text.RegularExpressions.Regex.Matches(text, @"-?\d[\d.]*|""[^""]*""(?!:)|\[|\]");
            var match = found[random.Next(found.Count)];
            return string.Concat(text.AsSpan(0, match.Index), numbers[random.Next(numbers.Length)], text.AsSpan(match.Index + match.Length));
        }
    }

    [Fact]
    public async Task A_save_that_is_stopped_leaves_the_old_file_and_nothing_else()
    {
        var path = await rig.SavedAsync("stopped");
        var before = File.ReadAllBytes(path);
        using var generator = rig.Begin(new());
        Assert.True(generator.Next(out _));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.SaveAsync(path, cancellation: stop.Token));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(path)!));
        // And without the cells it is small, and evaluated again.
        await generator.SaveAsync(path, cache: false, TestContext.Current.CancellationToken);
        using var restored = await rig.RestoreAsync(path);
        Assert.True(restored.Next(out _));
        Assert.Equal(restored.Tokens.Length - 1, restored.EvaluatedCount);
    }

    private static int CellsStart(byte[] file) => PrefixBytes + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12)) + HashBytes;

    private static byte[] Seal(byte[] good, string header)
    {
        var text = Encoding.UTF8.GetBytes(header);
        byte[] start = [.. good.AsSpan(0, PrefixBytes), .. text];
        BinaryPrimitives.WriteInt32LittleEndian(start.AsSpan(12), text.Length);
        return [.. start, .. SHA256.HashData(start), .. good.AsSpan(CellsStart(good))];
    }

    /// <summary>The story model on the processor with a short context, and folders for files.</summary>
    public sealed class Rig : IAsyncLifetime
    {
        private readonly Workplace _workplace = new();
        private readonly BackendCatalog _catalog = new(new());
        private readonly ModelHost _host;

        public Rig() => _host = new(_catalog);

        public LanguageModel Model { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Model = await LoadAsync(Repository.StoryModel, TensorType.F16, 48);

        public Task<LanguageModel> LoadAsync(string path, TensorType type, int context) => _host.LoadAsync(ModelSource.Open(path),
            new() { Placement = new() { Backend = "cpu" }, KvType = type, Context = context, Sequences = 3 }, cancellation: TestContext.Current.CancellationToken);

        /// <summary>A place for a file in a folder of its own.</summary>
        public string Path(string name) => System.IO.Path.Combine(_workplace.NewFolder(name + "-folder"), name);

        public TextGenerator Begin(GenerationOptions options) => new(Model, Model.Tokenizer.Encode("Once upon a time", true), options);

        public Task<TextGenerator> RestoreAsync(string path, RestoreOptions? options = null) => TextGenerator.RestoreAsync(Model, path, options, TestContext.Current.CancellationToken);

        /// <summary>A generation of some tokens, saved.</summary>
        public async Task<string> SavedAsync(string name)
        {
            var path = Path(name);
            using var generator = Begin(new() { Sampler = new SamplerOptions { Temperature = 0 } });
            for (var i = 0; i < 4; i++) Assert.True(generator.Next(out _));
            await generator.SaveAsync(path, cancellation: TestContext.Current.CancellationToken);
            return path;
        }

        public async ValueTask DisposeAsync()
        {
            Model.Dispose();
            _host.Dispose();
            await _catalog.DisposeAsync();
            _workplace.Dispose();
        }
    }
}
