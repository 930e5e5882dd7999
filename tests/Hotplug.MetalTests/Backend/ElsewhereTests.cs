using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Slots;
using Xunit;

namespace Hotplug.MetalTests.Backend;

/// <summary>The plugin's folder on a machine without Metal: it says why, and nothing of it stays.</summary>
public sealed class ElsewhereTests
{
    [Fact]
    public async Task Where_there_is_no_Metal_the_catalogue_says_so_and_lets_the_code_go()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "Only where there is no Metal.");
        var opened = new List<BackendTransition>();
        var folder = Directory.CreateTempSubdirectory("hotplug-test-").FullName;
        using var cleanup = new Cleanup(folder);
        await using var catalog = new BackendCatalog(new()
        {
            PluginDirectories = [Path.Combine(AppContext.BaseDirectory, "plugins", "metal")], PluginEnvironment = null, InstallationDirectory = folder, ShadowCopyDirectory = folder,
        });
        catalog.Transitioned += opened.Add;

        // Listed, chosen from, named, asked: each loads it anew, and each lets it go.
        Assert.Empty(await catalog.ListDevicesAsync());
        await Refused(async () => await catalog.SelectAsync());
        await Refused(async () => await catalog.GetDeviceAsync("metal"));
        var probe = Assert.Single(await catalog.ProbeAllAsync());
        Assert.Equal(("metal", 0), (probe.Id, probe.Score));
        Assert.StartsWith("not available: ", Assert.Single(probe.Reasons));

        var backend = Assert.Single(catalog.Backends);
        Assert.Equal((BackendState.Validated, null, null), (backend.State, backend.LoadReason, backend.LoadedFrom));
        Assert.StartsWith("not available: ", Assert.Single(backend.ProbeReasons));
        Assert.Contains(opened, step => step.To == BackendState.Loaded);
        // No device was ever opened.
        Assert.DoesNotContain(opened, step => step.To is BackendState.Warm or BackendState.Active);
        for (var i = 0; i < 20 && Copies(folder) != 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal(0, Copies(folder));

        static async Task Refused(Func<Task> ask) => Assert.Contains("not available: Metal is a part of 64-bit macOS", (await Assert.ThrowsAsync<BackendUnavailableException>(ask)).Message);
    }

    /// <summary>Load contexts with the plugin from this test's copies.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Copies(string folder) => AssemblyLoadContext.All.Count(context => context.Assemblies.Any(a => !a.IsDynamic && a.Location.StartsWith(folder, StringComparison.Ordinal)));

    private sealed class Cleanup(string folder) : IDisposable
    {
        public void Dispose() => Directory.Delete(folder, recursive: true);
    }
}
