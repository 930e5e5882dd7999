using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Hotplug.Runtime.Hosting;
using Hotplug.Runtime.Plugins.Catalog;
using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Installation;
using Hotplug.Runtime.Plugins.Loading;
using Hotplug.Runtime.Plugins.Trust;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

public sealed class PluginPinningTests : IDisposable
{
    private readonly TestPlugins _plugins = new();

    private string LockFile => Path.Combine(_plugins.Folder, PluginLock.FileName);

    public void Dispose() => _plugins.Dispose();

    [Fact]
    public async Task A_pinned_plugin_runs_and_one_that_is_not_does_not()
    {
        _plugins.Add("Scripted");
        Assert.Single(new PluginInstaller(_plugins.Folder).Pin([]));
        _plugins.Add("SideEffect");
        var mark = Path.Combine(_plugins.Root, "mark");
        Environment.SetEnvironmentVariable("HOTPLUG_TEST_MARK", mark);
        try
        {
            await using var catalog = _plugins.Catalog();
            Assert.True(Assert.Single(catalog.Backends).IsPinned);
            await catalog.GetAsync("scripted", TestContext.Current.CancellationToken);
            var rejection = (await Assert.ThrowsAsync<PluginRejectedException>(async () => await catalog.GetAsync("side-effect"))).Rejection;
            Assert.Equal(PluginRejectionCode.NotPinned, rejection.Code);
            Assert.Contains($"hotplug plugins pin side-effect --in {_plugins.Folder}", rejection.Cure);
            Assert.False(File.Exists(mark));
        }
        finally
        {
            Environment.SetEnvironmentVariable("HOTPLUG_TEST_MARK", null);
        }
    }

    [Fact]
    public void A_pin_covers_every_file_by_the_manifest()
    {
        var folder = _plugins.Add("Scripted");
        var installer = new PluginInstaller(_plugins.Folder);
        installer.Pin(["scripted"]);
        // Another file, its hash brought up to date: the manifest is another.
        var dll = Path.Combine(folder, "Hotplug.Tests.Scripted.dll");
        File.AppendAllText(dll, "x");
        TestPlugins.EditManifest(folder, m => m["files"]!.AsArray().Single(f => (string?)f!["path"] == "Hotplug.Tests.Scripted.dll")!["sha256"] = PluginHashes.OfFile(dll));
        var rejection = Assert.Single(Scan(PluginPinning.Auto).Rejections);
        Assert.Equal((PluginRejectionCode.PinMismatch, Path.Combine(folder, "plugin.json")), (rejection.Code, rejection.Path));
        Assert.Equal("scripted", Assert.Single(Scan(PluginPinning.Off).Plugins).Manifest!.Id);
        Assert.Contains(Scan(PluginPinning.Off).Notices, n => n.Path == LockFile);
        // Trusted, it is pinned anew.
        installer.Pin(["scripted"]);
        Assert.NotNull(Assert.Single(Scan(PluginPinning.Auto).Plugins).Pin);

        // A file without a hash is not covered, and so not pinned, nor run by a pin that somebody wrote by hand.
        TestPlugins.EditManifest(folder, m => m["files"]!.AsArray()[0]!.AsObject().Remove("sha256"));
        Assert.Contains("without a hash", Assert.Throws<PluginInstallException>(() => installer.Pin([])).Reason);
        WriteLock(new JsonObject { ["id"] = "scripted", ["version"] = "1", ["manifestSha256"] = PluginHashes.OfFile(Path.Combine(folder, "plugin.json")) });
        Assert.Equal(PluginRejectionCode.NotPinned, Assert.Single(Scan(PluginPinning.Auto).Rejections).Code);
    }

