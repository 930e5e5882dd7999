using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>
/// Looks at a plugin folder without running anything of it: manifest, files, metadata, versions. What it accepts may still fail to load,
/// but not for a reason that could have been seen from outside.
/// </summary>
public static class PluginInspector
{
    private const string ContractFile = "Hotplug.Abstractions.dll";

    /// <summary>Looks at one folder. Never throws for what it finds there.</summary>
    /// <param name="folder">The plugin's folder; its name is not compared with the id.</param>
    /// <param name="hashes">Whether to read every listed file and compare its hash; otherwise files are only asked whether they are there, whole and of the listed size.</param>
    public static PluginInspection Inspect(string folder, bool hashes = true)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        try
        {
            return Look(folder, hashes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new()
            {
                Folder = folder,
                Rejection = new()
                {
                    Code = PluginRejectionCode.Unreadable, Path = folder, Id = Path.GetFileName(folder), Reason = failure.Message,
                    Cure = "Give the user that runs the host the right to read it, and copy it again if it is incomplete.",
                },
            };
        }
    }

    private static PluginInspection Look(string folder, bool hashes)
    {
        if (PluginManifestReader.Read(folder, out var rejection) is not { } manifest) return new() { Folder = folder, Rejection = rejection };
        var looked = new PluginInspection { Folder = folder, Manifest = manifest };
        var present = PluginPaths.Files(folder);

        if (present.FirstOrDefault(p => Path.GetFileName(p).Equals(ContractFile, StringComparison.OrdinalIgnoreCase)) is { } own)
        {
            var copy = PluginPaths.Combine(folder, own);
            var version = AssemblyVersion(copy);
            return looked with
            {
                Rejection = Reject(PluginRejectionCode.PrivateContract, copy,
                    $"the plugin ships its own copy of Hotplug.Abstractions{(version is null ? "" : $" {version}")}; with it, its types would not be the host's.",
                    "Delete that file, and reference Hotplug.Abstractions with Private=\"false\" ExcludeAssets=\"runtime\".") with { AbstractionsVersion = version },
            };
        }

        var assembly = PluginPaths.Combine(folder, manifest.Assembly);
        if (!File.Exists(assembly))
            return looked with
            {
                Rejection = Reject(PluginRejectionCode.MissingAssembly, assembly, $"plugin.json names the assembly {manifest.Assembly}, and it is not there.",
                    "Copy the whole folder of the plugin again."),
            };
        if (manifest.NativeLibraries.Where(n => !File.Exists(PluginPaths.Combine(folder, n))).ToArray() is { Length: > 0 } natives)
            return looked with
            {
                Rejection = Reject(PluginRejectionCode.MissingNativeLibrary, PluginPaths.Combine(folder, natives[0]),
                    $"plugin.json lists the native {(natives.Length == 1 ? "library" : "libraries")} {string.Join(", ", natives)}, and {(natives.Length == 1 ? "it is" : "they are")} not there.",
                    "Copy the whole folder of the plugin again, or take the build for this operating system and processor."),
            };
        if (MissingFile(folder, manifest) is { } missing) return looked with { Rejection = missing };

        var metadata = PluginMetadataReader.Read(assembly, out var code, out var reason);
        if (metadata is null)
            return looked with
            {
                Rejection = Reject(code, assembly, reason, code switch
                {
                    PluginRejectionCode.Incomplete or PluginRejectionCode.BadAssembly => "Copy the whole folder of the plugin again.",
                    PluginRejectionCode.BadEntryType => "Name a public class of the assembly that implements IBackendPlugin and has a public constructor without parameters.",
                    PluginRejectionCode.Unreadable => "Give the user that runs the host the right to read it.",
                    _ => "Name the assembly that has [assembly: BackendPlugin(id, typeof(…), contract)] in plugin.json.",
                }),
            };
        looked = looked with { Metadata = metadata };
        if (Disagreement(manifest, metadata) is { } disagreement)
            return looked with
            {
                Rejection = Reject(PluginRejectionCode.ManifestDisagrees, assembly, disagreement,
                    "Build the plugin again, so that plugin.json and the assembly come from one build."),
            };
        if (ContractFault(manifest.Contract, metadata.AbstractionsVersion) is var (why, cure))
            return looked with
            {
                Rejection = Reject(PluginRejectionCode.ContractMismatch, assembly, why, cure) with
                {
                    PluginContract = manifest.Contract, AbstractionsVersion = metadata.AbstractionsVersion,
                },
            };
        if (hashes && ChangedFile(folder, manifest) is { } changed) return looked with { Rejection = changed };
        return looked with { Notices = Unlisted(folder, manifest, present) };

        PluginRejection Reject(PluginRejectionCode kind, string path, string text, string remedy)
            => new() { Code = kind, Path = path, Id = manifest.Id, Reason = text, Cure = remedy };
    }

