using Hotplug.Abstractions.Faults;

namespace Hotplug.Abstractions.Execution;

/// <summary>Behind a <see cref="Fence"/> that was not complete when it was made. Members may be called from any thread, also after completion.</summary>
public interface IFenceSource
{
    /// <summary>True when the work with this number is done, or has failed.</summary>
    bool IsComplete(long token);

    /// <summary>Waits for the work with this number.</summary>
    /// <returns>False if the time was over first.</returns>
    bool Wait(long token, TimeSpan timeout);

    /// <summary>The failure of the work with this number, or null. Complete work only.</summary>
    BackendException? Fault(long token);
}
