namespace Hotplug.Runtime.Faults;

/// <summary>
/// Runs calls into plugins on threads of their own. Whoever waits may give such a call up; one that never comes back then costs its thread, and none of the thread pool's, on which the
/// rest of the process lives.
/// </summary>
public static class ThreadOfItsOwn
{
    /// <summary>Runs work on a new background thread.</summary>
    /// <returns>Its result, or what it threw.</returns>
    public static Task<T> RunAsync<T>(Func<T> work)
        => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <summary>Runs work on a new background thread up to its first await that does not complete at once; what follows runs where that continues.</summary>
    /// <returns>Its result, or what it threw.</returns>
    public static Task<T> RunAsync<T>(Func<Task<T>> work) => RunAsync<Task<T>>(work).Unwrap();
}
