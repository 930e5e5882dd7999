namespace Hotplug.Metal.Interop;

/// <summary>Marks an entry of <see cref="ObjectiveCTable"/> with the C function it is.</summary>
/// <param name="library">Path of the library that exports it.</param>
/// <param name="symbol">Its name.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class ExportAttribute(string library, string symbol) : Attribute
{
    /// <summary>Path of the library.</summary>
    public string Library { get; } = library;

    /// <summary>Name of the function.</summary>
    public string Symbol { get; } = symbol;
}
