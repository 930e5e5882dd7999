using System.Collections;
using System.Globalization;
using System.Text;

namespace Hotplug.Inference.Chat.Jinja;

/// <summary>
/// What can be said of every value. Values are null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, lists of values, <see cref="JinjaMap"/>,
/// <see cref="JinjaFunction"/>, <see cref="JinjaLoop"/> and <see cref="JinjaUndefined"/>; they behave as in Python.
/// </summary>
internal static class JinjaValue
{
    public static bool IsTrue(object? value) => value switch
    {
        null or JinjaUndefined => false,
        bool truth => truth,
        long whole => whole != 0,
        double real => real != 0,
        string text => text.Length > 0,
        IReadOnlyList<object?> list => list.Count > 0,
        JinjaMap map => map.Count > 0,
        _ => true,
    };

    public static bool AreEqual(object? a, object? b)
    {
        var work = 0;
        return AreEqual(a, b, 0, ref work);
    }

    private static bool AreEqual(object? a, object? b, int depth, ref int work)
    {
        Bound(depth, ref work);
        switch (a, b)
        {
            case (JinjaUndefined, JinjaUndefined):
                return true;
            case (string x, string y):
                return x == y;
            case (IReadOnlyList<object?> x, IReadOnlyList<object?> y):
                if (x.Count != y.Count) return false;
                for (var i = 0; i < x.Count; i++)
                    if (!AreEqual(x[i], y[i], depth + 1, ref work)) return false;
                return true;
            case (JinjaMap x, JinjaMap y):
                if (x.Count != y.Count) return false;
                foreach (var key in x.Keys)
                    if (!(x.TryGet(key, out var first) && y.TryGet(key, out var second) && AreEqual(first, second, depth + 1, ref work))) return false;
                return true;
            default:
                return Number(a) is { } one && Number(b) is { } other ? one == other : Equals(a, b);
        }
    }

    // Lists that hold one list twice, many times over, have few parts and no end.
    private static void Bound(int depth, ref int work)
    {
        if (depth > JinjaBudget.Depth || ++work > JinjaBudget.ListLength) throw new JinjaException($"it compares values that nest deeper than {JinjaBudget.Depth} or have more than {JinjaBudget.ListLength} parts");
    }

    /// <summary>A number, truths being 0 and 1; null for other values.</summary>
    public static double? Number(object? value) => value switch
    {
        bool truth => truth ? 1 : 0,
        long whole => whole,
        double real => real,
        _ => null,
    };

    /// <summary>Orders numbers, texts and lists.</summary>
    public static int Compare(object? a, object? b)
    {
        var work = 0;
        return Compare(a, b, 0, ref work);
    }

    private static int Compare(object? a, object? b, int depth, ref int work)
    {
        Bound(depth, ref work);
        switch (a, b)
        {
            case (string x, string y):
                return string.CompareOrdinal(x, y);
            case (long x, long y):
                return x.CompareTo(y);
            case (IReadOnlyList<object?> x, IReadOnlyList<object?> y):
                for (var i = 0; i < Math.Min(x.Count, y.Count); i++)
                    if (Compare(x[i], y[i], depth + 1, ref work) is var order and not 0) return order;
                return x.Count.CompareTo(y.Count);
            default:
                return Number(a) is { } one && Number(b) is { } other ? one.CompareTo(other) : throw new JinjaException($"{Kind(a)} and {Kind(b)} have no order");
        }
    }

    /// <summary>The items of a list, the characters of a text, the keys of a mapping; nothing for what is not there.</summary>
    public static IReadOnlyList<object?> Items(object? value) => value switch
    {
        IReadOnlyList<object?> list => list,
        JinjaMap map => [.. map.Keys],
        string text => [.. text.EnumerateRunes().Select(rune => rune.ToString())],
        JinjaUndefined => [],
        _ => throw new JinjaException($"{Kind(value)} has no items"),
    };

    /// <summary>What a value is called.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "none",
        JinjaUndefined undefined => $"'{undefined.Name}', which is not defined,",
        bool => "a truth value",
        long => "a whole number",
        double => "a number",
        string => "a text",
        JinjaMap => "a mapping",
        IEnumerable => "a list",
        _ => "a function",
    };

    /// <summary>How a value comes out.</summary>
    public static string Text(object? value, JinjaBudget budget)
    {
        if (value is string text) return text;
        var result = new StringBuilder();
        Write(value, result, budget, 0, quoted: false);
        return result.ToString();
    }

    private static void Write(object? value, StringBuilder result, JinjaBudget budget, int depth, bool quoted)
    {
        budget.Step();
        if (depth > JinjaBudget.Depth) throw new JinjaException("a value is nested too deep");
        if (result.Length > JinjaBudget.TextLength) budget.Text(result.Length);
        switch (value)
        {
            case null:
                result.Append("None");
                break;
            case JinjaUndefined:
                break;
            case bool truth:
                result.Append(truth ? "True" : "False");
                break;
            case long whole:
                result.Append(whole);
                break;
            case double real:
                result.Append(Real(real));
                break;
            case string text when quoted:
                var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
                result.Append(quote).Append(text.Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\t", "\\t").Replace("\r", "\\r").Replace($"{quote}", $"\\{quote}")).Append(quote);
                break;
            case string text:
                result.Append(text);
                break;
            case IReadOnlyList<object?> list:
                result.Append('[');
                for (var i = 0; i < list.Count; i++)
                {
                    if (i > 0) result.Append(", ");
                    Write(list[i], result, budget, depth + 1, quoted: true);
                }

                result.Append(']');
                break;
            case JinjaMap map:
                result.Append('{');
                var first = true;
                foreach (var key in map.Keys)
                {
                    if (!first) result.Append(", ");
                    first = false;
                    Write(key, result, budget, depth + 1, quoted: true);
                    result.Append(": ");
                    map.TryGet(key, out var member);
                    Write(member, result, budget, depth + 1, quoted: true);
                }

                result.Append('}');
                break;
            default:
                throw new JinjaException($"{Kind(value)} cannot be written");
        }
    }

    /// <summary>A number as Python writes it: with a fraction, if only .0.</summary>
    public static string Real(double real)
    {
        if (!double.IsFinite(real)) return double.IsNaN(real) ? "nan" : real > 0 ? "inf" : "-inf";
        var text = real.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);
        return text.Contains('.') || text.Contains('e') ? text : text + ".0";
    }
}
