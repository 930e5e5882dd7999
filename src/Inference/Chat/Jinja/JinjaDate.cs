using System.Globalization;
using System.Text;

namespace Hotplug.Inference.Chat.Jinja;

/// <summary>Dates as <c>strftime</c> writes them, in English.</summary>
internal static class JinjaDate
{
    public static string Format(DateTimeOffset time, string format)
    {
        var result = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                result.Append(format[i]);
                continue;
            }

            // A minus takes the zero in front away.
            var bare = format[++i] == '-' && i + 1 < format.Length;
            if (bare) i++;
            var part = Part(time, format[i]);
            result.Append(bare ? part.TrimStart('0') is { Length: > 0 } some ? some : "0" : part);
        }

        return result.ToString();
    }

    private static string Part(DateTimeOffset time, char code) => code switch
    {
        'Y' => time.ToString("yyyy", CultureInfo.InvariantCulture),
        'y' => time.ToString("yy", CultureInfo.InvariantCulture),
        'm' => time.ToString("MM", CultureInfo.InvariantCulture),
        'd' => time.ToString("dd", CultureInfo.InvariantCulture),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'B' => time.ToString("MMMM", CultureInfo.InvariantCulture),
        'b' or 'h' => time.ToString("MMM", CultureInfo.InvariantCulture),
        'A' => time.ToString("dddd", CultureInfo.InvariantCulture),
        'a' => time.ToString("ddd", CultureInfo.InvariantCulture),
        'H' => time.ToString("HH", CultureInfo.InvariantCulture),
        'I' => time.ToString("hh", CultureInfo.InvariantCulture),
        'M' => time.ToString("mm", CultureInfo.InvariantCulture),
        'S' => time.ToString("ss", CultureInfo.InvariantCulture),
        'f' => time.ToString("ffffff", CultureInfo.InvariantCulture),
        'p' => time.Hour < 12 ? "AM" : "PM",
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'z' => time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal),
        'F' => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        'T' => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        'D' => time.ToString("MM'/'dd'/'yy", CultureInfo.InvariantCulture),
        '%' => "%",
        _ => throw new JinjaException($"dates have no part %{code}"),
    };
}
