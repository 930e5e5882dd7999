namespace Hotplug.LoadBench.Servers;

/// <summary>A kind of server that can be measured.</summary>
internal interface IServer
{
    string Name { get; }

    /// <summary>Starts one at a free port of this machine.</summary>
    Task<(ServerProcess Server, Uri Address)> StartAsync(CancellationToken cancellation);

    /// <summary>What happens to it while it is asked; null for nothing.</summary>
    ISwaps? Swaps(ServerProcess server);
}
