namespace Hotplug.GpuTests.Drivers;

/// <summary>A device that is soon full.</summary>
public sealed class SmallSimulatedFixture : SimulatedFixture
{
    public override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string> { ["memory"] = "6 MiB", ["max-allocation"] = "1 MiB" };
}
