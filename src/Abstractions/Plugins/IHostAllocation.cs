namespace Hotplug.Abstractions.Plugins;

/// <summary>Host memory lent to a plugin until disposed. Disposing twice is harmless.</summary>
public interface IHostAllocation : IDisposable
{
    /// <summary>First byte.</summary>
    nint Pointer { get; }

    /// <summary>Bytes.</summary>
    nuint Length { get; }
}
