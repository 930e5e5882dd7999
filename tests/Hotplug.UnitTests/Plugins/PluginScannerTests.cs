using Hotplug.Runtime.Plugins.Discovery;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

public sealed class PluginScannerTests : IDisposable
{
    private readonly TestPlugins _plugins = new();

    public void Dispose() => _plugins.Dispose();

    [Fact]
    public void Roots_are_environment_then_configuration_then_installation_without_repeats()
    {
        var roots = PluginScanner.Roots(["more", _plugins.Folder], string.Join(Path.PathSeparator, "/env/a", "/env/b/"), _plugins.Root);
        Assert.Equal([(Path.GetFullPath("/env/a"), "environment"), (Path.GetFullPath("/env/b"), "environment"), (Path.Combine(_plugins.Root, "more"), "configuration"), (_plugins.Folder, "configuration")],
            roots.Select(r => (r.Path, r.Origin)));
    }

    [Fact]
    public void Broken_folders_are_listed_and_hide_nothing()
    {
        _plugins.Add("Scripted");
        _plugins.Add("OwnContract");
        _plugins.Add("SideEffect");
        _plugins.Add("FutureMajor", "misnamed", m => m["schema"] = 9);
        Directory.CreateDirectory(Path.Combine(_plugins.Folder, "empty"));
        Directory.CreateDirectory(Path.Combine(_plugins.Folder, ".hidden"));
        File.WriteAllText(Path.Combine(_plugins.Folder, "readme.txt"), "");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_plugins.Folder, "junk")).FullName, "x"), "");

        var scan = PluginScanner.Scan(PluginScanner.Roots([], null, _plugins.Root));

        Assert.Equal(["scripted", "side-effect"], scan.Plugins.Select(p => p.Manifest!.Id));
        Assert.Equal([("junk", PluginRejectionCode.NotAPlugin), ("misnamed", PluginRejectionCode.BadManifest), ("own-contract", PluginRejectionCode.PrivateContract)],
            scan.Rejections.Select(r => (r.Id!, r.Code)));
        Assert.Equal([".hidden", "empty", "readme.txt"], scan.Notices.Select(n => Path.GetFileName(n.Path)));
    }

    [Fact]
    public void A_folder_must_bear_the_plugins_id()
    {
        _plugins.Add("Scripted", "renamed");
        var rejection = Assert.Single(PluginScanner.Scan(PluginScanner.Roots([], null, _plugins.Root)).Rejections);
        Assert.Equal(PluginRejectionCode.WrongFolder, rejection.Code);
        Assert.Equal("Rename the folder to 'scripted'.", rejection.Cure);
    }

    [Fact]
    public void The_first_usable_plugin_of_an_id_counts()
    {
        var second = _plugins.Add("Scripted");
        var first = Path.Combine(_plugins.Root, "first", "scripted");
        TestPlugins.Copy(TestPlugins.Project("Scripted"), first);
        var roots = PluginScanner.Roots(["first"], null, _plugins.Root);

        var scan = PluginScanner.Scan(roots);
        Assert.Equal(first, Assert.Single(scan.Plugins).Folder);
        var duplicate = Assert.Single(scan.Rejections);
        Assert.Equal((PluginRejectionCode.DuplicateId, second), (duplicate.Code, duplicate.Path));
        Assert.Contains(first, duplicate.Reason);

        File.Delete(Path.Combine(first, "Hotplug.Tests.Scripted.dll"));
        Assert.Equal(second, Assert.Single(PluginScanner.Scan(roots).Plugins).Folder);
    }

    [Fact]
    public void A_root_may_be_a_plugin_itself_under_any_name()
    {
        var folder = Path.Combine(_plugins.Root, "net10.0");
        TestPlugins.Copy(TestPlugins.Project("Scripted"), folder);
        Assert.Equal(folder, Assert.Single(PluginScanner.Scan(PluginScanner.Roots([], folder, _plugins.Root)).Plugins).Folder);
    }

    [Fact]
    public void A_named_folder_that_does_not_exist_is_a_notice_and_the_own_one_is_not()
    {
        Directory.Delete(_plugins.Folder);
        var notice = Assert.Single(PluginScanner.Scan(PluginScanner.Roots(["nowhere"], null, _plugins.Root)).Notices);
        Assert.Equal(Path.Combine(_plugins.Root, "nowhere"), notice.Path);
    }

    [Fact]
    public void Unlisted_files_are_a_notice()
    {
        File.WriteAllText(Path.Combine(_plugins.Add("Scripted"), "notes.txt"), "");
        Assert.Contains("notes.txt", Assert.Single(PluginScanner.Scan(PluginScanner.Roots([], null, _plugins.Root)).Notices).Text);
    }
}
