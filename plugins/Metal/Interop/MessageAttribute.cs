namespace Hotplug.Metal.Interop;

/// <summary>Says what a <see cref="Message"/> is to the runtime: the only place where its selector is written.</summary>
/// <param name="receiver">The class or protocol that declares it.</param>
/// <param name="selector">The selector.</param>
/// <param name="encoding">Result, receiver, selector, arguments: the type encoding for arm64 without frame offsets.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class MessageAttribute(string receiver, string selector, string encoding) : Attribute
{
    /// <summary>The class or protocol that declares it.</summary>
    public string Receiver { get; } = receiver;

    /// <summary>The selector.</summary>
    public string Selector { get; } = selector;

    /// <summary>The type encoding for arm64 without frame offsets.</summary>
    public string Encoding { get; } = encoding;

    /// <summary>Sent to the class, not to an object of it.</summary>
    public bool ToClass { get; init; }

    /// <summary>Absent on systems that are older than the feature; the binding asks before it sends it.</summary>
    public bool Optional { get; init; }
}
