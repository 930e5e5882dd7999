namespace Hotplug.Testing.Data;

/// <summary>A device or a buffer does not do what the contract asks; the message says what it did and what it must do.</summary>
/// <param name="message">What is wrong.</param>
public sealed class ExpectationException(string message) : Exception(message);
