using System.Globalization;

namespace Hotplug.Testing.Data;

/// <summary>
/// How many random cases tests draw. The environment variable <c>HOTPLUG_CASES</c> multiplies their number: 10 for a long run, 0.1 for a look.
/// </summary>
public static class CaseCount
{
    /// <summary>Name of the environment variable.</summary>
    public const string Variable = "HOTPLUG_CASES";

    /// <summary>By what numbers of cases are multiplied; 1 where the variable is not set.</summary>
    /// <exception cref="FormatException">The variable holds no positive number.</exception>
    public static double Factor { get; } = Read();

    /// <summary>The cases of a test.</summary>
    /// <param name="cases">Their number where nothing is asked.</param>
    /// <param name="share">The share of them that the backend gets: <see cref="Fixtures.BackendFixture.CaseShare"/>.</param>
    /// <returns>At least 1.</returns>
    public static int Of(int cases, double share = 1) => (int)Math.Clamp(Math.Round(cases * share * Factor), 1, int.MaxValue);

    private static double Read()
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text)) return 1;
        return double.TryParse(text, CultureInfo.InvariantCulture, out var factor) && factor > 0 && double.IsFinite(factor) ? factor
            : throw new FormatException($"{Variable}={text} is not a positive number.");
    }
}
