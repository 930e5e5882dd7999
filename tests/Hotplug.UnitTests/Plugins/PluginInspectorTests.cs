using System.Text.Json.Nodes;
using CsCheck;
using Hotplug.Abstractions.Plugins;
using Hotplug.Runtime.Plugins.Discovery;
using Xunit;

namespace Hotplug.UnitTests.Plugins;

public sealed class PluginInspectorTests : IDisposable
{
    private readonly TestPlugins _plugins = new();

    public void Dispose() => _plugins.Dispose();

    private static PluginRejection Rejected(string folder, PluginRejectionCode code, string path, string reason, string cure)
    {
        var rejection = PluginInspector.Inspect(folder).Rejection;
        Assert.NotNull(rejection);
        Assert.Equal(code, rejection.Code);
        Assert.Equal(path, rejection.Path);
        Assert.Contains(reason, rejection.Reason);
        Assert.Contains(cure, rejection.Cure);
        Assert.Contains(path, rejection.ToString());
        return rejection;
    }

    [Fact]
    public void A_built_plugin_is_usable_and_described_by_manifest_and_metadata()
    {
        var found = PluginInspector.Inspect(TestPlugins.Project("Scripted"));
        Assert.True(found.IsUsable, found.Rejection?.ToString());
        Assert.Equal("scripted", found.Manifest.Id);
        Assert.Equal("Hotplug.Tests.Scripted.ScriptedPlugin", found.Metadata.EntryType);
        Assert.Equal(PluginKind.Test, found.Manifest.Kind);
        Assert.All(found.Manifest.Files, f => Assert.NotNull(f.Sha256));
        Assert.Contains(found.Manifest.Files, f => f.Path == "Hotplug.Tests.Scripted.deps.json");
        Assert.Empty(found.Notices);
    }

    [Theory]
    [InlineData("FutureMajor", "2.0")]
    [InlineData("FutureMinor", "1.99")]
    public void A_later_contract_is_rejected_with_both_versions(string project, string contract)
    {
        var folder = TestPlugins.Project(project);
        var rejection = Rejected(folder, PluginRejectionCode.ContractMismatch, Path.Combine(folder, $"Hotplug.Tests.{project}.dll"),
            $"made for contract {contract}, and this host runs 1.0 to {ContractVersion.Current}", $"Update the host to one of contract {contract}");
        Assert.Equal(contract, rejection.PluginContract.ToString());
        Assert.Equal(ContractVersion.Current, rejection.HostContract);
        Assert.Equal(new Version(1, 0, 0, 0), rejection.AbstractionsVersion);
    }

    [Fact]
    public void A_private_copy_of_the_contract_is_rejected()
    {
        var folder = TestPlugins.Project("OwnContract");
        var rejection = Rejected(folder, PluginRejectionCode.PrivateContract, Path.Combine(folder, "Hotplug.Abstractions.dll"),
            "ships its own copy of Hotplug.Abstractions 1.0.0.0", "Private=\"false\"");
        Assert.Equal("own-contract", rejection.Id);
    }

    [Fact]
    public void A_missing_native_library_is_rejected()
    {
        var folder = TestPlugins.Project("MissingNative");
        Rejected(folder, PluginRejectionCode.MissingNativeLibrary, Path.Combine(folder, "native", "libnowhere.so"),
            "native library native/libnowhere.so", "Copy the whole folder");
    }

    [Fact]
    public void Any_file_left_out_of_a_copy_is_noticed()
    {
        foreach (var file in Directory.GetFiles(TestPlugins.Project("Scripted")).Select(f => Path.GetFileName(f)!))
        {
            var folder = _plugins.Add("Scripted", "without-" + file);
            File.Delete(Path.Combine(folder, file));
            var (code, path) = file switch
            {
                "plugin.json" => (PluginRejectionCode.NotAPlugin, folder),
                "Hotplug.Tests.Scripted.dll" => (PluginRejectionCode.MissingAssembly, Path.Combine(folder, file)),
                _ => (PluginRejectionCode.Incomplete, Path.Combine(folder, file)),
            };
            Rejected(folder, code, path, file == "plugin.json" ? "plugin.json" : file, "Copy the whole folder".ToLowerInvariant()[5..]);
        }
    }