    [Fact]
    public void Required_nothing_runs_without_a_lock_file_and_a_damaged_one_lets_nothing_run()
    {
        _plugins.Add("Scripted");
        Assert.Single(Scan(PluginPinning.Auto).Plugins);
        Assert.Equal(PluginRejectionCode.NotPinned, Assert.Single(Scan(PluginPinning.Require).Rejections).Code);
        new PluginInstaller(_plugins.Folder).Pin([]);
        Assert.Single(Scan(PluginPinning.Require).Plugins);
        var good = File.ReadAllText(LockFile);
        foreach (var bad in new[]
        {
            "", "null", "[]", "{}", good[..^3], good.Replace("\"schema\": 1", "\"schema\": 2"), good.Replace("\"schema\"", "\"shema\""), good.Replace("manifestSha256\": \"", "manifestSha256\": \"g"),
            good.Replace("\"plugins\": [", "\"plugins\": [null,"), good.Replace("\"id\": \"scripted\"", "\"id\": null"),
        })
        {
            File.WriteAllText(LockFile, bad);
            var rejection = Assert.Single(Scan(PluginPinning.Auto).Rejections);
            Assert.Equal((PluginRejectionCode.NotPinned, LockFile), (rejection.Code, rejection.Path));
            Assert.Throws<PluginInstallException>(() => new PluginInstaller(_plugins.Folder).Pin([]));
        }
        File.WriteAllText(LockFile, good);
        Assert.Single(Scan(PluginPinning.Auto).Plugins);
    }

    [Fact]
    public async Task What_was_exchanged_after_it_was_found_is_not_loaded_where_it_is_pinned()
    {
        var folder = _plugins.Add("Scripted");
        new PluginInstaller(_plugins.Folder).Pin([]);
        await using var catalog = _plugins.Catalog();
        Assert.Single(catalog.Backends);
        // Another plugin under the same names, right in itself.
        TestPlugins.EditManifest(folder, m => m["name"] = "Another");
        var failure = await Assert.ThrowsAsync<PluginRejectedException>(async () => await catalog.GetAsync("scripted"));
        Assert.Equal(PluginRejectionCode.PinMismatch, failure.Rejection.Code);
        Assert.False(Directory.Exists(_plugins.Cache));
    }

    [Fact]
    public async Task What_was_exchanged_after_it_was_found_is_loaded_as_it_is_where_nothing_is_pinned()
    {
        var folder = _plugins.Add("Scripted");
        await using var catalog = _plugins.Catalog();
        Assert.Single(catalog.Backends);
        TestPlugins.EditManifest(folder, m => m["name"] = "Another");
        await catalog.GetAsync("scripted");
        Assert.Equal("Another", catalog.Backends[0].Name);
    }

    [Fact]
    public async Task What_is_to_take_the_place_of_a_pinned_plugin_has_to_be_the_pinned_one_wherever_it_lies()
    {
        var folder = _plugins.Add("Scripted");
        new PluginInstaller(_plugins.Folder).Pin([]);
        await using var catalog = _plugins.Catalog();
        await catalog.GetAsync("scripted");
        var same = Path.Combine(_plugins.Root, "elsewhere", "same");
        TestPlugins.Copy(folder, same);
        await using (var staged = await catalog.StageAsync("scripted", same)) Assert.True(staged.Description.IsPinned);
        TestPlugins.EditManifest(same, m => m["version"] = "2");
        Assert.Equal(PluginRejectionCode.PinMismatch, (await Assert.ThrowsAsync<PluginRejectedException>(async () => await catalog.StageAsync("scripted", same))).Rejection.Code);
    }

    [Fact]
    public void A_pinned_plugin_is_not_loaded_from_a_copy_that_has_more_nor_in_place()
    {
        _plugins.Add("Scripted");
        new PluginInstaller(_plugins.Folder).Pin([]);
        var plugin = Assert.Single(Scan(PluginPinning.Auto).Plugins);
        var cache = new ShadowCopyCache(_plugins.Cache);
        string extra;
        using (var copy = cache.Take(plugin))
        {
            extra = Path.Combine(copy.Folder, "Planted.dll");
            File.WriteAllText(extra, "found by the code if it looks for it");
        }
        using (cache.Take(plugin)) Assert.False(File.Exists(extra));
    }

    [Fact]
    public void An_installation_into_a_folder_with_a_lock_file_is_pinned_and_verified()
    {
        var installer = new PluginInstaller(_plugins.Folder);
        Assert.True(installer.Install(TestPlugins.Project("Scripted"), pin: true).IsPinned);
        Assert.True(installer.Install(TestPlugins.Project("SideEffect")).IsPinned);
        Assert.Equal(["scripted", "side-effect"], PluginLock.Read(_plugins.Folder, out _)!.Pins.Select(p => p.Id));
        Assert.Equal(2, Scan(PluginPinning.Require).Plugins.Count);
        Assert.Throws<PluginInstallException>(() => installer.Pin(["nobody"]));
    }

