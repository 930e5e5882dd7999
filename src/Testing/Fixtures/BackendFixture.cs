using System.Collections.ObjectModel;
using Hotplug.Abstractions.Plugins;
using Hotplug.Testing.Hosting;

namespace Hotplug.Testing.Fixtures;

/// <summary>
/// Says how to make the backend under test; derived once per backend (and per set of settings worth testing), with a parameterless constructor.
/// Every test starts a backend of its own, on a host of its own.
/// </summary>
public abstract class BackendFixture
{
    /// <summary>Settings given to the plugin.</summary>
    public virtual IReadOnlyDictionary<string, string> Settings => ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Threads that the plugin may use.</summary>
    public virtual int ThreadBudget => 2;

    /// <summary>Bytes that a test may ask of the backend in all. Limits of a backend beyond it are not tried.</summary>
    public virtual nuint MemoryBudget => 64 << 20;

    /// <summary>
    /// True if <c>IExecutable.Run</c> allocates managed memory in steady state: a defect, which a test device built on the scalar
    /// reference may declare.
    /// </summary>
    public virtual bool AllocatesPerRun => false;

    /// <summary>
    /// The share of a suite's random cases that this backend gets: 1, or less for one that takes long over each, such as an emulator. What a suite goes through
    /// completely it goes through completely; <see cref="Data.CaseCount"/> multiplies.
    /// </summary>
    public virtual double CaseShare => 1;

    /// <summary>True if <see cref="LoseDevice"/> is implemented.</summary>
    public virtual bool CanLoseDevice => false;

    /// <summary>Makes the device of <paramref name="run"/> fail from now on as if it had been pulled out.</summary>
    public virtual void LoseDevice(BackendRun run) => throw new NotSupportedException($"{GetType().Name} cannot lose its device.");

    /// <summary>Makes a new instance of the plugin. Called once per test; the kit disposes it.</summary>
    /// <param name="directory">The folder the plugin lies in, for <see cref="IPluginHost.Directory"/>; null for the folder of the tests.</param>
    protected abstract IBackendPlugin CreatePlugin(out string? directory);

    /// <summary>Makes a new instance of the plugin, for tests that start it themselves and dispose it.</summary>
    public IBackendPlugin NewPlugin() => CreatePlugin(out _);

    /// <summary>Starts a backend on a new host.</summary>
    /// <param name="fault">A fault to inject into the host, or null.</param>
    /// <param name="settings">Settings instead of <see cref="Settings"/>, or null.</param>
    /// <exception cref="BackendUnavailableException">The plugin cannot run here.</exception>
    public async Task<BackendRun> StartAsync(HostFault? fault = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var plugin = CreatePlugin(out var directory);
        var host = new TestPluginHost(directory, ThreadBudget, fault);
        try
        {
            var probe = plugin.Probe(host);
            if (probe.Score <= 0)
                throw new BackendUnavailableException(probe.Reasons);
            var backend = await plugin.CreateAsync(host, settings ?? Settings, CancellationToken.None);
            return new BackendRun(this, host, plugin, backend);
        }
        catch (Exception exception)
        {
            await plugin.DisposeAsync();
            var leftovers = host.DescribeLeftovers();
            host.Dispose();
            if (leftovers.Length != 0)
                throw new LeftoverException($"The backend could not be made ({exception.Message}), and the plugin kept {leftovers}.", exception);
            throw;
        }
    }
}
