using Hotplug.Abstractions.Faults;
using Xunit;

namespace Hotplug.Testing.Data;

/// <summary>Assertions whose failure says what the contract asks.</summary>
public static class Expect
{
    /// <summary>The call fails with a typed failure of one kind, and its message says something.</summary>
    public static void Fault(FaultKind kind, string what, Action call)
    {
        var exception = Record.Exception(call);
        if (exception is not BackendException fault)
            Assert.Fail($"{what} must fail with {kind}, {Outcome(exception)}.");
        else if (fault.Kind != kind)
            Assert.Fail($"{what} must fail with {kind}, and failed with {fault.Kind}: {fault.Message}");
        else
            Assert.False(string.IsNullOrWhiteSpace(fault.Message), $"{what} failed with {kind} without a message.");
    }

    /// <summary>The call fails with an exception of this type or one derived from it.</summary>
    public static void Throws<T>(string what, Action call) where T : Exception
    {
        var exception = Record.Exception(call);
        if (exception is not T)
            Assert.Fail($"{what} must throw {typeof(T).Name}, {Outcome(exception)}.");
    }

    /// <summary>Two byte sequences are equal; otherwise says where they differ first.</summary>
    public static void SameBytes(string what, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (expected.SequenceEqual(actual)) return;
        if (expected.Length != actual.Length)
            Assert.Fail($"{what}: {expected.Length} bytes expected, {actual.Length} found.");
        var at = expected.CommonPrefixLength(actual);
        Assert.Fail($"{what}: byte {at} of {expected.Length} is 0x{actual[at]:x2} instead of 0x{expected[at]:x2}.");
    }

    private static string Outcome(Exception? exception) => exception is null ? "and succeeded" : $"and threw {exception.GetType().Name}: {exception.Message}";
}
