using System.Text.RegularExpressions;

namespace Hotplug.CpuTests.Code;

/// <summary>A method as the just-in-time compiler lists it for x64.</summary>
/// <param name="Name">Namespace, type, a colon, and the method with its type arguments and parameters.</param>
/// <param name="IsOptimized">True if it is the final code.</param>
/// <param name="Loops">Its loops, by their ends.</param>
internal sealed partial record ListedMethod(string Name, bool IsOptimized, IReadOnlyList<CodeLoop> Loops)
{
    private const string Header = "; Assembly listing for method ";

    /// <summary>Reads all methods of a listing.</summary>
    public static IEnumerable<ListedMethod> Read(IEnumerable<string> listing)
    {
        var lines = new List<string>();
        foreach (var line in listing)
        {
            if (line.StartsWith(Header, StringComparison.Ordinal) && lines.Count > 0)
            {
                yield return Parse(lines);
                lines.Clear();
            }
            if (lines.Count > 0 || line.StartsWith(Header, StringComparison.Ordinal)) lines.Add(line);
        }
        if (lines.Count > 0) yield return Parse(lines);
    }

    /// <summary>What a kernel's loops must not do, one line each; empty if all is well.</summary>
    public IEnumerable<string> Complaints()
    {
        foreach (var loop in Loops)
        {
            foreach (var line in loop.Lines)
            {
                // The address of a runtime helper, or of a method.
                if (Mnemonic(line) == "call") yield return $"{Name} calls within a loop: {line.Trim()}";
                if (loop.IsInnermost && Spill().IsMatch(line)) yield return $"{Name} keeps a vector on the stack within a loop: {line.Trim()}";
            }
        }
    }

    private static ListedMethod Parse(List<string> lines)
    {
        var name = lines[0][Header.Length..];
        var instructions = new List<string>();
        var labels = new Dictionary<string, int>();
        foreach (var line in lines.Skip(1))
        {
            if (Label().Match(line) is { Success: true } label) labels[label.Groups[1].Value] = instructions.Count;
            else if (Mnemonic(line) is { Length: > 0 } word && char.IsLetter(word[0])) instructions.Add(line);
        }
        var ranges = new List<(int First, int Last)>();
        for (var i = 0; i < instructions.Count; i++)
            if (Mnemonic(instructions[i])[0] == 'j' && Target().Match(instructions[i]) is { Success: true } target && labels.TryGetValue(target.Groups[1].Value, out var first) && first <= i)
                ranges.Add((first, i));
        var loops = ranges.Select(r => new CodeLoop(instructions[r.First..(r.Last + 1)], !ranges.Any(o => o != r && o.First >= r.First && o.Last <= r.Last))).ToList();
        return new(name, name.Contains("(FullOpts)", StringComparison.Ordinal), loops);
    }

    private static string Mnemonic(string line) => line.Length > 7 && line.StartsWith("       ", StringComparison.Ordinal) ? line.Trim().Split(' ', 2)[0] : "";

    [GeneratedRegex(@"^(G_M\w+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"(G_M\w+)\s*$")]
    private static partial Regex Target();

    // Below the frame, or relative to the stack: above it are arguments.
    [GeneratedRegex(@"\b[xyz]mm\d+\b.*\[(rbp-|rsp)|\[(rbp-|rsp).*\b[xyz]mm\d+\b")]
    private static partial Regex Spill();
}
