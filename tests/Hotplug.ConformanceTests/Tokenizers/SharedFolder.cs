using Xunit;

namespace Hotplug.ConformanceTests.Tokenizers;

/// <summary>Finds the reference material beside the repository; tests that need what is not there are skipped with the reason.</summary>
internal static class SharedFolder
{
    public static string Find(params string[] path)
    {
        var folder = Environment.GetEnvironmentVariable("HOTPLUG_SHARED") is { Length: > 0 } given ? given : Path.Combine(RepositoryRoot(), "..", "shared");
        var found = Path.Combine([folder, .. path]);
        if (!Path.Exists(found)) Assert.Skip($"There is no {found}; set HOTPLUG_SHARED to the folder with the reference material.");
        return found;
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Framework.sln"))) return folder.FullName;
        throw new InvalidOperationException("Framework.sln is not above the tests.");
    }
}
