using BenchmarkDotNet.Attributes;
using Hotplug.Runtime.Execution;

namespace Hotplug.BoundaryBench;

/// <summary>
/// The way to the device's thread and back, which every slice of a step takes so that a call that hangs can be given up. No matter of plugins: it is paid for code of the host, too.
/// </summary>
public class Lane
{
    private readonly Nothing _work = new();
    private DeviceLane _lane = null!;

    [GlobalSetup]
    public void Open() => _lane = new DeviceLane("noop", TimeSpan.FromMinutes(1));

    [GlobalCleanup]
    public void Close() => _lane.Dispose();

    [Benchmark]
    public void ThereAndBack() => _lane.Run(_work);

    private sealed class Nothing : IDeviceWork
    {
        public string Name => "nothing";

        public void Execute() { }
    }
}
