using Hotplug.Abstractions.Faults;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;

namespace Hotplug.ContractTests.Far;

/// <summary>Far memory that is soon full, and whose device goes away at its fourth run.</summary>
public sealed class SmallFarFixture : FarFixture
{
    public override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["memory"] = "12 MiB",
        ["max-allocation"] = "1 MiB",
        ["lose-device-after"] = "4",
    };

    public override bool CanLoseDevice => true;

    public override void LoseDevice(BackendRun run)
    {
        var device = run.Device();
        var graph = OperationCases.Make("RmsNorm", new Random(1), device.Info);
        using var runner = new DeviceRunner(run, device, graph);
        for (var i = 0; i < 4; i++)
        {
            try
            {
                runner.Run(graph.Steps[0]);
            }
            catch (DeviceLostException)
            {
                return;
            }
        }
        throw new InvalidOperationException("The device was not lost.");
    }
}
