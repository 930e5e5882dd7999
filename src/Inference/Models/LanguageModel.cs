using Hotplug.Inference.Deployment;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Tokenization;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Placement;

namespace Hotplug.Inference.Models;

/// <summary>
/// A model that is loaded and can be asked. Steps of concurrent callers take turns. It may be put on other devices, or on another generation of a backend, while it writes.
/// Owns its memory and its files; dispose generations first.
/// </summary>
public sealed class LanguageModel : IDisposable
{
    private static int _numbers;

    private readonly WeightFile[] _files;
    private readonly Action<LanguageModel>? _ended;
    private readonly Lazy<string> _identity;

    private LanguageModel(ModelSource source, ModelDeployment first, WeightFile[] files, Tokenizer tokenizer, ModelServices services)
    {
        (Source, Options, _files, Tokenizer, _ended) = (source, first.Options, files, tokenizer, services.Ended);
        Context = first.Executor.Plan.Request.Context;
        Deployments = new(this, first, files, services.Loader, services.Journal(Name), services.Time);
        _identity = new(() => ModelIdentity.Of(source, files));
    }

    /// <summary>Metadata and graph.</summary>
    public ModelSource Source { get; }

    /// <summary>Name, for people.</summary>
    public string Name => Source.Name;

    /// <summary>What tells this model from others, wherever its files lie and whatever they are called; see <see cref="ModelIdentity"/>. Made at the first question.</summary>
    public string Identity => _identity.Value;

    /// <summary>How it was asked to be loaded.</summary>
    public ModelOptions Options { get; }

    /// <summary>Where it runs at this moment. Changes when it is put elsewhere.</summary>
    public ModelDeployment Deployment => Deployments.Current;

    /// <summary>Runs steps at this moment: whoever uses it, rather than a session, has to see to it that the model is not put elsewhere meanwhile.</summary>
    public ModelExecutor Executor => Deployment.Executor;

    /// <summary>The vocabulary.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Tokens a sequence may have. The same at every place.</summary>
    public int Context { get; }

    /// <summary>Generations under way.</summary>
    public int SessionCount => Deployments.SessionCount;

    /// <summary>Tokens chosen so far, for all generations.</summary>
    public long TokensChosen => Deployments.TokensChosen;

    internal int Number { get; } = Interlocked.Increment(ref _numbers);

    internal ModelDeployments Deployments { get; }

    /// <summary>Held from running a step until its output has been read.</summary>
    internal TurnLock Turn => Deployments.Turn;

    /// <summary>Says where it runs: plan and receipt as plain data. May wait for a step to end.</summary>
    /// <exception cref="Hotplug.Runtime.Faults.BackendFaultException">A device failed to answer.</exception>
    public DeploymentReport Describe() => Deployments.Describe();

    /// <summary>Begins a session: cells on the devices that go along when the model is put elsewhere. The caller owns it.</summary>
    /// <param name="name">Who it is for, for people: "request 17".</param>
    public ModelSession OpenSession(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Deployments.Open(name);
    }

    /// <summary>
    /// Puts the model elsewhere while it writes: plans anew, loads beside, tests, and moves the sessions between two tokens. What was wished of memory and context stays.
    /// </summary>
    /// <param name="placement">The new wishes about places.</param>
    /// <param name="options">How; null for migrating with a probation.</param>
    /// <param name="cancellation">Stops it until the exchange; everything is as before then.</param>
    /// <exception cref="SwapRefusedException">It cannot be; it goes on where it was, and the message says why.</exception>
    public async Task<ModelMove> PlaceAsync(PlacementOptions placement, SwapOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(placement);
        using var move = await Deployments.PrepareAsync(Options with { Placement = placement }, DeploymentOrigin.Nothing, options ?? new(), cancellation).ConfigureAwait(false);
        return move.Commit();
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
        Deployments.Dispose();
        foreach (var file in _files) file.Dispose();
        _ended?.Invoke(this);
    }

    /// <summary>Plans and loads. The tokenizer is made on another thread meanwhile.</summary>
    /// <exception cref="GgufException">The vocabulary is damaged.</exception>
    internal static async Task<LanguageModel> LoadAsync(ModelSource source, ModelOptions options, ModelServices services, Action<LoadPlan>? planned,
        IProgress<LoadProgress>? progress, CancellationToken cancellation)
    {
        var tokenizer = Task.Run(() => Tokenizer.FromGguf(source.File).Prepared(), cancellation);
        var files = new List<WeightFile>();
        ModelDeployment? first = null;
        try
        {
            foreach (var path in source.Paths) files.Add(WeightFile.Open(path));
            for (var i = 0; i < files.Count; i++)
                if (files[i].Length != source.FileLengths[i]) throw new WeightFileChangedException(files[i].Path, source.FileLengths[i], files[i].Length);
            first = await services.Loader.LoadAsync(source, files, options, DeploymentOrigin.Nothing, planned, progress, cancellation).ConfigureAwait(false);
            var vocabulary = await tokenizer.ConfigureAwait(false);
            if (vocabulary.VocabularySize > source.Description.VocabularySize)
                throw source.File.Metadata.Invalid("tokenizer.ggml.tokens", $"{vocabulary.VocabularySize} tokens do not fit an embedding of {source.Description.VocabularySize} rows", "convert the model anew");
            return new LanguageModel(source, first, [.. files], vocabulary, services);
        }
        catch
        {
            first?.Retire();
            foreach (var file in files) file.Dispose();
            // Seen or not, its failure must not come up later on the finalizer's thread.
            _ = tokenizer.ContinueWith(static t => t.Exception, TaskScheduler.Default);
            throw;
        }
    }
}
