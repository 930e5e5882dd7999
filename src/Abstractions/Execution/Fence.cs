using Hotplug.Abstractions.Faults;

namespace Hotplug.Abstractions.Execution;

/// <summary>Completion of work on a device; a value, so that waiting allocates nothing. The default value is complete. Any thread may use it.</summary>
public readonly struct Fence
{
    private readonly IFenceSource? _source;
    private readonly long _token;

    /// <summary>Creates a fence for the work that <paramref name="source"/> knows by <paramref name="token"/>.</summary>
    public Fence(IFenceSource source, long token) => (_source, _token) = (source, token);

    /// <summary>A fence of work already done.</summary>
    public static Fence Completed => default;

    /// <summary>True when the work is done, or has failed.</summary>
    public bool IsComplete => _source is null || _source.IsComplete(_token);

    /// <summary>Waits for the work.</summary>
    /// <returns>False if the time was over first.</returns>
    public bool Wait(TimeSpan timeout) => _source is null || _source.Wait(_token, timeout);

    /// <summary>The failure, or null; asked when complete.</summary>
    public BackendException? Fault => _source?.Fault(_token);
}
