using Microsoft.Extensions.Hosting;

namespace Hotplug.Cli.Serving;

/// <summary>A host that listens to no signals of its own, and says nothing.</summary>
internal sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
