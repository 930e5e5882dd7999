using Hotplug.Abstractions.Faults;

namespace Hotplug.FarMemory.Faults;

/// <summary>
/// Fails at one call of the contract, as the setting <c>fault</c> says: <c>Allocate:throw</c>, or <c>Run:hang:12</c> for the twelfth run and all after it. Safe from any thread.
/// </summary>
internal sealed class FarFaults(FarCall? at, FarFailure failure, long number, string text)
{
    /// <summary>Name of the application's datum that is a <see cref="WaitHandle"/> for which hanging calls wait. The plugin shares nothing else with a test.</summary>
    public const string ReleaseName = "Hotplug.FarMemory.Release";

    /// <summary>With the text of the setting behind it, name of a datum that is there once the call has failed.</summary>
    public const string FailedName = "Hotplug.FarMemory.Failed:";

    private long _calls;
    private volatile bool _lost;

    /// <summary>Fails nowhere.</summary>
    public static FarFaults None => new(null, default, 0, "");

    /// <summary>Reads <c>call:failure[:number]</c>.</summary>
    /// <returns>Null if the text is not of that form.</returns>
    public static FarFaults? Read(string text)
    {
        var parts = text.Split(':');
        var number = 1L;
        return parts.Length is 2 or 3 && Enum.TryParse<FarCall>(parts[0], ignoreCase: true, out var at) && Enum.TryParse<FarFailure>(parts[1], ignoreCase: true, out var failure)
            && (parts.Length == 2 || (long.TryParse(parts[2], out number) && number > 0)) ? new(at, failure, number, text) : null;
    }

    /// <summary>Told of every call; throws or hangs if that is what this call does.</summary>
    /// <returns>True if the answer is to be garbage.</returns>
    public bool At(FarCall call)
    {
        if (_lost) throw Gone();
        if (call != at || Interlocked.Increment(ref _calls) < number) return false;
        AppContext.SetData(FailedName + text, true);
        switch (failure)
        {
            case FarFailure.Garbage:
                return true;
            case FarFailure.Hang:
                if (AppContext.GetData(ReleaseName) is WaitHandle released) released.WaitOne();
                else Thread.Sleep(Timeout.Infinite);
                return false;
            case FarFailure.Lost:
                _lost = true;
                throw Gone();
            default:
                throw new InvalidOperationException($"The far device fails at call {number} of {call}, as its settings ask.");
        }
    }

    private static DeviceLostException Gone() => new("The far device is lost, as its settings ask.");
}
