using Hotplug.Inference.Generation.Saving;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.KvCache;

namespace Hotplug.Inference.Generation;

public sealed partial class TextGenerator
{
    /// <summary>The state as it is now.</summary>
    public GenerationState Save() => new()
    {
        Tokens = [.. _tokens],
        PromptLength = PromptLength,
        Sampler = _sampler.Save(),
        WindowStart = _windowStart,
        PendingTokens = _banned.TokenCount,
        Bans = [.. _bans],
        UnfinishedCharacter = _banned.TokenCount > 0 ? _banned.UnfinishedBefore(_banned.TokenCount).ToArray() : _streamer.Unfinished.ToArray(),
        HeldText = string.Concat(_carried, _stops.Held),
        Finish = Finish,
    };

    /// <summary>
    /// Saves the generation to a file, from which it goes on in another process and on other devices: <see cref="RestoreAsync"/>. The file appears whole or not at all. The
    /// generator must not be used meanwhile; steps of others go on. See <see cref="GenerationFile"/> for the form.
    /// </summary>
    /// <param name="path">The file; an older one that holds a generation is replaced, any other is left alone.</param>
    /// <param name="cache">Whether the KV cache is saved too; without it the tokens are evaluated anew when the generation is restored.</param>
    /// <param name="cancellation">Stops it; no file is left behind.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="BackendFaultException">A device failed; without the cache the generation can still be saved.</exception>
    public Task SaveAsync(string path, bool cache = true, CancellationToken cancellation = default)
        => Task.Run(() =>
        {
            // It is not put elsewhere meanwhile; steps of others go on.
            using var still = _session.Still.EnterScope();
            var sequence = _session.Sequence;
            // A cell that no choice has followed yet is evaluated again.
            if (sequence.Length >= WindowLength) sequence.Truncate(WindowLength - 1);
            var shape = cache ? sequence.Shape : sequence.Shape with { Length = 0, FirstCells = [] };
            var saved = new SavedGeneration { Model = ModelStamp.Of(_model), Context = _model.Context, Options = _options, State = Save(), Cache = SavedCache.Of(shape) };
            GenerationFile.Write(path, saved, stream => KvTransfer.Export(sequence, stream, cancellation));
        }, cancellation);

    /// <summary>Goes on with a generation from a file. Nothing is evaluated again if the file has the cache.</summary>
    /// <param name="model">The model it was saved from, loaded anywhere; outlives the generator.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">How to restore; null for exactly what was saved.</param>
    /// <param name="cancellation">Stops it; nothing is held then.</param>
    /// <exception cref="GenerationFileException">The file is damaged, or does not fit the model; the message says what can be done.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="KvCacheFullException">There is no room for the cells.</exception>
    /// <exception cref="BackendFaultException">A device failed.</exception>
    public static Task<TextGenerator> RestoreAsync(LanguageModel model, string path, RestoreOptions? options = null, CancellationToken cancellation = default)
        => Task.Run(() =>
        {
            using var file = GenerationFile.Open(path);
            return Restore(model, file, options ?? new(), cancellation);
        }, cancellation);

    private static TextGenerator Restore(LanguageModel model, GenerationFile file, RestoreOptions options, CancellationToken cancellation)
    {
        var saved = file.Saved;
        if (saved.Model.Difference(model) is var (field, problem)) throw new GenerationFileException(file.Path, field, problem, "Load the model it was saved from");
        if (saved.State.WindowLength > model.Context)
            throw new GenerationFileException(file.Path, "context", $"its {saved.State.WindowLength} tokens do not fit a context of {model.Context}", $"Load the model with --context {saved.Context}");
        if (saved.State.Tokens.Concat(saved.State.Sampler.RecentTokens).Concat(saved.State.Bans.Select(b => b.Token)).FirstOrDefault(t => t >= model.Tokenizer.VocabularySize) is > 0 and var token)
            throw new GenerationFileException(file.Path, "state.tokens", $"{token} is not in the vocabulary of {model.Tokenizer.VocabularySize}", "The file is damaged: copy it again from where it was saved, or begin the text anew");
        var generator = new TextGenerator(model, saved.State, options.Generation ?? saved.Options);
        try
        {
            using var still = generator._session.Still.EnterScope();
            if (options.Cache != CacheRestore.Recompute && saved.Cache.Length != 0)
                file.ReadCells(stream => KvTransfer.Import(stream, saved.CacheShape, generator._session.Sequence, options.Cache == CacheRestore.Convert ? KvConversion.Floats : KvConversion.None, cancellation));
            return generator;
        }
        catch (Exception failure)
        {
            generator.Dispose();
            if (failure is KvMismatchException mismatch)
                throw new GenerationFileException(file.Path, "cache", mismatch.Message.TrimEnd('.'), "Or restore without the cache (--restore-cache recompute)", mismatch);
            throw;
        }
    }
}
