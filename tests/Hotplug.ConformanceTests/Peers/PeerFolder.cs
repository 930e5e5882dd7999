using Hotplug.ConformanceTests.Tokenizers;
using Xunit;

namespace Hotplug.ConformanceTests.Peers;

/// <summary>A copy of llama.cpp that can be started: in the shared folder links are files that hold their target. Once per test class; owns the copy.</summary>
public sealed class PeerFolder : IDisposable
{
    // A library is larger; a name is not.
    private const int LongestLink = 128;
    private readonly Lazy<string> _folder = new(Copy);

    /// <summary>The server; skips the test where there is no llama.cpp, or no Linux to run it on.</summary>
    internal string Server
    {
        get
        {
            if (!OperatingSystem.IsLinux()) Assert.Skip("The llama.cpp to compare with is built for Linux.");
            SharedFolder.Find("peers", "llama.cpp", "llama-server");
            return Path.Combine(_folder.Value, "llama-server");
        }
    }

    /// <summary>A file in the folder.</summary>
    internal string File(string name) => Path.Combine(_folder.Value, name);

    public void Dispose()
    {
        if (_folder.IsValueCreated) Directory.Delete(_folder.Value, recursive: true);
    }

    private static string Copy()
    {
        var folder = Directory.CreateTempSubdirectory("hotplug-peer-").FullName;
        foreach (var file in Directory.EnumerateFiles(SharedFolder.Find("peers", "llama.cpp")))
        {
            var target = Path.Combine(folder, Path.GetFileName(file));
            if (Path.GetFileName(file).Contains(".so", StringComparison.Ordinal) && new FileInfo(file).Length < LongestLink)
                System.IO.File.CreateSymbolicLink(target, System.IO.File.ReadAllText(file).Trim());
            else
                System.IO.File.Copy(file, target);
        }
        return folder;
    }
}
