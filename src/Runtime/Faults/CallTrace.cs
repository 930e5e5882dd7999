namespace Hotplug.Runtime.Faults;

/// <summary>
/// The call into a device that a planning thread made last. Planning asks devices on its own thread, so that whoever gives it up needs to learn whose answer it waits for.
/// Attached to one thread, read by another.
/// </summary>
public sealed class CallTrace
{
    [ThreadStatic] private static CallTrace? _attached;

    private volatile Entry? _last;

    /// <summary>The device asked last, and for what; null if none was.</summary>
    public (string Device, string Call)? Last => _last is { } last ? (last.Device, last.Call) : null;

    /// <summary>Runs work and notes the calls that it makes on this thread.</summary>
    public T Follow<T>(Func<T> work)
    {
        var before = _attached;
        _attached = this;
        try
        {
            return work();
        }
        finally
        {
            _attached = before;
        }
    }

    /// <summary>Says that a device, of that name, is about to be called on this thread.</summary>
    internal static void Note(string device, string call)
    {
        if (_attached is { } trace) trace._last = new(device, call);
    }

    private sealed record Entry(string Device, string Call);
}
