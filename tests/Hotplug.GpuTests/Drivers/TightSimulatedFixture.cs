namespace Hotplug.GpuTests.Drivers;

/// <summary>A device whose largest allocation holds a few tensors only.</summary>
public sealed class TightSimulatedFixture : SimulatedFixture
{
    public override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string> { ["max-allocation"] = "64 KiB" };
}
