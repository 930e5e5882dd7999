using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Memory;
using Xunit;

namespace Hotplug.UnitTests.Memory.Fakes;

/// <summary>Tests that compare with what the process holds locked run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessLocks
{
    public const string Name = "Process locks";

    internal static nuint VmLck => HostLimits.Query().Locked;

    internal static void Need(nuint bytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc, which only Linux has.");
        Assert.SkipWhen(HostLimits.Query().Lockable < bytes, $"The lock limit leaves less than {ByteText.Format(bytes)}.");
    }
}
