using System.Text;

namespace Hotplug.Metal.Kernels;

/// <summary>
/// Texts of the kernels. Metal compiles a string and looks for no files, so a line <c>#include "Folder/Name.metal"</c> is replaced by that file of this folder,
/// each file once; <c>#include &lt;metal_stdlib&gt;</c> stays. Pure functions, safe from any thread.
/// </summary>
internal static class KernelSource
{
    /// <summary>All files, by their path below this folder.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. typeof(KernelSource).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".metal", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The complete text of a file, as given to <c>newLibraryWithSource:</c>.</summary>
    /// <param name="name">Its path below this folder, such as <c>Elements/Add.metal</c>.</param>
    /// <exception cref="FileNotFoundException">It, or a file it includes, does not exist.</exception>
    public static string Read(string name)
    {
        var text = new StringBuilder();
        Append(name, [], text);
        return text.ToString();
    }

    private static void Append(string name, HashSet<string> seen, StringBuilder text)
    {
        if (!seen.Add(name)) return;
        using var stream = typeof(KernelSource).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException($"There is no kernel file {name}.", name);
        using var reader = new StreamReader(stream);
        for (var line = 1; reader.ReadLine() is { } content; line++)
        {
            if (content.StartsWith("#include \"", StringComparison.Ordinal))
            {
                Append(content[10..^1], seen, text);
                text.Append("#line ").Append(line + 1).Append(" \"").Append(name).Append("\"\n");
                continue;
            }
            // Diagnostics name the file that a person edits.
            if (line == 1) text.Append("#line 1 \"").Append(name).Append("\"\n");
            text.Append(content).Append('\n');
        }
    }
}
