namespace Hotplug.Testing.Suites;

/// <summary>A suite that is derived once for every buffer type.</summary>
public interface IBufferTypeSuite
{
    /// <summary>Name of the buffer type.</summary>
    string BufferTypeName { get; }
}
