using System.Threading.Channels;
using Hotplug.Inference.Sampling;

namespace Hotplug.Inference.Generation.Scheduling;

/// <summary>A text that is written, or waits to be. Thread-safe; cancel its token to give it up.</summary>
public sealed class ScheduledGeneration
{
    // As long as the text: its tokens are bounded, so the channel needs no bound of its own.
    private readonly Channel<string> _texts = Channel.CreateUnbounded<string>(new() { SingleWriter = true, SingleReader = true });
    private readonly TaskCompletionSource<GenerationOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal ScheduledGeneration(int[] prompt, GenerationOptions options, GenerationRecord record, CancellationToken cancellation) => (Prompt, Options, Record, Cancellation) = (prompt, options, record, cancellation);

    /// <summary>How it ended: completed after the last text. Fails as <see cref="ReadAsync"/> does.</summary>
    public Task<GenerationOutcome> Completion => _outcome.Task;

    internal int[] Prompt { get; }

    internal GenerationOptions Options { get; }

    internal GenerationRecord Record { get; }

    internal CancellationToken Cancellation { get; }

    /// <summary>The text, piece by piece, as it becomes certain. To be read once.</summary>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    /// <exception cref="Hotplug.Runtime.Faults.BackendFaultException">A device failed and nothing took over.</exception>
    /// <exception cref="ObjectDisposedException">The scheduler was disposed.</exception>
    public IAsyncEnumerable<string> ReadAsync(CancellationToken cancellation = default) => _texts.Reader.ReadAllAsync(cancellation);

    internal void Write(ReadOnlySpan<char> text, int tokens)
    {
        Record.Written(text, tokens);
        if (text.Length > 0) _texts.Writer.TryWrite(text.ToString());
    }

    internal void End(TextGenerator generator)
    {
        var outcome = new GenerationOutcome(generator.Finish, generator.StopString, generator.PromptLength, generator.GeneratedCount, generator.EvaluatedCount, [.. generator.Choices]);
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
}
