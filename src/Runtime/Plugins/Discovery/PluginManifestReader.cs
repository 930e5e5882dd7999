using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>Reads <c>plugin.json</c>. Strict: what it does not know it rejects, naming the field, so that a misspelt field is never ignored.</summary>
internal static partial class PluginManifestReader
{
    // The largest sensible manifest lists some hundred files of 100 bytes each.
    private const long MaxBytes = 1 << 20;

    /// <summary>Reads the manifest of a folder; null, and a rejection, if it is not one.</summary>
    public static PluginManifest? Read(string folder, out PluginRejection? rejection)
    {
        var path = Path.Combine(folder, PluginManifest.FileName);
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                rejection = new()
                {
                    Code = PluginRejectionCode.NotAPlugin, Path = folder, Id = Path.GetFileName(folder),
                    Reason = $"the folder has no {PluginManifest.FileName}.",
                    Cure = "Copy the whole folder of the plugin, or remove this one.",
                };
                return null;
            }
            if (file.Length > MaxBytes) return Bad(path, null, $"the file has {file.Length} bytes; at most {MaxBytes} are read.", out rejection);
            var bytes = File.ReadAllBytes(path);
            var document = PluginManifestJson.Parse(bytes.AsSpan().TrimBom());
            if (document is null) return Bad(path, null, "the document is null.", out rejection);
            return Check(path, document, out rejection) is { } manifest ? manifest with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)) } : null;
        }
        catch (JsonException failure)
        {
            var field = failure.Path is { Length: > 2 } at ? at[2..] : null;
            return Bad(path, field, $"line {failure.LineNumber + 1}: {failure.Message.Split(" Path: ")[0].TrimEnd('.')}.", out rejection);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            rejection = new()
            {
                Code = PluginRejectionCode.Unreadable, Path = path, Id = Path.GetFileName(folder), Reason = failure.Message,
                Cure = "Give the user that runs the host the right to read it.",
            };
            return null;
        }
    }

    /// <summary>True for 64 hexadecimal digits.</summary>
    internal static bool IsSha256(string text) => Sha256().IsMatch(text);

    private static PluginManifest? Check(string path, PluginManifestDocument document, out PluginRejection? rejection)
    {
        if (document.Schema is null) return Missing(path, "schema", out rejection);
        if (document.Schema != PluginManifest.Schema)
            return Bad(path, "schema", $"{document.Schema} is not known; this host reads {PluginManifest.Schema}.", out rejection);
        if (document.Id is null) return Missing(path, "id", out rejection);
        if (!Id().IsMatch(document.Id))
            return Bad(path, "id", $"'{document.Id}' is not an id: use lower-case letters, digits, dots and dashes, at most 64.", out rejection);
        if (string.IsNullOrWhiteSpace(document.Name)) return Missing(path, "name", out rejection);
        if (document.Version is null) return Missing(path, "version", out rejection);
        if (!PluginVersion().IsMatch(document.Version))
            return Bad(path, "version", $"'{document.Version}' is not a version: use letters, digits, dots, dashes and plus, at most 64.", out rejection);
        if (document.Contract is null) return Missing(path, "contract", out rejection);
        if (!ContractVersion.TryParse(document.Contract, out var contract))
            return Bad(path, "contract", $"'{document.Contract}' is not a contract version: write major.minor, such as {ContractVersion.Current}.", out rejection);
        if (document.Assembly is null) return Missing(path, "assembly", out rejection);
        if ((PluginPaths.Fault(document.Assembly) ?? (document.Assembly.Contains('/') ? "it is not a file name" : null)) is { } fault)
            return Bad(path, "assembly", $"'{document.Assembly}': {fault}.", out rejection);
        if (!document.Assembly.EndsWith(".dll", StringComparison.Ordinal))
            return Bad(path, "assembly", $"'{document.Assembly}' does not end in .dll.", out rejection);
        if (document.Kind is not (null or "backend" or "test"))
            return Bad(path, "kind", $"'{document.Kind}' is not known; write backend or test.", out rejection);
        if (document.LoadMode is not (null or "unloadable" or "pinned"))
            return Bad(path, "loadMode", $"'{document.LoadMode}' is not known; write pinned or unloadable.", out rejection);

        for (var i = 0; i < document.NativeLibraries?.Length; i++)
            if ((document.NativeLibraries[i] is { } native ? PluginPaths.Fault(native) : "it is null") is { } wrong)
                return Bad(path, $"nativeLibraries[{i}]", $"'{document.NativeLibraries[i]}': {wrong}.", out rejection);

        var files = new List<PluginFile>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < document.Files?.Length; i++)
        {
            if (document.Files[i] is not { Path: { } name } file) return Missing(path, $"files[{i}].path", out rejection);
            if (PluginPaths.Fault(name) is { } wrong) return Bad(path, $"files[{i}].path", $"'{name}': {wrong}.", out rejection);
            if (!names.Add(name)) return Bad(path, $"files[{i}].path", $"'{name}' is listed twice.", out rejection);
            if (file.Size < 0) return Bad(path, $"files[{i}].size", $"{file.Size} is negative.", out rejection);
            if (file.Sha256 is not null && !Sha256().IsMatch(file.Sha256))
                return Bad(path, $"files[{i}].sha256", $"'{file.Sha256}' is not 64 hexadecimal digits.", out rejection);
            files.Add(new(name, file.Size, file.Sha256?.ToLowerInvariant()));
        }
        if (files.Count != 0 && !names.Contains(document.Assembly))
            return Bad(path, "files", $"the assembly '{document.Assembly}' is not listed.", out rejection);

        rejection = null;
        return new()
        {
            Id = document.Id, Name = document.Name, Version = document.Version, Contract = contract, Assembly = document.Assembly,
            Description = document.Description ?? "",
            Kind = document.Kind == "test" ? PluginKind.Test : PluginKind.Backend,
            LoadMode = document.LoadMode == "pinned" ? PluginLoadMode.Pinned : PluginLoadMode.Unloadable,
            NativeLibraries = [.. document.NativeLibraries?.OfType<string>() ?? []], Files = files,
        };
    }

    private static PluginManifest? Missing(string path, string field, out PluginRejection? rejection)
        => Bad(path, field, "it is missing.", out rejection);

    private static PluginManifest? Bad(string path, string? field, string why, out PluginRejection? rejection)
    {
        rejection = new()
        {
            Code = PluginRejectionCode.BadManifest, Path = path, Id = Path.GetFileName(Path.GetDirectoryName(path)), Field = field,
            Reason = field is null ? why : $"field '{field}': {why}",
            Cure = "Correct plugin.json, or build the plugin again: the build writes it.",
        };
        return null;
    }

    private static ReadOnlySpan<byte> TrimBom(this Span<byte> text) => text.StartsWith("\uFEFF"u8) ? text[3..] : text;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{0,63}\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9.+-]{0,63}\z")]
    private static partial Regex PluginVersion();

    [GeneratedRegex(@"\A[0-9A-Fa-f]{64}\z")]
    private static partial Regex Sha256();
}