    /// <summary>Compares the hash of every listed file.</summary>
    internal static PluginRejection? ChangedFile(string folder, PluginManifest manifest)
    {
        foreach (var file in manifest.Files)
        {
            var path = PluginPaths.Combine(folder, file.Path);
            if (file.Sha256 is null || PluginHashes.OfFile(path) is var hash && hash == file.Sha256) continue;
            return Changed(manifest, path, file.Path, file.Sha256, hash);
        }
        return null;
    }

    internal static PluginRejection Changed(PluginManifest manifest, string path, string name, string listed, string found) => new()
    {
        Code = PluginRejectionCode.BadHash, Path = path, Id = manifest.Id,
        Reason = $"{name} has the SHA-256 {found}, and plugin.json lists {listed}: the file was changed, or the copy is damaged.",
        Cure = "Copy the whole folder of the plugin again.",
    };

    private static PluginRejection? MissingFile(string folder, PluginManifest manifest)
    {
        var dependencies = Path.ChangeExtension(manifest.Assembly, ".deps.json");
        foreach (var file in manifest.Files.Append(new PluginFile(dependencies, null, null)))
        {
            var info = new FileInfo(PluginPaths.Combine(folder, file.Path));
            if (info.Exists && (file.Size is null || info.Length == file.Size)) continue;
            return new()
            {
                Code = PluginRejectionCode.Incomplete, Path = info.FullName, Id = manifest.Id,
                Reason = info.Exists ? $"{file.Path} has {info.Length} bytes, and plugin.json lists {file.Size}."
                    : $"{file.Path} is not there{(file.Path == dependencies ? ": without it private dependencies are not found" : ", and plugin.json lists it")}.",
                Cure = "The folder was copied in part: copy the whole folder of the plugin again.",
            };
        }
        return null;
    }

    private static string? Disagreement(PluginManifest manifest, PluginMetadata metadata)
    {
        if (manifest.Id != metadata.Id) return $"plugin.json says id '{manifest.Id}', the assembly's attribute '{metadata.Id}'.";
        if (!ContractVersion.TryParse(metadata.Contract, out var contract))
            return $"plugin.json says contract {manifest.Contract}, the assembly's attribute '{metadata.Contract}', which is not a version.";
        return contract == manifest.Contract ? null : $"plugin.json says contract {manifest.Contract}, the assembly's attribute {contract}.";
    }

    private static (string Why, string Cure)? ContractFault(ContractVersion plugin, Version reference)
    {
        var host = ContractVersion.Current;
        var own = typeof(IBackendPlugin).Assembly.GetName().Version!;
        if (!host.Accepts(plugin))
            return ($"it was made for contract {plugin}, and this host runs {host.Major}.0 to {host}.",
                plugin.Major < host.Major || plugin.Major == host.Major && plugin.Minor < host.Minor
                    ? $"Take a build of the plugin for contract {host.Major}.x."
                    : $"Update the host to one of contract {plugin}, or take a build of the plugin for contract {host} or older.");
        if (reference.Major != own.Major)
            return ($"it references Hotplug.Abstractions {reference}, and this host has {own}.",
                $"Build the plugin against Hotplug.Abstractions {own.Major}.x.");
        return null;
    }

    private static PluginNotice[] Unlisted(string folder, PluginManifest manifest, List<string> present)
    {
        if (manifest.Files.Count == 0) return [];
        var listed = manifest.Files.Select(f => f.Path).Append(PluginManifest.FileName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var extra = present.Where(p => !listed.Contains(p)).ToArray();
        return extra.Length == 0 ? [] : [new(folder, $"not listed in plugin.json and therefore not used: {string.Join(", ", extra)}.")];
    }

    private static Version? AssemblyVersion(string path)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(path));
            return image.GetMetadataReader().GetAssemblyDefinition().Version;
        }
        // Only named in a message; a copy that cannot be read is rejected all the same.
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return null;
        }
    }
}
