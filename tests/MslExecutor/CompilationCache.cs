using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Hotplug.MslExecutor;

/// <summary>
/// The folder in which compiled sources are kept, with the headers that the compiler reads, by a hash of all that goes into them: every process of a test run compiles a kernel once for
/// all. It is the folder that the environment variable HOTPLUG_MSL_CACHE names, whose owner deletes it, or else one below the temporary folder, from which what nobody used for a
/// week is deleted. Safe for concurrent calls and processes.
/// </summary>
internal static class CompilationCache
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(7);
    private static readonly string[] Headers = ["runtime.h", "checks.h", "metal.h", "exports.h", "tail.h", "metal_stdlib", "lint.h"];
    private static readonly Lazy<(string Folder, string Hash)> Place = new(Open);

    /// <summary>Where the headers lie, and everything made from them.</summary>
    public static string Folder => Place.Value.Folder;

    /// <summary>The name of what comes of these texts and the headers.</summary>
    public static string Key(params ReadOnlySpan<string> parts) => Hash([Place.Value.Hash, .. parts]);

    /// <summary>A name for a file that exists only while something is made.</summary>
    public static string Scratch(string key) => Path.Combine(Folder, $"{key}-{Guid.NewGuid():N}");

    /// <summary>Whether a file is there; from now on it counts as used.</summary>
    public static bool Has(string file)
    {
        if (!File.Exists(file)) return false;
        try
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
            return true;
        }
        // Thrown away by another process at this very moment.
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private static (string Folder, string Hash) Open()
    {
        var texts = Headers.Select(Read).ToArray();
        var hash = Hash(texts);
        var named = Environment.GetEnvironmentVariable("HOTPLUG_MSL_CACHE");
        var root = named is { Length: > 0 } ? named : Path.Combine(Path.GetTempPath(), $"hotplug-msl-{Environment.UserName}");
        if (named is not { Length: > 0 } && Directory.Exists(root)) ThrowAway(root);
        var folder = Path.Combine(root, hash);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        for (var i = 0; i < Headers.Length; i++)
        {
            var file = Path.Combine(folder, Headers[i]);
            if (Has(file)) continue;
            var part = $"{file}-{Guid.NewGuid():N}";
            File.WriteAllText(part, texts[i]);
            File.Move(part, file, overwrite: true);
        }
        return (folder, hash);
    }

    private static void ThrowAway(string root)
    {
        var limit = DateTime.UtcNow - Keep;
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            if (File.GetLastWriteTimeUtc(file) < limit) File.Delete(file);
        foreach (var folder in Directory.GetDirectories(root))
        {
            if (Directory.GetLastWriteTimeUtc(folder) >= limit || Directory.EnumerateFileSystemEntries(folder).Any()) continue;
            try
            {
                Directory.Delete(folder);
            }
            // Another process has just put something into it, or was quicker.
            catch (IOException)
            {
            }
        }
    }

    private static string Hash(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0]);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 12));
    }

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
