using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Hotplug.Inference.Grammars.Json;

/// <summary>Numbers within bounds, digit by digit. Between bounds that are no integers, numbers with a fraction keep off the last one.</summary>
internal static class NumberSchema
{
    // Few enough digits that a reader in double precision does not round to the bound.
    private const string Fraction = "\".\" [0-9]{1,8}";

    public static string Write(JsonObject schema, string type, string path)
    {
        var low = Bound(schema, "minimum", path) is { } minimum ? (Value: minimum, Open: false) : ((decimal Value, bool Open)?)null;
        var high = Bound(schema, "maximum", path) is { } maximum ? (Value: maximum, Open: false) : ((decimal Value, bool Open)?)null;
        if (Bound(schema, "exclusiveMinimum", path) is { } above && !(above < low?.Value)) low = (above, true);
        if (Bound(schema, "exclusiveMaximum", path) is { } below && !(below > high?.Value)) high = (below, true);
        if (low is null && high is null) return type;

        // Integers from first to last; a bound that is open excludes itself.
        var first = low is { } l ? new BigInteger(Math.Ceiling(l.Value)) + (l.Open && Math.Ceiling(l.Value) == l.Value ? 1 : 0) : (BigInteger?)null;
        var last = high is { } h ? new BigInteger(Math.Floor(h.Value)) - (h.Open && Math.Floor(h.Value) == h.Value ? 1 : 0) : (BigInteger?)null;
        var alternatives = new List<string>();
        if (first is null || last is null || first <= last) alternatives.AddRange(Integers(first, last));
        if (type == "number")
        {
            // n.f lies between n and n + 1, so n may be any integer whose successor is not beyond the bound.
            alternatives.AddRange(Magnitudes(BigInteger.Max(first ?? 0, 0), Floor(high) - 1).Select(n => $"{n} {Fraction}"));
            alternatives.AddRange(Magnitudes(BigInteger.Max(-(last ?? 0), 0), low is { } bound ? new BigInteger(Math.Floor(-bound.Value)) - 1 : null).Select(n => $"\"-\" {n} {Fraction}"));
        }

        if (alternatives.Count == 0)
            throw SchemaError.At(path, $"between the bounds there is no {(type == "integer" ? "integer" : "number that a grammar finds")}", "Widen them");
        return GbnfText.OneOf(alternatives);

        static BigInteger? Floor((decimal Value, bool Open)? bound) => bound is { } b ? new BigInteger(Math.Floor(b.Value)) : null;
    }

    private static IEnumerable<string> Integers(BigInteger? first, BigInteger? last)
    {
        if (last is null || last >= 0)
            foreach (var range in Magnitudes(BigInteger.Max(first ?? 0, 0), last)) yield return range;
        if (first is null || first < 0)
            foreach (var range in Magnitudes(BigInteger.Max(-(last ?? -1), 1), -first)) yield return $"\"-\" {range}";
    }

    /// <summary>The decimal forms of the integers from one to another, none if there are none; null for as many digits as numbers have.</summary>
    private static IEnumerable<string> Magnitudes(BigInteger from, BigInteger? to)
    {
        var end = to ?? BigInteger.Pow(10, Math.Max(JsonRules.Digits, from.ToString(CultureInfo.InvariantCulture).Length)) - 1;
        for (var start = from; start <= end;)
        {
            var digits = start.ToString(CultureInfo.InvariantCulture);
            var stop = BigInteger.Min(BigInteger.Pow(10, digits.Length) - 1, end);
            yield return Between(digits, stop.ToString(CultureInfo.InvariantCulture));
            start = stop + 1;
        }
    }

    /// <summary>Numbers of as many digits from one to another.</summary>
    private static string Between(string low, string high)
    {
        if (low.Length == 0) return "\"\"";
        var rest = low.Length - 1;
        if (low[1..].All(d => d == '0') && high[1..].All(d => d == '9')) return Digits(low[0], high[0], rest);
        if (low[0] == high[0]) return $"\"{low[0]}\" {Between(low[1..], high[1..])}";
        var alternatives = new List<string> { $"\"{low[0]}\" {Between(low[1..], new string('9', rest))}" };
        if (high[0] - low[0] > 1) alternatives.Add(Digits((char)(low[0] + 1), (char)(high[0] - 1), rest));
        alternatives.Add($"\"{high[0]}\" {Between(new string('0', rest), high[1..])}");
        return GbnfText.OneOf(alternatives);
    }

    private static string Digits(char low, char high, int rest) => $"[{low}-{high}]{(rest == 0 ? "" : $" [0-9]{{{rest}}}")}";

    private static decimal? Bound(JsonObject schema, string keyword, string path)
    {
        if (!schema.TryGetPropertyValue(keyword, out var node)) return null;
        return node is JsonValue value && value.TryGetValue(out decimal bound) ? bound
            : throw SchemaError.At(path, $"'{keyword}' is {node?.ToJsonString() ?? "null"}", "A bound is a number of at most 28 digits");
    }
}
