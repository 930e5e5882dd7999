using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Installation;
using Hotplug.Runtime.Plugins.Loading;
using Hotplug.Runtime.Plugins.Trust;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

public sealed class PluginInstallerTests : IDisposable
{
    private readonly TestPlugins _plugins = new();
    private readonly PluginInstaller _installer;

    public PluginInstallerTests() => _installer = new(_plugins.Folder);

    private static string Source => TestPlugins.Project("Scripted");

    private string Archive => Path.Combine(_plugins.Root, "package.zip");

    private string Installed => Path.Combine(_plugins.Folder, "scripted");

    public void Dispose() => _plugins.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("any name/")]
    public void A_folder_and_an_archive_of_it_are_installed_as_they_are(string? prefix)
    {
        var source = prefix is null ? Source
            : TestPackages.Zip(Archive, [.. TestPackages.FilesOf(Source).Select(f => (prefix + f.Name, f.Content)), ("__MACOSX/junk", [1]), (prefix + "unlisted.dll", [2])]);
        var installed = _installer.Install(source);
        Assert.Equal(("scripted", Installed, false, null), (installed.Id, installed.Folder, installed.IsPinned, installed.Replaced));
        Assert.Equal(TestPackages.FilesOf(Source).Select(f => f.Name), TestPackages.FilesOf(Installed).Select(f => f.Name));
        Assert.Equal(TestPackages.FilesOf(Source).SelectMany(f => f.Content), TestPackages.FilesOf(Installed).SelectMany(f => f.Content));
        Assert.Equal((installed.Files, installed.Bytes), (TestPackages.FilesOf(Source).Count, TestPackages.FilesOf(Source).Sum(f => f.Content.Length)));
        if (prefix is not null) Assert.Contains("unlisted.dll", installed.LeftOut);
        Assert.Equal("scripted", Assert.Single(PluginScanner.Scan([new(_plugins.Folder, "configuration")], hashes: true).Plugins).Manifest!.Id);
        OnlyTheseAreThere("scripted");
        if (OperatingSystem.IsWindows()) return;
        foreach (var entry in new DirectoryInfo(Installed).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Append(new DirectoryInfo(Installed)))
            Assert.Equal(UnixFileMode.None, entry.UnixFileMode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("../../evil")]
    [InlineData("scripted/../../evil")]
    [InlineData("/tmp/evil")]
    [InlineData("//evil")]
    [InlineData("C:/evil")]
    [InlineData("..\\evil")]
    [InlineData("a\\evil")]
    [InlineData("./evil")]
    [InlineData("a//evil")]
    [InlineData("evil\0.txt")]
    [InlineData("evil\n")]
    [InlineData("nul")]
    [InlineData("a/COM1.dll")]
    [InlineData("evil.")]
    [InlineData("evil ")]
    [InlineData("a/b/c/d/e/f/g/h/i/j/k/l/m/evil")]
    // What is on some file systems the same as what is there.
    [InlineData("PLUGIN.JSON")]
    [InlineData("plugin.json")]
    [InlineData("Plugin.json/evil")]
    [InlineData("plugin.json/")]
    [InlineData("e\u0301vil")]
    public void A_name_that_could_become_something_else_refuses_the_whole_archive(string name)
    {
        TestPackages.Zip(Archive, [.. TestPackages.FilesOf(Source), (name, "evil"u8.ToArray())]);
        Assert.Contains("refused", Assert.Throws<PluginInstallException>(() => _installer.Install(Archive)).Reason);
        OnlyTheseAreThere();
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(_plugins.Root, "*", SearchOption.AllDirectories), f => f.Contains("evil"));
    }

    [Theory]
    [InlineData(0xA000)]
    [InlineData(0x1000)]
    [InlineData(0x4000)]
    public void Links_pipes_and_folders_in_disguise_are_refused(int type)
    {
        TestPackages.Zip(Archive, TestPackages.FilesOf(Source), e => e.ExternalAttributes = e.FullName.EndsWith(".dll", StringComparison.Ordinal) ? (type | 0x1FF) << 16 : (0x8000 | 0x1A4) << 16);
        Assert.Contains("no plain file", Assert.Throws<PluginInstallException>(() => _installer.Install(Archive)).Reason);
        OnlyTheseAreThere();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Makes a link.");
        var folder = Path.Combine(_plugins.Root, "linked");
        TestPlugins.Copy(Source, folder);
        var file = Path.Combine(folder, "Hotplug.Tests.Scripted.dll");
        File.Move(file, file + ".real");
        File.CreateSymbolicLink(file, file + ".real");
        Assert.Contains("link", Assert.Throws<PluginInstallException>(() => _installer.Install(folder)).Reason);
        OnlyTheseAreThere();
    }

    [Fact]
    public void What_unpacks_to_more_than_it_may_is_stopped_when_it_does()
    {
        var zeros = new byte[40 << 20];
        TestPackages.Zip(Archive, TestPackages.With(Source, null, ("zeros", zeros)));
        Assert.InRange(new FileInfo(Archive).Length, 0, 1 << 20);
        foreach (var limits in new[] { new InstallLimits { FileBytes = 1 << 20 }, new InstallLimits { TotalBytes = 1 << 20 } })
            Assert.Contains("longer than", Assert.Throws<PluginInstallException>(() => new PluginInstaller(_plugins.Folder, limits).Install(Archive)).Reason);
        Assert.Contains("entries", Assert.Throws<PluginInstallException>(() => new PluginInstaller(_plugins.Folder, new() { Entries = 3 }).Install(Archive)).Reason);
        // The manifest states a length: not a byte more is written.
        TestPackages.Zip(Archive, TestPackages.With(Source, m => m["files"]!.AsArray()[^1]!["size"] = 10, ("zeros", zeros)));
        Assert.Contains("the 10 bytes", Assert.Throws<PluginInstallException>(() => _installer.Install(Archive)).Reason);
        OnlyTheseAreThere();
    }

    [Fact]
    public void An_archive_that_announces_more_than_a_plugin_needs_is_not_read()
    {
        TestPackages.Zip(Archive, TestPackages.FilesOf(Source));
        var good = File.ReadAllBytes(Archive);
        var end = good.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        Refused(10, 2, ushort.MaxValue, "zip64");
        Refused(10, 2, 60000, "entries");
        Refused(16, 4, uint.MaxValue, "zip64");
        Refused(16, 4, (uint)good.Length, "directory");
        // The directory begins far before it is announced to end.
        var large = new byte[(9 << 20) + good.Length];
        good.CopyTo(large.AsSpan(9 << 20));
        BinaryPrimitives.WriteUInt32LittleEndian(large.AsSpan((9 << 20) + end + 16), 0);
        File.WriteAllBytes(Archive, large);
        Assert.Contains("directory", Assert.Throws<PluginInstallException>(() => _installer.Install(Archive)).Reason);
        File.WriteAllBytes(Archive, []);
        Assert.Contains("empty", Assert.Throws<PluginInstallException>(() => _installer.Install(Archive)).Reason);
        OnlyTheseAreThere();

        void Refused(int at, int bytes, uint value, string said)
        {
            var bad = (byte[])good.Clone();
            BitConverter.GetBytes(value).AsSpan(0, bytes).CopyTo(bad.AsSpan(end + at));
            File.WriteAllBytes(Archive, bad);
            Assert.Contains(said, Assert.Throws<PluginInstallException>(() => _installer.Install(Archive)).Reason);
        }
    }

    [Fact]
    public void Damaged_anywhere_it_is_installed_whole_or_not_at_all()
    {
        // Small, so that many can be tried: what is not code is as well to be damaged.
        var files = TestPackages.FilesOf(Source);
        TestPackages.Zip(Archive, files);
        var good = File.ReadAllBytes(Archive);
        var random = new Random(3);
        var whole = 0;
        for (var i = 0; i < 400; i++)
        {
            var bad = good.ToArray();
            if (i % 4 == 0) bad = bad[..random.Next(bad.Length)];
            // Half of the changes in the directory at the end, which is read first.
            else for (var n = random.Next(1, 4); n > 0; n--) bad[random.Next(2) == 0 ? random.Next(bad.Length) : random.Next(bad.Length - 600, bad.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(Archive, bad);
            try
            {
                _installer.Install(Archive);
                whole++;
                Assert.Equal(files.SelectMany(f => f.Content), TestPackages.FilesOf(Installed).SelectMany(f => f.Content));
                _installer.Remove("scripted");
            }
            catch (Exception failure) when (failure is PluginInstallException or PluginRejectedException)
            {
            }
            OnlyTheseAreThere();
        }
        Assert.InRange(whole, 1, 300);
    }

    [Fact]
    public void Another_takes_the_place_of_one_only_when_asked_and_only_when_it_is_right()
    {
        _installer.Install(Source);
        var before = TestPackages.FilesOf(Installed);
        Assert.Contains("--replace", Assert.Throws<PluginInstallException>(() => _installer.Install(Source)).Cure);

        TestPackages.Zip(Archive, TestPackages.With(Source, m => m["version"] = "2.0.0", ("more.txt", [1])).Select(f => f.Name == "more.txt" ? (f.Name, [2]) : f));
        var rejection = Assert.Throws<PluginRejectedException>(() => _installer.Install(Archive, replace: true)).Rejection;
        Assert.Equal((PluginRejectionCode.BadHash, Path.Combine(Archive, "more.txt")), (rejection.Code, rejection.Path));
        TestPackages.Zip(Archive, TestPackages.With(Source, m => m["version"] = "2.0.0").Where(f => !f.Name.EndsWith(".dll", StringComparison.Ordinal)));
        Assert.Throws<PluginInstallException>(() => _installer.Install(Archive, replace: true));
        TestPackages.Zip(Archive, TestPackages.With(Source, m => m["files"]!.AsArray()[0]!.AsObject().Remove("sha256")));
        Assert.Contains("without a hash", Assert.Throws<PluginInstallException>(() => _installer.Install(Archive, replace: true)).Reason);
        using (var stop = new CancellationTokenSource())
        {
            stop.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => _installer.Install(Source, replace: true, cancellation: stop.Token));
        }
        Assert.Equal(before.Select(f => f.Name), TestPackages.FilesOf(Installed).Select(f => f.Name));
        Assert.Equal(before.SelectMany(f => f.Content), TestPackages.FilesOf(Installed).SelectMany(f => f.Content));
        OnlyTheseAreThere("scripted");

        TestPackages.Zip(Archive, TestPackages.With(Source, m => m["version"] = "2.0.0", ("more.txt", [1])));
        Assert.Equal(before.Count + 1, _installer.Install(Archive, replace: true).Files);
        Assert.True(File.Exists(Path.Combine(Installed, "more.txt")));
        OnlyTheseAreThere("scripted");
    }

    [Fact]
    public void What_a_process_that_was_killed_has_left_is_cleaned_up()
    {
        Directory.CreateDirectory(Path.Combine(_plugins.Folder, ".installing-abc", "x"));
        Directory.CreateDirectory(Path.Combine(_plugins.Folder, ".removed-abc"));
        _installer.Install(Source);
        OnlyTheseAreThere("scripted");
    }

    [Fact]
    public void Only_a_plugin_is_removed_and_its_pin_with_it()
    {
        _installer.Install(Source, pin: true);
        Assert.NotNull(PluginLock.Read(_plugins.Folder, out _)!.Find("scripted"));
        var other = Directory.CreateDirectory(Path.Combine(_plugins.Folder, "photos")).FullName;
        File.WriteAllText(Path.Combine(other, "mother.jpg"), "dear");
        File.WriteAllText(Path.Combine(_plugins.Folder, "file"), "");
        foreach (var id in new[] { "photos", "file", "none", "..", ".", "", "../plugins", "scripted/..", _plugins.Folder }) Assert.Throws<PluginInstallException>(() => _installer.Remove(id));
        Directory.Move(Installed, Path.Combine(_plugins.Folder, "renamed"));
        Assert.Contains("'scripted'", Assert.Throws<PluginInstallException>(() => _installer.Remove("renamed")).Reason);
        Directory.Move(Path.Combine(_plugins.Folder, "renamed"), Installed);
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateSymbolicLink(Path.Combine(_plugins.Folder, "linked"), other);
            Assert.Contains("link", Assert.Throws<PluginInstallException>(() => _installer.Remove("linked")).Reason);
        }

        File.WriteAllText(Path.Combine(Installed, ".mine"), "dear");
        Assert.Contains(".mine", Assert.Throws<PluginInstallException>(() => _installer.Remove("scripted")).Reason);
        Assert.NotEqual("", _installer.Remove("scripted", force: true));
        Assert.False(Directory.Exists(Installed));
        Assert.Empty(PluginLock.Read(_plugins.Folder, out _)!.Pins);
        Assert.True(File.Exists(Path.Combine(other, "mother.jpg")));
        // A damaged one can go, too.
        _installer.Install(Source);
        File.Delete(Path.Combine(Installed, "Hotplug.Tests.Scripted.dll"));
        _installer.Remove("scripted");
    }

    private void OnlyTheseAreThere(params string[] names)
        => Assert.Equal(names, new DirectoryInfo(_plugins.Folder).EnumerateFileSystemInfos().Select(e => e.Name).Where(n => n is not (".gate" or "plugins.lock.json")).Order(StringComparer.Ordinal));
}
