using System.Text.RegularExpressions;

namespace Hotplug.CpuTests.Code;

/// <summary>A method as the just-in-time compiler lists it for x64.</summary>
/// <param name="Name">Namespace, type, a colon, and the method with its type arguments and parameters.</param>
/// <param name="IsOptimized">True if it is the final code.</param>
/// <param name="Loops">Its loops, by their ends.</param>
internal sealed partial record ListedMethod(string Name, bool IsOptimized, IReadOnlyList<CodeLoop> Loops)
{
    private const string Header = "; Assembly listing for method ", Footer = "; Total bytes of code ";

    /// <summary>
    /// Reads the methods of a listing. Threads that compile at the same time list their methods line by line in turn, which nobody can take apart: of those only the names are read.
    /// </summary>
    /// <param name="listing">Lines.</param>
    /// <param name="mixed">Takes the names of methods that were listed while another was.</param>
    public static IEnumerable<ListedMethod> Read(IEnumerable<string> listing, ICollection<string> mixed)
    {
        var (lines, names, open) = (new List<string>(), new List<string>(), 0);
        foreach (var line in listing)
        {
            if (line.StartsWith(Header, StringComparison.Ordinal))
            {
                names.Add(line[Header.Length..]);
                if (open++ == 0) lines.Clear();
            }
            lines.Add(line);
            if (!line.StartsWith(Footer, StringComparison.Ordinal) || open == 0 || --open > 0) continue;
            if (names.Count == 1) yield return Parse(lines);
            else names.ForEach(mixed.Add);
            names.Clear();
        }
    }

    /// <summary>Calls within loops. A call is one of a method, or of the runtime: its helpers keep no vector registers.</summary>
    public IEnumerable<string> Calls => Loops.SelectMany(l => l.Lines).Where(l => Mnemonic(l) == "call").Select(l => l.Trim()).Distinct();

    /// <summary>Instructions of innermost loops that keep a vector on the stack, or bring it from there.</summary>
    public IEnumerable<string> Spills => Loops.Where(l => l.IsInnermost).SelectMany(l => l.Lines).Where(l => Spill().IsMatch(l)).Select(l => l.Trim());

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
