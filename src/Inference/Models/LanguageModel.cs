using Hotplug.Inference.Gguf;
using Hotplug.Inference.Tokenization;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Placement;

namespace Hotplug.Inference.Models;

/// <summary>
/// A model that is loaded and can be asked. Steps of concurrent callers take turns. Owns its memory and its files; dispose generations first.
/// </summary>
public sealed class LanguageModel : IDisposable
{
    private readonly WeightFile[] _files;
    private readonly LeasedDevices _devices;
    private readonly Lazy<string> _identity;

    private LanguageModel(ModelSource source, ModelExecutor executor, WeightFile[] files, Tokenizer tokenizer, LeasedDevices devices)
    {
        (Source, Executor, _files, Tokenizer, _devices) = (source, executor, files, tokenizer, devices);
        _identity = new(() => ModelIdentity.Of(source.File, files));
    }

    /// <summary>Metadata and graph.</summary>
    public ModelSource Source { get; }

    /// <summary>What tells this model from others, wherever its files lie and whatever they are called; see <see cref="ModelIdentity"/>. Made at the first question.</summary>
    public string Identity => _identity.Value;

    /// <summary>Runs steps.</summary>
    public ModelExecutor Executor { get; }

    /// <summary>Held from running a step until its output has been read.</summary>
    internal Lock Turn { get; } = new();

    /// <summary>The vocabulary.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Tokens a sequence may have.</summary>
    public int Context => Executor.Plan.Request.Context;

    /// <summary>Loads what was planned. The tokenizer is made on another thread meanwhile.</summary>
    /// <param name="source">The model.</param>
    /// <param name="plan">A plan made of it.</param>
    /// <param name="devices">The devices of the plan; the model takes them over if the load succeeds.</param>
    /// <param name="space">The address space.</param>
    /// <param name="lanes">The lanes of the devices.</param>
    /// <param name="progress">Told of bytes; may be null.</param>
    /// <param name="cancellation">Stops the load; nothing stays behind.</param>
    /// <exception cref="GgufException">The vocabulary is damaged.</exception>
    public static LanguageModel Load(ModelSource source, LoadPlan plan, LeasedDevices devices, AddressSpace space, DeviceLanes lanes,
        IProgress<LoadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var tokenizer = Task.Run(() => Tokenizer.FromGguf(source.File), cancellation);
        var files = new List<WeightFile>();
        ModelExecutor? executor = null;
        try
        {
            foreach (var path in source.File.Paths) files.Add(WeightFile.Open(path));
            for (var i = 0; i < files.Count; i++)
                if (files[i].Length != source.File.FileLengths[i]) throw new WeightFileChangedException(files[i].Path, source.File.FileLengths[i], files[i].Length);
            executor = ModelExecutorLoader.Load(plan, files, space, lanes, progress, cancellation);
            var vocabulary = tokenizer.GetAwaiter().GetResult();
            if (vocabulary.VocabularySize > source.Description.VocabularySize)
                throw source.File.Metadata.Invalid("tokenizer.ggml.tokens", $"{vocabulary.VocabularySize} tokens do not fit an embedding of {source.Description.VocabularySize} rows", "convert the model anew");
            return new LanguageModel(source, executor, [.. files], vocabulary, devices);
        }
        catch
        {
            executor?.Dispose();
            foreach (var file in files) file.Dispose();
            // Seen or not, its failure must not come up later on the finalizer's thread.
            _ = tokenizer.ContinueWith(static t => t.Exception, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Checks that the files are still those that were loaded: a mapped file that was cut short would kill the process when a lost page is touched.</summary>
    /// <exception cref="WeightFileChangedException">A file has changed.</exception>
    public void VerifyFiles()
    {
        foreach (var file in _files) file.Verify();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Executor.Dispose();
        foreach (var file in _files) file.Dispose();
        _devices.Dispose();
    }
}
