using Xunit.Sdk;

namespace Hotplug.Testing.Data;

/// <summary>One of many cases in a test: what fails in it says which case it was and with which seed.</summary>
public static class Scenario
{
    private const string SkipMark = "$XunitDynamicSkip$";

    /// <summary>Runs a case.</summary>
    /// <param name="description">What is tested, completely enough to find it again.</param>
    /// <param name="body">The case.</param>
    public static void Run(string description, Action body)
    {
        try
        {
            body();
        }
        catch (Exception exception) when (!IsSkip(exception))
        {
            throw new XunitException($"{description} ({TestSeed.Variable}={TestSeed.Base}): {exception.Message}", exception);
        }
    }

    /// <summary>True if an exception is xunit's way to skip a test.</summary>
    public static bool IsSkip(Exception exception) => exception.Message.StartsWith(SkipMark, StringComparison.Ordinal);
}
