namespace Hotplug.Inference.Deployment;

/// <summary>
/// Lets one at a time use a model's executors: steps, and changes between steps. A change goes before steps that have not begun, since whoever runs step after step would otherwise
/// take the lock again before anybody who waits has woken up. The thread that holds it may take it again.
/// </summary>
internal sealed class TurnLock
{
    private readonly Lock _lock = new();
    private int _claims;

    /// <summary>Changes that wait at this moment.</summary>
    public int Claims => Volatile.Read(ref _claims);

    /// <summary>Waits for the turn of a step. Allocates nothing.</summary>
    public Scope Step()
    {
        var wait = new SpinWait();
        while (Volatile.Read(ref _claims) > 0 && !_lock.IsHeldByCurrentThread) wait.SpinOnce(sleep1Threshold: 16);
        _lock.Enter();
        return new(_lock);
    }

    /// <summary>Waits for a turn between two steps.</summary>
    public Scope Claim()
    {
        Interlocked.Increment(ref _claims);
        try
        {
            _lock.Enter();
        }
        finally
        {
            Interlocked.Decrement(ref _claims);
        }
        return new(_lock);
    }

    /// <summary>The turn, until it is disposed.</summary>
    public readonly ref struct Scope(Lock held)
    {
        /// <summary>Ends the turn.</summary>
        public void Dispose() => held.Exit();
    }
}
