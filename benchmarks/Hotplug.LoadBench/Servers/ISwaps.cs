namespace Hotplug.LoadBench.Servers;

/// <summary>Exchanges something inside of a server while it is at work.</summary>
internal interface ISwaps
{
    /// <summary>Does it once, and returns when the old is retired.</summary>
    /// <exception cref="InvalidDataException">It failed; the message is the server's.</exception>
    Task SwapAsync(CancellationToken cancellation);
}