    [Fact]
    public void What_others_may_write_to_is_not_run()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Rights of Unix.");
            return;
        }
        var folder = _plugins.Add("Scripted");
        new PluginInstaller(_plugins.Folder).Pin([]);
        foreach (var path in new[] { Path.Combine(folder, "Hotplug.Tests.Scripted.dll"), Path.Combine(folder, "plugin.json"), folder, LockFile, _plugins.Folder, _plugins.Root })
        {
            var before = File.GetUnixFileMode(path);
            File.SetUnixFileMode(path, before | UnixFileMode.OtherWrite);
            var rejection = Assert.Single(Scan(PluginPinning.Auto).Rejections);
            Assert.Equal((PluginRejectionCode.WritableByOthers, path), (rejection.Code, rejection.Path));
            Assert.Contains($"chmod o-w '{path}'", rejection.Cure);
            // Above the folder of plugins a sticky one is what /tmp is.
            File.SetUnixFileMode(path, before | UnixFileMode.OtherWrite | UnixFileMode.StickyBit);
            Assert.Equal(path == _plugins.Root ? 1 : 0, Scan(PluginPinning.Auto).Plugins.Count);
            File.SetUnixFileMode(path, before);
        }
        // Nor what a link leads to.
        var elsewhere = Directory.CreateDirectory(Path.Combine(_plugins.Root, "elsewhere")).FullName;
        Directory.Move(folder, Path.Combine(elsewhere, "scripted"));
        Directory.CreateSymbolicLink(folder, Path.Combine(elsewhere, "scripted"));
        Assert.Single(Scan(PluginPinning.Auto).Plugins);
        File.SetUnixFileMode(elsewhere, File.GetUnixFileMode(elsewhere) | UnixFileMode.OtherWrite);
        Assert.Equal(elsewhere, Assert.Single(Scan(PluginPinning.Auto).Rejections).Path);
        Assert.Throws<PluginInstallException>(() => new PluginInstaller(elsewhere).Pin([]));
    }

    [Fact]
    public void What_belongs_to_somebody_else_is_not_run()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Gives a file to another user.");
        var folder = _plugins.Add("Scripted");
        foreach (var path in new[] { Path.Combine(folder, "Hotplug.Tests.Scripted.dll"), folder, _plugins.Folder })
        {
            Assert.Equal(0, TestOwner.Change(path, 12345));
            var rejection = Assert.Single(Scan(PluginPinning.Auto).Rejections);
            Assert.Equal((PluginRejectionCode.WritableByOthers, path), (rejection.Code, rejection.Path));
            Assert.Contains("12345", rejection.Reason);
            Assert.Equal(0, TestOwner.Change(path, 0));
        }
        Assert.Single(Scan(PluginPinning.Auto).Plugins);
    }

    [Fact]
    public void Pinning_is_configured()
    {
        Assert.Equal(PluginPinning.Auto, Read([]).ToCatalog().Pinning);
        Assert.Equal(PluginPinning.Require, Read(new() { ["Hotplug:Plugins:Pinning"] = "require" }).ToCatalog().Pinning);
        Assert.Contains("Pinning", Assert.Throws<OptionsValidationException>(() => Read(new() { ["Hotplug:Plugins:Pinning"] = "perhaps" })).Message);
        Assert.Contains("Pinnning", Assert.Throws<OptionsValidationException>(() => Read(new() { ["Hotplug:Plugins:Pinnning"] = "off" })).Message);

        static HotplugOptions Read(Dictionary<string, string?> values) => HotplugOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("Hotplug"));
    }

    private PluginScan Scan(PluginPinning pinning) => PluginScanner.Scan([new(_plugins.Folder, "configuration")], pinning: pinning);

    private void WriteLock(params JsonNode[] pins) => File.WriteAllText(LockFile, new JsonObject { ["schema"] = 1, ["plugins"] = new JsonArray(pins) }.ToJsonString());
}
