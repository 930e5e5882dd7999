namespace Hotplug.Metal.Interop.Objects;

/// <summary>Owns one reference of an Objective-C object and gives it back once.</summary>
/// <remarks>
/// Disposing is safe at any time and from any thread, also twice; using an object while another thread disposes it is not. There is no finalizer:
/// what is not disposed is found by <see cref="ObjectLedger"/>.
/// </remarks>
internal abstract class ObjectiveCObject : IDisposable
{
    private nint _handle;

    /// <param name="runtime">Where it lives.</param>
    /// <param name="owned">The object; the reference that comes with it is taken over.</param>
    protected ObjectiveCObject(ObjectiveC runtime, nint owned)
    {
        if (owned == 0) throw new ArgumentException($"A {GetType().Name} of nil.", nameof(owned));
        Runtime = runtime;
        _handle = owned;
        runtime.Ledger.Taken(GetType().Name);
    }

    /// <summary>Where it lives.</summary>
    public ObjectiveC Runtime { get; }

    /// <summary>The object, to be passed on within the lifetime of this.</summary>
    /// <exception cref="ObjectDisposedException">The reference was given back.</exception>
    public nint Handle
    {
        get
        {
            var handle = _handle;
            ObjectDisposedException.ThrowIf(handle == 0, this);
            return handle;
        }
    }

    /// <summary>Whether the reference was given back.</summary>
    public bool IsDisposed => _handle == 0;

    /// <summary>Takes over another object in place of one that was given back.</summary>
    protected void Renew(nint owned)
    {
        if (_handle != 0 || owned == 0) throw new InvalidOperationException($"A {GetType().Name} that is in use, or nil, cannot be taken in its place.");
        _handle = owned;
        Runtime.Ledger.Taken(GetType().Name);
    }

    /// <summary>Gives the reference back.</summary>
    public void Dispose()
    {
        var handle = Interlocked.Exchange(ref _handle, 0);
        if (handle == 0) return;
        Runtime.Release(handle);
        Runtime.Ledger.Given(GetType().Name);
    }
}
