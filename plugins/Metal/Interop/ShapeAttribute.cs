namespace Hotplug.Metal.Interop;

/// <summary>Marks an entry of <see cref="SendTable"/> with what the C# signature cannot say: which pointers are to const.</summary>
/// <param name="types">Result and arguments without receiver and selector, in Objective-C's encoding for arm64.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class ShapeAttribute(string types) : Attribute
{
    /// <summary>Result, then arguments.</summary>
    public string Types { get; } = types;
}
