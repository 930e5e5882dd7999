using Xunit;

namespace Hotplug.UnitTests.Reference;

/// <summary>Finds the repository and the folder with reference results beside it.</summary>
internal static class SharedMaterial
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file of the shared folder; skips the test if it is not there.</summary>
    public static string File(params string[] path)
    {
        var shared = Environment.GetEnvironmentVariable("HOTPLUG_SHARED") ?? Path.Combine(Root, "..", "shared");
        var file = Path.Combine([shared, .. path]);
        if (!System.IO.File.Exists(file)) Assert.Skip($"There is no {file}; set HOTPLUG_SHARED to the folder with the conformance data.");
        return file;
    }

    /// <summary>Little-endian single-precision numbers of a shared file.</summary>
    public static float[] Floats(params string[] path)
    {
        var bytes = System.IO.File.ReadAllBytes(File(path));
        var numbers = new float[bytes.Length / 4];
        Buffer.BlockCopy(bytes, 0, numbers, 0, bytes.Length);
        return numbers;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Framework.sln"))) return folder.FullName;
        throw new InvalidOperationException("Framework.sln is not above the tests.");
    }
}
