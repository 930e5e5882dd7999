using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Watching;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

/// <summary>Folders of plugins that change while they are used. The clock is the test's; announcements of the system are not waited for.</summary>
public sealed class PluginWatcherTests : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private readonly TestPlugins _plugins = new();
    private readonly FakeTimeProvider _time = new();
    private readonly List<PluginChange> _changes = [];
    private Exception? _throw;

    public void Dispose() => _plugins.Dispose();

    [Fact]
    public async Task A_complete_copy_is_told_once_when_it_has_been_quiet_for_a_while()
    {
        var folder = _plugins.Add("Scripted");
        await using var catalog = _plugins.Catalog();
        await catalog.GetAsync("scripted", TestContext.Current.CancellationToken);
        using var watcher = Watch(catalog);
        await LookAsync(watcher);
        Assert.Empty(_changes);

        TestPlugins.EditManifest(folder, m => m["version"] = "2");
        watcher.Signal();
        _time.Advance(Quiet / 2);
        watcher.Signal();
        _time.Advance(Quiet / 2);
        await watcher.Looking;
        Assert.Empty(_changes);
        _time.Advance(Quiet / 2);
        await watcher.Looking;
        Assert.Equal(("scripted", "2", folder), (_changes[0].Id, _changes[0].Version, _changes[0].Folder));

        await LookAsync(watcher);
        Assert.Single(_changes);
        TestPlugins.EditManifest(folder, m => m["version"] = "3");
        await LookAsync(watcher);
        Assert.Equal(["2", "3"], _changes.Select(c => c.Version));
    }

    [Fact]
    public async Task Half_a_copy_is_waited_for()
    {
        var folder = _plugins.Add("Scripted");
        await using var catalog = _plugins.Catalog();
        await catalog.GetAsync("scripted", TestContext.Current.CancellationToken);
        using var watcher = Watch(catalog);
        var (manifest, library) = (Path.Combine(folder, "plugin.json"), Directory.GetFiles(folder, "*.dll")[0]);
        var (text, code) = (await File.ReadAllTextAsync(manifest, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(library, TestContext.Current.CancellationToken));

        // The manifest alone; a file cut short; a file changed in the middle; no manifest; and then all of it.
        TestPlugins.EditManifest(folder, m => m["version"] = "2");
        File.Delete(library);
        await LookAsync(watcher);
        await File.WriteAllBytesAsync(library, code[..(code.Length / 2)], TestContext.Current.CancellationToken);
        await LookAsync(watcher);
        var wrong = code.ToArray();
        wrong[^100] ^= 1;
        await File.WriteAllBytesAsync(library, wrong, TestContext.Current.CancellationToken);
        await LookAsync(watcher);
        File.Delete(manifest);
        await File.WriteAllBytesAsync(library, code, TestContext.Current.CancellationToken);
        await LookAsync(watcher);
        Assert.Empty(_changes);
        await File.WriteAllTextAsync(manifest, text, TestContext.Current.CancellationToken);
        TestPlugins.EditManifest(folder, m => m["version"] = "2");
        await LookAsync(watcher);
        Assert.Equal("2", Assert.Single(_changes).Version);
    }

    [Fact]
    public async Task While_a_folder_is_written_another_of_the_same_id_is_not_taken_for_its_successor()
    {
        // Two roots: one that is configured, and the installation's.
        var configured = Path.Combine(_plugins.Root, "configured", "scripted");
        TestPlugins.Copy(TestPlugins.Project("Scripted"), configured);
        TestPlugins.EditManifest(_plugins.Add("Scripted"), m => m["version"] = "0.0.1");
        await using var catalog = new BackendCatalog(new()
        {
            InstallationDirectory = _plugins.Root, PluginDirectories = [Path.GetDirectoryName(configured)!], PluginEnvironment = null, ShadowCopyDirectory = _plugins.Cache,
        });
        await catalog.GetAsync("scripted", TestContext.Current.CancellationToken);
        using var watcher = Watch(catalog);
        File.Delete(Path.Combine(configured, "plugin.json"));
        await LookAsync(watcher);
        Assert.Empty(_changes);
    }

    [Fact]
    public async Task Without_hashes_the_content_has_to_be_the_same_twice()
    {
        var folder = _plugins.Add("Scripted", edit: m => m.Remove("files"));
        await using var catalog = _plugins.Catalog();
        await catalog.GetAsync("scripted", TestContext.Current.CancellationToken);
        using var watcher = Watch(catalog);
        File.WriteAllText(Path.Combine(folder, "data.txt"), "half");
        await LookAsync(watcher);
        File.WriteAllText(Path.Combine(folder, "data.txt"), "half and half");
        await LookAsync(watcher);
        Assert.Empty(_changes);
        // It asked for the second look itself.
        _time.Advance(Quiet);
        await watcher.Looking;
        Assert.Single(_changes);
    }

    [Fact]
    public async Task What_is_not_loaded_is_not_told_and_new_plugins_can_be_asked_for()
    {
        await using var catalog = _plugins.Catalog();
        using var watcher = Watch(catalog);
        Assert.Empty(catalog.Backends);
        var folder = _plugins.Add("Scripted");
        await LookAsync(watcher);
        TestPlugins.EditManifest(folder, m => m["version"] = "2");
        await LookAsync(watcher);
        Assert.Empty(_changes);
        Assert.Equal("2", (await catalog.GetAsync("scripted", TestContext.Current.CancellationToken)).Current is null ? null : catalog.Backends.Single().Version);
    }

    [Fact]
    public async Task A_change_that_comes_to_nothing_does_not_end_the_watch()
    {
        var folder = _plugins.Add("Scripted");
        await using var catalog = _plugins.Catalog();
        await catalog.GetAsync("scripted", TestContext.Current.CancellationToken);
        using var watcher = Watch(catalog);
        _throw = new InvalidOperationException("refused");
        TestPlugins.EditManifest(folder, m => m["version"] = "2");
        await LookAsync(watcher);
        _throw = null;
        TestPlugins.EditManifest(folder, m => m["version"] = "3");
        // Without being asked: systems lose announcements.
        _time.Advance(TimeSpan.FromMinutes(1));
        await watcher.Looking;
        Assert.Equal(["2", "3"], _changes.Select(c => c.Version));
    }

    private PluginWatcher Watch(BackendCatalog catalog) => new(catalog, (change, _) =>
    {
        _changes.Add(change);
        return _throw is { } failure ? Task.FromException(failure) : Task.CompletedTask;
    }, new() { Quiet = Quiet, Announced = false, Time = _time });

    private async Task LookAsync(PluginWatcher watcher)
    {
        await watcher.Looking;
        watcher.Signal();
        _time.Advance(Quiet);
        await watcher.Looking;
    }
}
