using Xunit;

namespace Hotplug.GpuTests;

/// <summary>Tests that may not run beside certain others; all else runs side by side.</summary>
public static class DeviceCollections
{
    /// <summary>
    /// Whatever compiles for an OpenCL device: on the processor (pocl 7.2) two threads that do so at once trip over each other in its kernel cache; builds fail, now and then the
    /// process ends.
    /// </summary>
    public const string OpenCl = "OpenCL";

    /// <summary>Tests that count the threads and the memory of the process.</summary>
    public const string Alone = "Alone";
}

/// <summary>Defines <see cref="DeviceCollections.Alone"/>.</summary>
[CollectionDefinition(DeviceCollections.Alone, DisableParallelization = true)]
public sealed class AloneCollection;
