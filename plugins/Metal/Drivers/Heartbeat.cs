namespace Hotplug.Metal.Drivers;

/// <summary>
/// Asks again and again for what the system forgets after about a second without work: that memory stays resident. Goes on for some minutes after the last work, then rests, so that
/// a program which stands idle gives the memory free. Disposing ends it and waits for a beat under way.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    /// <summary>Time from beat to beat.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    /// <summary>For how long after the last work it beats.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TimeProvider _time;
    private readonly Action _beat;
    private readonly ITimer _timer;
    private long _last;

    /// <summary>Starts it.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="beat">What is done; does not throw.</param>
    public Heartbeat(TimeProvider time, Action beat)
    {
        (_time, _beat, _last) = (time, beat, time.GetTimestamp());
        _timer = time.CreateTimer(static self => ((Heartbeat)self!).Beat(), this, Period, Period);
    }

    /// <summary>Notes that there was work.</summary>
    public void Touch() => Volatile.Write(ref _last, _time.GetTimestamp());

    public void Dispose() => _timer.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Beat()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _last)) < Patience) _beat();
    }
}
