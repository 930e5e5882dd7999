using System.Text.Json;
using Hotplug.Runtime.Plugins.Discovery;

namespace Hotplug.Runtime.Plugins.Trust;

/// <summary>The <c>plugins.lock.json</c> of a folder of plugins: which content of which plugin may run. Immutable.</summary>
public sealed class PluginLock
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "plugins.lock.json";

    /// <summary>The form of the file that this host reads.</summary>
    public const int Schema = 1;

    // Some thousand plugins.
    private const long MaxBytes = 1 << 20;

    private PluginLock(string path, IReadOnlyList<PluginPin> pins) => (Path, Pins) = (path, pins);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The pins, in order of their ids.</summary>
    public IReadOnlyList<PluginPin> Pins { get; }

    /// <summary>The pin of a plugin, or null.</summary>
    public PluginPin? Find(string id) => Pins.FirstOrDefault(p => p.Id == id);

    /// <summary>Reads the lock file of a folder; null, without a fault, if there is none.</summary>
    /// <param name="folder">The folder of plugins.</param>
    /// <param name="fault">Why the file cannot be used, for people; then nothing of the folder may run.</param>
    public static PluginLock? Read(string folder, out string? fault)
    {
        var path = System.IO.Path.Combine(folder, FileName);
        fault = null;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists && file.LinkTarget is null) return null;
            if (file.Length > MaxBytes) fault = $"it has {file.Length} bytes; at most {MaxBytes} are read";
            else if (JsonSerializer.Deserialize(File.ReadAllBytes(path), PluginLockJson.Default.PluginLockDocument) is not { } document) fault = "the document is null";
            else if ((fault = Fault(document)) is null) return new(path, Sorted(document.Plugins!.Select(p => new PluginPin(p.Id!, p.Version!, p.ManifestSha256!.ToLowerInvariant()))));
        }
        catch (JsonException failure)
        {
            fault = $"line {failure.LineNumber + 1}: {failure.Message.Split(" Path: ")[0].TrimEnd('.')}";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            fault = failure.Message.TrimEnd('.');
        }
        return null;
    }

    /// <summary>A lock file with other pins in place of those of the same ids; nothing is written.</summary>
    internal static PluginLock With(string folder, PluginLock? before, IEnumerable<PluginPin> pins)
    {
        var added = pins.ToList();
        return new(System.IO.Path.Combine(folder, FileName), Sorted((before?.Pins ?? []).Where(p => !added.Exists(a => a.Id == p.Id)).Concat(added)));
    }

    /// <summary>The same without a plugin.</summary>
    internal PluginLock Without(string id) => new(Path, [.. Pins.Where(p => p.Id != id)]);

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Write()
    {
        var document = new PluginLockDocument
        {
            Schema = Schema,
            Plugins = [.. Pins.Select(p => new PluginPinDocument { Id = p.Id, Version = p.Version, ManifestSha256 = p.ManifestSha256 })],
        };
        var partial = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, $".{FileName}.{System.IO.Path.GetRandomFileName()}");
        try
        {
            using (var file = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(file, document, PluginLockJson.Default.PluginLockDocument);
                file.Flush(flushToDisk: true);
            }
            File.Move(partial, Path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    private static string? Fault(PluginLockDocument document)
    {
        if (document.Schema != Schema) return $"field 'schema': {document.Schema?.ToString() ?? "nothing"} is not known; this host reads {Schema}";
        if (document.Plugins is null) return "field 'plugins' is missing";
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < document.Plugins.Length; i++)
        {
            if (document.Plugins[i] is not { Id: { } id, Version: not null, ManifestSha256: { } hash }) return $"field 'plugins[{i}]': id, version and manifestSha256 are needed";
            if (!ids.Add(id)) return $"field 'plugins[{i}].id': '{id}' is pinned twice";
            if (!PluginManifestReader.IsSha256(hash)) return $"field 'plugins[{i}].manifestSha256': '{hash}' is not 64 hexadecimal digits";
        }
        return null;
    }

    private static IReadOnlyList<PluginPin> Sorted(IEnumerable<PluginPin> pins) => [.. pins.OrderBy(p => p.Id, StringComparer.Ordinal)];
}
