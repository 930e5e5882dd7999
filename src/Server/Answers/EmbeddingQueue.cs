using Hotplug.Inference.Generation.Scheduling;

namespace Hotplug.Server.Answers;

/// <summary>Requests for embeddings, one after the other: a model takes one step at a time, and threads that wait for it would be of no use. Thread-safe.</summary>
/// <param name="options">How many may wait; null for the defaults.</param>
internal sealed class EmbeddingQueue(GenerationSchedulerOptions? options = null) : IDisposable
{
    private readonly int _length = (options ?? new()).QueueLength;
    private readonly SemaphoreSlim _turn = new(1);
    private int _present;

    /// <summary>Does work when it is its turn, on another thread.</summary>
    /// <exception cref="QueueFullException">As many wait as may.</exception>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        try
        {
            if (Interlocked.Increment(ref _present) > _length + 1) throw new QueueFullException(_length);
            await _turn.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                return await Task.Run(work, cancellation).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _present);
        }
    }

    public void Dispose() => _turn.Dispose();
}
