namespace Hotplug.ServerTests.Faults;

/// <summary>Waits for what comes by itself.</summary>
internal static class Eventually
{
    /// <summary>A bound on hanging, far beyond what anything takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Returns when it is so.</summary>
    public static async Task IsAsync(Func<bool> state, Func<string> otherwise)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!state())
        {
            if (patience.IsCancellationRequested) throw new TimeoutException(otherwise());
            await Task.Delay(2, CancellationToken.None);
        }
    }
}