    [Fact]
    public void The_dependency_file_is_needed_even_when_no_files_are_listed()
    {
        var folder = _plugins.Add("Scripted", edit: m => m.Remove("files"));
        var missing = Path.Combine(folder, "Hotplug.Tests.Scripted.deps.json");
        Assert.True(PluginInspector.Inspect(folder).IsUsable);
        File.Delete(missing);
        Rejected(folder, PluginRejectionCode.Incomplete, missing, "private dependencies", "copied in part");
    }

    [Fact]
    public void An_assembly_cut_short_anywhere_is_noticed_without_hashes()
    {
        var folder = _plugins.Add("Scripted", edit: m => m.Remove("files"));
        var path = Path.Combine(folder, "Hotplug.Tests.Scripted.dll");
        var whole = File.ReadAllBytes(path);
        Gen.Int[0, whole.Length - 1].Sample(length =>
        {
            File.WriteAllBytes(path, whole[..length]);
            var rejection = PluginInspector.Inspect(folder).Rejection;
            Assert.NotNull(rejection);
            Assert.True(rejection.Code is PluginRejectionCode.Incomplete or PluginRejectionCode.BadAssembly, rejection.ToString());
            Assert.Equal(path, rejection.Path);
        }, iter: 300, threads: 1);
    }

    [Fact]
    public void A_changed_file_is_noticed_by_its_hash_and_a_changed_size_without_one()
    {
        var folder = _plugins.Add("Scripted");
        var path = Path.Combine(folder, "Hotplug.Tests.Scripted.runtimeconfig.json");
        File.AppendAllText(path, " ");
        Assert.True(PluginInspector.Inspect(folder, hashes: false).IsUsable);
        Rejected(folder, PluginRejectionCode.BadHash, path, "has the SHA-256", "Copy the whole folder");

        var size = new FileInfo(path).Length;
        TestPlugins.EditManifest(folder, m => m["files"]!.AsArray().First(f => f!["path"]!.GetValue<string>().EndsWith("runtimeconfig.json", StringComparison.Ordinal))!["size"] = size - 1);
        Assert.Equal($"Hotplug.Tests.Scripted.runtimeconfig.json has {size} bytes, and plugin.json lists {size - 1}.", PluginInspector.Inspect(folder, hashes: false).Rejection!.Reason);
    }

    [Fact]
    public void A_manifest_that_disagrees_with_the_assembly_is_rejected()
    {
        var folder = _plugins.Add("Scripted", edit: m => m["id"] = "other");
        Rejected(folder, PluginRejectionCode.ManifestDisagrees, Path.Combine(folder, "Hotplug.Tests.Scripted.dll"), "id 'other', the assembly's attribute 'scripted'", "Build the plugin again");
        TestPlugins.EditManifest(folder, m => (m["id"], m["contract"]) = ("scripted", "1.7"));
        Rejected(folder, PluginRejectionCode.ManifestDisagrees, Path.Combine(folder, "Hotplug.Tests.Scripted.dll"), "contract 1.7, the assembly's attribute 1.0", "Build the plugin again");
    }

    [Fact]
    public void An_assembly_that_is_no_plugin_is_rejected()
    {
        var folder = _plugins.Add("Scripted", edit: m => m.Remove("files"));
        var path = Path.Combine(folder, "Hotplug.Tests.Scripted.dll");
        File.Copy(typeof(Gen).Assembly.Location, path, overwrite: true);
        Rejected(folder, PluginRejectionCode.NotAPlugin, path, "no BackendPlugin attribute", "[assembly: BackendPlugin");
        File.WriteAllText(path, "not an image at all");
        Rejected(folder, PluginRejectionCode.BadAssembly, path, "cannot be read as an assembly", "Copy the whole folder");
    }

