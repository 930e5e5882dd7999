using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Loading;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

public sealed class ShadowCopyTests : IDisposable
{
    private readonly TestPlugins _plugins = new();
    private readonly ShadowCopyCache _cache;

    public ShadowCopyTests() => _cache = new(_plugins.Cache);

    public void Dispose() => _plugins.Dispose();

    private static PluginInspection Inspect(string folder)
    {
        var found = PluginInspector.Inspect(folder, hashes: false);
        Assert.True(found.IsUsable, found.Rejection?.ToString());
        return found;
    }

    [Fact]
    public void A_copy_has_the_listed_files_and_is_used_again()
    {
        var plugin = Inspect(_plugins.Add("Scripted"));
        File.WriteAllText(Path.Combine(plugin.Folder, "notes.txt"), "unlisted");
        using var first = _cache.Take(plugin);
        using var second = _cache.Take(plugin);
        Assert.Null(first.Notice);
        Assert.Equal(first.Folder, second.Folder);
        Assert.StartsWith(_plugins.Cache, first.Folder);
        Assert.Equal([.. plugin.Manifest!.Files.Select(f => f.Path).Append("plugin.json").Order(StringComparer.Ordinal)], PluginPaths.Files(first.Folder));
    }

    [Fact]
    public void The_original_may_go_while_the_copy_is_used()
    {
        var plugin = Inspect(_plugins.Add("Scripted"));
        using var copy = _cache.Take(plugin);
        Directory.Delete(plugin.Folder, recursive: true);
        Assert.True(Inspect(copy.Folder).IsUsable);
    }

    [Fact]
    public void Copies_of_other_contents_go_once_nobody_holds_them()
    {
        var folder = _plugins.Add("Scripted", edit: m => m["name"] = "One");
        var one = _cache.Take(Inspect(folder));
        TestPlugins.EditManifest(folder, m => m["name"] = "Two");
        using (var two = _cache.Take(Inspect(folder)))
        {
            Assert.NotEqual(one.ContentHash, two.ContentHash);
            Assert.True(Directory.Exists(one.Folder));
        }
        one.Dispose();
        TestPlugins.EditManifest(folder, m => m["name"] = "Three");
        using var three = _cache.Take(Inspect(folder));
        Assert.False(Directory.Exists(one.Folder));
        Assert.Equal([three.Folder], Directory.GetDirectories(Path.Combine(_plugins.Cache, "scripted")));
    }

    [Fact]
    public void The_rests_of_a_process_that_ended_are_cleaned_up()
    {
        var plugin = Inspect(_plugins.Add("Scripted"));
        string folder;
        using (var copy = _cache.Take(plugin)) folder = copy.Folder;
        var home = Path.GetDirectoryName(folder)!;
        Directory.CreateDirectory(Path.Combine(home, "0.0.9-0123456789abcdef"));
        File.WriteAllText(Path.Combine(home, "0.0.9-0123456789abcdef.4242-1.hold"), "");
        Directory.CreateDirectory(folder + ".partial");
        File.WriteAllText(Path.Combine(folder, "plugin.json"), "damaged");

        using var again = _cache.Take(plugin);
        Assert.Equal([again.Folder], Directory.GetDirectories(home));
        Assert.True(Inspect(again.Folder).IsUsable);
        Assert.Single(Directory.GetFiles(home, "*.hold"));
    }

    [Fact]
    public void A_file_that_is_not_the_listed_one_is_rejected_and_nothing_is_kept()
    {
        var plugin = Inspect(_plugins.Add("Scripted"));
        var path = Path.Combine(plugin.Folder, "Hotplug.Tests.Scripted.runtimeconfig.json");
        File.AppendAllText(path, " ");
        var rejection = Assert.Throws<PluginRejectedException>(() => _cache.Take(plugin)).Rejection;
        Assert.Equal((PluginRejectionCode.BadHash, path), (rejection.Code, rejection.Path));
        Assert.False(Directory.Exists(_plugins.Cache));
    }

    [Fact]
    public void Without_a_usable_cache_folder_a_temporary_copy_is_made_and_removed()
    {
        File.WriteAllText(_plugins.Cache, "a file where the folder should be");
        var copy = _cache.Take(Inspect(_plugins.Add("Scripted")));
        Assert.Contains(_plugins.Cache, copy.Notice);
        Assert.True(Inspect(copy.Folder).IsUsable);
        copy.Dispose();
        Assert.False(Directory.Exists(copy.Folder));
    }

    [Fact]
    public void Many_at_once_get_the_same_whole_copy()
    {
        var plugin = Inspect(_plugins.Add("Scripted"));
        var copies = new ShadowCopy[8];
        Parallel.For(0, copies.Length, i => copies[i] = new ShadowCopyCache(_plugins.Cache).Take(plugin));
        Assert.Single(copies.Select(c => c.Folder).Distinct());
        Assert.All(copies, c => Assert.Null(c.Notice));
        foreach (var copy in copies) copy.Dispose();
        Assert.Empty(Directory.GetFiles(Path.Combine(_plugins.Cache, "scripted"), "*.hold"));
    }
}
