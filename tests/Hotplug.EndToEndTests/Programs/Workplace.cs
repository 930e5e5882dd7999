namespace Hotplug.EndToEndTests.Programs;

/// <summary>A temporary folder that every user of the machine can read. Disposed, it is gone.</summary>
internal sealed class Workplace : IDisposable
{
    private const UnixFileMode Everybody = UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public Workplace()
    {
        Folder = Directory.CreateTempSubdirectory("hotplug-e2e-").FullName;
        Open(Folder, Everybody | Enter);
    }

    public string Folder { get; }

    /// <summary>Makes a folder in it.</summary>
    public string NewFolder(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        Open(folder, Everybody | Enter);
        return folder;
    }

    /// <summary>Copies a folder with all that is in it.</summary>
    public string CopyFolder(string from, string name)
    {
        var to = NewFolder(name);
        foreach (var folder in Directory.EnumerateDirectories(from)) CopyFolder(folder, Path.Combine(name, Path.GetFileName(folder)));
        foreach (var file in Directory.EnumerateFiles(from)) CopyFile(file, Path.Combine(name, Path.GetFileName(file)));
        return to;
    }

    /// <summary>Copies a file.</summary>
    public string CopyFile(string from, string name)
    {
        var to = Path.Combine(Folder, name);
        File.Copy(from, to);
        Open(to, Everybody);
        return to;
    }

    /// <summary>Takes the right to write to a folder and all that is in it from everybody.</summary>
    public static void Seal(string folder) => Each(folder, mode => mode & ~(UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));

    /// <summary>Why another user could not use this folder and the runtime, or null.</summary>
    public string? WhyNotForEverybody()
    {
        foreach (var place in new[] { Folder, Path.GetDirectoryName(ChildProcess.DotNet)! })
            for (var folder = new DirectoryInfo(place); folder is not null; folder = folder.Parent)
                if (!OperatingSystem.IsWindows() && (folder.UnixFileMode & UnixFileMode.OtherExecute) == 0)
                    return $"Other users may not enter {folder.FullName}, and {place} lies in it.";
        return null;
    }

    public void Dispose()
    {
        Each(Folder, mode => mode | UnixFileMode.UserWrite);
        Directory.Delete(Folder, recursive: true);
    }

    private static void Each(string folder, Func<UnixFileMode, UnixFileMode> change)
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(folder, change(File.GetUnixFileMode(folder)));
        foreach (var inner in Directory.EnumerateDirectories(folder)) Each(inner, change);
        foreach (var file in Directory.EnumerateFiles(folder)) File.SetUnixFileMode(file, change(File.GetUnixFileMode(file)));
    }

    private static void Open(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
    }
}
