using System.Text;

namespace Hotplug.Inference.Chat.Jinja;

/// <summary>What Python does with texts.</summary>
internal static class JinjaTexts
{
    public static string Capitalise(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    public static string Title(string text)
    {
        var result = text.ToLowerInvariant().ToCharArray();
        for (var i = 0; i < result.Length; i++)
            if (i == 0 || !char.IsLetter(result[i - 1])) result[i] = char.ToUpperInvariant(result[i]);
        return new(result);
    }

    public static string Replace(string text, string old, string with, long most, JinjaBudget budget)
    {
        if (old.Length == 0) throw new JinjaException("nothing cannot be replaced");
        var result = new StringBuilder();
        var at = 0;
        for (int next; most != 0 && (next = text.IndexOf(old, at, StringComparison.Ordinal)) >= 0; most--)
        {
            budget.Step();
            result.Append(text, at, next - at).Append(with);
            at = next + old.Length;
            if (result.Length > JinjaBudget.TextLength) break;
        }

        budget.Text(result.Length + (long)text.Length - at);
        return result.Append(text, at, text.Length - at).ToString();
    }

    public static List<object?> Split(string text, string? separator, long most, JinjaBudget budget)
    {
        var limit = most < 0 ? int.MaxValue : (int)Math.Min(most + 1, int.MaxValue);
        string[] parts;
        if (separator is null)
        {
            // At blanks of any number, and none at the ends; what is left over when enough parts are there keeps its blanks inside.
            parts = text.TrimStart().Split((char[]?)null, limit, StringSplitOptions.RemoveEmptyEntries);
            if (most >= 0 && parts.Length == limit && limit > 0) parts[^1] = parts[^1].TrimStart();
        }
        else parts = separator.Length == 0 ? throw new JinjaException("a separator is empty") : text.Split(separator, limit);
        budget.List(parts.Length);
        budget.Text(text.Length);
        return [.. parts];
    }

    public static List<object?> SplitBackwards(string text, string? separator, long most, JinjaBudget budget)
    {
        if (most < 0 || separator is null) return Split(text, separator, most, budget);
        if (separator.Length == 0) throw new JinjaException("a separator is empty");
        var parts = new List<object?>();
        var rest = text;
        for (int at; most > 0 && (at = rest.LastIndexOf(separator, StringComparison.Ordinal)) >= 0; most--)
        {
            parts.Insert(0, rest[(at + separator.Length)..]);
            rest = rest[..at];
            budget.List(parts.Count);
        }

        parts.Insert(0, rest);
        return parts;
    }

    public static string Join(IReadOnlyList<object?> items, string separator, JinjaInterpreter interpreter)
    {
        var result = new StringBuilder();
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) result.Append(separator);
            result.Append(interpreter.Text(items[i]));
            if (result.Length > JinjaBudget.TextLength) break;
        }

        interpreter.Budget.Step(items.Count);
        interpreter.Budget.Text(result.Length);
        return result.ToString();
    }

    public static string Indent(string text, string indent, bool first, bool blank, JinjaBudget budget)
    {
        var lines = text.Split('\n');
        budget.Text(text.Length + (long)lines.Length * indent.Length);
        return string.Join('\n', lines.Select((line, i) => (i == 0 && !first) || (line.Length == 0 && !blank && i > 0) ? line : indent + line));
    }
}