    [Fact]
    public void Random_damage_to_an_assembly_never_escapes_the_reader()
    {
        var folder = _plugins.Add("Scripted", edit: m => m.Remove("files"));
        var path = Path.Combine(folder, "Hotplug.Tests.Scripted.dll");
        var whole = File.ReadAllBytes(path);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 40].Sample(damage =>
        {
            var bytes = (byte[])whole.Clone();
            foreach (var (at, value) in damage) bytes[at] = value;
            File.WriteAllBytes(path, bytes);
            var found = PluginInspector.Inspect(folder);
            Assert.True(found.IsUsable || found.Rejection is not null);
        }, iter: 500, threads: 1);
    }

    public static TheoryData<string, string, string> BadFields() => new()
    {
        { "schema", "2", "2 is not known" },
        { "schema", "null", "missing" },
        { "id", "\"UPPER\"", "'UPPER' is not an id" },
        { "id", "\"a/../b\"", "is not an id" },
        { "id", "\"scripted\\n\"", "is not an id" },
        { "id", "7", "line 1" },
        { "name", "\"\"", "missing" },
        { "version", "\"../1\"", "is not a version" },
        { "contract", "\"one\"", "is not a contract version" },
        { "contract", "null", "missing" },
        { "assembly", "\"../Hotplug.Tests.Scripted.dll\"", "'.' or '..'" },
        { "assembly", "\"/etc/passwd\"", "not relative" },
        { "assembly", "\"sub/x.dll\"", "not a file name" },
        { "assembly", "\"x.exe\"", "does not end in .dll" },
        { "assembly", "\"Other.dll\"", "is not listed" },
        { "kind", "\"toy\"", "write backend or test" },
        { "loadMode", "\"sometimes\"", "write pinned or unloadable" },
        { "nativeLibraries", "[\"a\\\\b.dll\"]", "backslash" },
        { "nativeLibraries", "[null]", "it is null" },
        { "files", "[{\"path\": \"C:/x\"}]", "not relative" },
        { "files", "[{}]", "missing" },
        { "files", "[{\"path\": \"x\", \"size\": -1}]", "negative" },
        { "files", "[{\"path\": \"x\", \"sha256\": \"12\"}]", "64 hexadecimal digits" },
        { "files", "[{\"path\": \"x\"}, {\"path\": \"X\"}]", "listed twice" },
        { "nativeLibrary", "[]", "nativeLibrary" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public void A_wrong_field_is_named(string field, string value, string reason)
    {
        var folder = _plugins.Add("Scripted", edit: m => m[field] = JsonNode.Parse(value));
        var rejection = Rejected(folder, PluginRejectionCode.BadManifest, Path.Combine(folder, "plugin.json"), reason, "Correct plugin.json");
        Assert.StartsWith(field == "assembly" && reason.Contains("listed") ? "files" : field, rejection.Field ?? "(none)");
    }

    [Fact]
    public void A_field_given_twice_is_rejected()
    {
        var folder = _plugins.Add("Scripted");
        var path = Path.Combine(folder, "plugin.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"schema\": 1,", "\"schema\": 1, \"id\": \"other\","));
        Rejected(folder, PluginRejectionCode.BadManifest, path, "id", "Correct plugin.json");
    }

    [Fact]
    public void Random_damage_to_a_manifest_never_escapes_the_reader()
    {
        var folder = _plugins.Add("Scripted");
        var path = Path.Combine(folder, "plugin.json");
        var whole = File.ReadAllBytes(path);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 10].Sample(damage =>
        {
            var bytes = (byte[])whole.Clone();
            foreach (var (at, value) in damage) bytes[at] = value;
            File.WriteAllBytes(path, bytes);
            var found = PluginInspector.Inspect(folder);
            Assert.True(found.IsUsable || found.Rejection is { Reason.Length: > 0, Cure.Length: > 0 });
        }, iter: 1000, threads: 1);
    }
}
