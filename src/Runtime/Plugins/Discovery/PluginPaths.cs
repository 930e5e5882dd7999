namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>Paths that a manifest states: relative, forward slashes, inside the plugin's folder.</summary>
internal static class PluginPaths
{
    /// <summary>Says what is wrong with a path that a manifest states, or null.</summary>
    public static string? Fault(string path)
    {
        if (path.Length == 0) return "it is empty";
        if (path.Contains('\\')) return "it has a backslash; write forward slashes";
        if (path[0] == '/' || path.Contains(':')) return "it is not relative to the plugin's folder";
        foreach (var part in path.Split('/'))
            if (part is "" or "." or "..") return "it has an empty part, '.' or '..'";
        return path.AsSpan().ContainsAnyInRange('\0', '\x1f') ? "it has a control character" : null;
    }

    /// <summary>The place of a file in a plugin's folder.</summary>
    public static string Combine(string folder, string path) => Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>True for files and folders that are not part of a plugin: their names begin with a dot, or the system hides them.</summary>
    public static bool IsHidden(FileSystemInfo entry)
        => entry.Name.StartsWith('.') || (OperatingSystem.IsWindows() && entry.Attributes.HasFlag(FileAttributes.Hidden));

    /// <summary>Every file of a folder that is not hidden, as relative paths with forward slashes, in ordinal order.</summary>
    public static List<string> Files(string folder)
    {
        var found = new List<string>();
        Visit(new DirectoryInfo(folder), "", 0);
        found.Sort(StringComparer.Ordinal);
        return found;

        void Visit(DirectoryInfo directory, string prefix, int depth)
        {
            // A link back to a parent would never end.
            if (depth > 16) throw new IOException($"The folder {directory.FullName} lies more than 16 levels deep.");
            foreach (var entry in directory.EnumerateFileSystemInfos())
            {
                if (IsHidden(entry)) continue;
                if (entry is DirectoryInfo inner) Visit(inner, prefix + entry.Name + "/", depth + 1);
                else found.Add(prefix + entry.Name);
            }
        }
    }
}
