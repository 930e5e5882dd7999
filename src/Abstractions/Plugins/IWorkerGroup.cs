namespace Hotplug.Abstractions.Plugins;

/// <summary>
/// Worker threads of the host. The thread that calls <see cref="Run"/> is worker 0; the others spin briefly for the next task, then sleep.
/// Disposing ends the threads and waits for them; not from within a task.
/// </summary>
public interface IWorkerGroup : IDisposable
{
    /// <summary>Workers, the caller included.</summary>
    int Count { get; }

    /// <summary>
    /// Runs the task once on every worker at the same time and returns when all are done. Allocates nothing. One run at a time.
    /// </summary>
    /// <param name="task">Reused freely; not kept after the return.</param>
    /// <exception cref="AggregateException">Workers threw; all have returned.</exception>
    void Run(IWorkerTask task);
}
