using System.Reflection;

namespace Hotplug.EndToEndTests.Programs;

/// <summary>The repository that the tests stand in, and what was built there.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The output folder of the command line: what a user runs.</summary>
    public static string CommandLine { get; } = Output("src/Cli", "hotplug.dll");

    /// <summary>The output folder of the matrix program, with the plugins cpu and far.</summary>
    public static string Matrix { get; } = Output("tests/Hotplug.PolicyMatrix", "Hotplug.PolicyMatrix.dll");

    /// <summary>The ten lines of the README as a program.</summary>
    public static string ChatSample { get; } = Path.Combine(Output("samples/Chat", "Chat.dll"), "Chat.dll");

    /// <summary>Configuration that all was built in.</summary>
    public static string Configuration => typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>The model that ships with the product.</summary>
    public static string StoryModel { get; } = Path.Combine(Root, "models", "hotplug-story-5m.Q8_0.gguf");

    /// <summary>Reference material beside the repository, or null.</summary>
    public static string? FindShared(params string[] path)
    {
        var folder = Environment.GetEnvironmentVariable("HOTPLUG_SHARED") is { Length: > 0 } given ? given : Path.Combine(Root, "..", "shared");
        var found = Path.Combine([folder, .. path]);
        return Path.Exists(found) ? found : null;
    }

    private static string Output(string project, string program)
    {
        var folder = Path.Combine(Root, project.Replace('/', Path.DirectorySeparatorChar), "bin", Configuration, "net10.0");
        return File.Exists(Path.Combine(folder, program)) ? folder : throw new InvalidOperationException($"{program} is not in {folder}. Build {project} in {Configuration} first.");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Framework.sln"))) return folder.FullName;
        throw new InvalidOperationException("Framework.sln is not above the tests.");
    }
}
