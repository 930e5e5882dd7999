using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;

namespace Hotplug.Inference.Generation.Scheduling;

/// <summary>A text that is written, or waits to be. Thread-safe; cancel its token to give it up.</summary>
public sealed class ScheduledGeneration
{
    // As long as the text: its tokens are bounded, so the channel needs no bound of its own.
    private readonly Channel<GeneratedText> _texts = Channel.CreateUnbounded<GeneratedText>(new() { SingleWriter = true, SingleReader = true });
    private readonly TaskCompletionSource<GenerationOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _asked = Stopwatch.GetTimestamp();
    private long _begun, _first;
    // Choices that went with a piece, where in the text the next one's token begins, and how much of the text was given; both in bytes of UTF-8.
    private int _told;
    private long _nextBytes, _givenBytes;

    internal ScheduledGeneration(int[] prompt, GenerationOptions options, GenerationRecord record, CancellationToken cancellation) => (Prompt, Options, Record, Cancellation) = (prompt, options, record, cancellation);

    /// <summary>How it ended: completed after the last text. Fails as <see cref="ReadAsync"/> does.</summary>
    public Task<GenerationOutcome> Completion => _outcome.Task;

    internal int[] Prompt { get; }

    internal GenerationOptions Options { get; }

    internal GenerationRecord Record { get; }

    internal CancellationToken Cancellation { get; }

    /// <summary>The text, piece by piece, as it becomes certain. To be read once, here or as <see cref="ReadPiecesAsync"/>.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    /// <exception cref="GenerationRefusedException">The prompt or an option makes no sense.</exception>
    /// <exception cref="Grammars.GrammarException">The grammar cannot be used.</exception>
    /// <exception cref="Hotplug.Runtime.Faults.BackendFaultException">A device failed and nothing took over.</exception>
    /// <exception cref="ObjectDisposedException">The scheduler was disposed.</exception>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var piece in ReadPiecesAsync(cancellation).ConfigureAwait(false)) yield return piece.Text;
    }

    /// <summary>The text, piece by piece, with what the tokens were chosen from. To be read once, here or as <see cref="ReadAsync"/>; fails as that does.</summary>
    public IAsyncEnumerable<GeneratedText> ReadPiecesAsync(CancellationToken cancellation = default) => _texts.Reader.ReadAllAsync(cancellation);

    /// <summary>It has a slot.</summary>
    internal void Begin() => _begun = Stopwatch.GetTimestamp();

    /// <summary>It has another token, which made some text certain, or none.</summary>
    internal void Write(TextGenerator generator, ReadOnlySpan<char> text)
    {
        Record.Written(text, generator.GeneratedCount);
        if (_first == 0) _first = Stopwatch.GetTimestamp();
        if (text.Length > 0) _texts.Writer.TryWrite(new(text.ToString(), Options.Logprobs is null ? [] : ChoicesOf(generator, text)));
    }

    internal void End(TextGenerator generator)
    {
        var now = Stopwatch.GetTimestamp();
        var first = _first == 0 ? now : _first;
        var outcome = new GenerationOutcome(generator.Finish, generator.StopString, generator.PromptLength, generator.GeneratedCount, generator.EvaluatedCount, [.. generator.Choices])
        {
            Timing = new(Stopwatch.GetElapsedTime(_asked, _begun), Stopwatch.GetElapsedTime(_begun, first), Stopwatch.GetElapsedTime(first, now)),
        };
        Record.Ended(outcome);
        _outcome.TrySetResult(outcome);
        _texts.Writer.TryComplete();
    }

    internal void Fail(Exception failure)
    {
        Record.Failed(failure);
        if (failure is OperationCanceledException) _outcome.TrySetCanceled(Cancellation.IsCancellationRequested ? Cancellation : new(canceled: true));
        else _outcome.TrySetException(failure);
        // Whoever reads the text learns it there; nobody has to look at both.
        _ = _outcome.Task.Exception;
        _texts.Writer.TryComplete(failure);
    }

    /// <summary>Text is held back at times; so the choices are those of the tokens that begin before its end.</summary>
    private List<TokenChoice> ChoicesOf(TextGenerator generator, ReadOnlySpan<char> text)
    {
        var choices = new List<TokenChoice>();
        _givenBytes += Encoding.UTF8.GetByteCount(text);
        for (; _told < generator.Choices.Count && _nextBytes < _givenBytes; _told++)
        {
            var choice = generator.Choices[_told];
            choices.Add(choice);
            _nextBytes += generator.Model.Tokenizer.Bytes(choice.Chosen.Token, Options.WritesSpecialTokens).Length;
        }
        return choices;
    }
}
