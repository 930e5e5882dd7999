using System.Text;
using Hotplug.Runtime.Plugins.Discovery;

namespace Hotplug.Runtime.Plugins.Installation;

/// <summary>Collects the names in a package and finds those that would become something else on some file system: paths out of the folder, devices, two names that are one.</summary>
internal sealed class PackageNames
{
    private const int MaxLength = 240, MaxDepth = 12;
    private static readonly string[] Devices =
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. Enumerable.Range(0, 10).SelectMany(i => (string[])[$"COM{i}", $"LPT{i}"])];

    // What a name becomes where case does not count, and the name it came from; folders end with a slash.
    private readonly Dictionary<string, string> _seen = [];

    /// <summary>Adds the name of a file, or of a folder if it ends with a slash; says what is wrong with it, or null.</summary>
    public string? Add(string name)
    {
        var isFolder = name.EndsWith('/');
        var path = isFolder ? name[..^1] : name;
        if (Fault(path) is { } fault) return fault;
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
            if (Collision(path[..slash], isFolder: true) is { } folder) return folder;
        return Collision(path, isFolder);
    }

    private string? Collision(string path, bool isFolder)
    {
        var key = path.ToUpperInvariant();
        var kind = isFolder ? path + "/" : path;
        if (_seen.TryAdd(key, kind)) return null;
        if (_seen[key] != kind) return $"on some file systems it is the same as '{_seen[key]}'";
        return isFolder ? null : "it is there twice";
    }

    private static string? Fault(string path)
    {
        if (PluginPaths.Fault(path) is { } fault) return fault;
        if (path.Length > MaxLength) return $"it has more than {MaxLength} characters";
        // One file system composes letters, another does not, and a third keeps whatever bytes it is given: then two names are one, or one is none.
        if (!Ascii.IsValid(path)) return "it has a character that is not ASCII";
        var parts = path.Split('/');
        if (parts.Length > MaxDepth) return $"it lies more than {MaxDepth} folders deep";
        foreach (var part in parts)
        {
            if (part[^1] is '.' or ' ') return "a part of it ends with a dot or a space";
            if (part.AsSpan().IndexOfAny("<>\"|?*") >= 0) return "it has a character that is not allowed on Windows";
            if (Devices.Contains(part.Split('.')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase)) return "it is the name of a device on Windows";
        }
        return null;
    }
}
