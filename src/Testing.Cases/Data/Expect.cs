using Hotplug.Abstractions.Faults;

namespace Hotplug.Testing.Data;

/// <summary>Assertions whose failure says what the contract asks.</summary>
public static class Expect
{
    /// <summary>Something holds; otherwise the message says what does not.</summary>
    /// <exception cref="ExpectationException">It does not.</exception>
    public static void True(bool condition, string message)
    {
        if (!condition) throw new ExpectationException(message);
    }

    /// <summary>The call fails with a typed failure of one kind, and its message says something.</summary>
    public static void Fault(FaultKind kind, string what, Action call)
    {
        var exception = Thrown(call);
        if (exception is not BackendException fault)
            throw new ExpectationException($"{what} must fail with {kind}, {Outcome(exception)}.");
        else if (fault.Kind != kind)
            throw new ExpectationException($"{what} must fail with {kind}, and failed with {fault.Kind}: {fault.Message}");
        else
            True(!string.IsNullOrWhiteSpace(fault.Message), $"{what} failed with {kind} without a message.");
    }

    /// <summary>The call fails with an exception of this type or one derived from it.</summary>
    public static void Throws<T>(string what, Action call) where T : Exception
    {
        var exception = Thrown(call);
        if (exception is not T)
            throw new ExpectationException($"{what} must throw {typeof(T).Name}, {Outcome(exception)}.");
    }

    /// <summary>Two byte sequences are equal; otherwise says where they differ first.</summary>
    public static void SameBytes(string what, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (expected.SequenceEqual(actual)) return;
        if (expected.Length != actual.Length)
            throw new ExpectationException($"{what}: {expected.Length} bytes expected, {actual.Length} found.");
        var at = expected.CommonPrefixLength(actual);
        throw new ExpectationException($"{what}: byte {at} of {expected.Length} is 0x{actual[at]:x2} instead of 0x{expected[at]:x2}.");
    }

    private static Exception? Thrown(Action call)
    {
        try
        {
            call();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private static string Outcome(Exception? exception) => exception is null ? "and succeeded" : $"and threw {exception.GetType().Name}: {exception.Message}";
}
