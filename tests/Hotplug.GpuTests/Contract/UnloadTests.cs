using System.Diagnostics;
using Hotplug.GpuTests.Drivers;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Suites;
using Xunit;

namespace Hotplug.GpuTests.Contract;

/// <summary>Twenty times loaded, run and unloaded: the code is gone, so are the threads, and memory does not grow.</summary>
public abstract class GpuUnloadTests<TFixture> : UnloadSuite<TFixture> where TFixture : DropInFixture, new()
{
    private const int WarmUp = 6;
    private const long ManagedSlack = 8L << 20;
    private (long Managed, long Resident) _warm;

    // What other tests keep open has threads and memory as well.
    protected GpuUnloadTests() => KeptDevice.CloseIdle();

    protected override int Rounds => 20;

    /// <summary>Bytes by which the process may grow, a driver's own included; null where a driver keeps what it has compiled.</summary>
    protected virtual long? Slack => 64L << 20;

    protected override void Gone(int round)
    {
        NamedThreads.ExpectNone();
        if (round == WarmUp - 1) _warm = Memory();
        if (round != Rounds - 1) return;
        var (managed, resident) = Memory();
        Assert.True(managed - _warm.Managed < ManagedSlack, $"Managed memory grew from {_warm.Managed} to {managed} bytes in {Rounds - WarmUp} rounds.");
        Assert.True(Slack is not { } slack || resident - _warm.Resident < slack, $"Memory grew from {_warm.Resident} to {resident} bytes in {Rounds - WarmUp} rounds.");
    }

    private static (long Managed, long Resident) Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return (managed, process.WorkingSet64);
    }
}

[Collection(DeviceCollections.Alone)]
public sealed class DroppedInEmulatorUnloadTests : GpuUnloadTests<DroppedInGpuFixture>
{
    public override string DeviceId => "cpu-emulation";
}

[Collection(DeviceCollections.Alone)]
public sealed class DroppedInOpenClUnloadTests : GpuUnloadTests<DroppedInOpenClFixture>
{
    public override string DeviceId => "opencl-cpu";

    // pocl keeps half a megabyte of every kernel it has ever compiled, also for a program that does nothing but compile one again and again.
    protected override long? Slack => null;
}
