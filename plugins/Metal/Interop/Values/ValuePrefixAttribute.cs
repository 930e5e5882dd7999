namespace Hotplug.Metal.Interop.Values;

/// <summary>Says what precedes the members of an enumeration in Apple's names, where it is not the name of the enumeration.</summary>
/// <param name="prefix">The prefix.</param>
[AttributeUsage(AttributeTargets.Enum)]
internal sealed class ValuePrefixAttribute(string prefix) : Attribute
{
    /// <summary>The prefix.</summary>
    public string Prefix { get; } = prefix;
}
