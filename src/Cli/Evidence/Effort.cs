using Hotplug.Abstractions.Devices;

namespace Hotplug.Cli.Evidence;

/// <summary>How much is measured, by what the device is: an emulation says nothing about speed, and is asked only whether it works; any other device on request.</summary>
/// <param name="TransferBytes">Bytes of one copy.</param>
/// <param name="WeightBytes">Bytes of weights that one product step reads, more than caches hold.</param>
/// <param name="Width">Rows and columns of a matrix.</param>
/// <param name="Prompt">Tokens of a prompt.</param>
/// <param name="Tokens">Tokens written.</param>
/// <param name="Runs">Repetitions of both.</param>
/// <param name="Budget">Time for one measurement.</param>
internal sealed record Effort(long TransferBytes, long WeightBytes, int Width, int Prompt, int Tokens, int Runs, TimeSpan Budget)
{
    /// <param name="kind">What the device is.</param>
    /// <param name="quick">Whether it is asked only whether it works.</param>
    public static Effort Of(DeviceKind kind, bool quick) => kind switch
    {
        _ when quick || kind == DeviceKind.Emulation => new(1 << 20, 1 << 18, 256, 16, 4, 1, TimeSpan.FromSeconds(0.1)),
        DeviceKind.Cpu => new(32 << 20, 64 << 20, 4096, 256, 64, 3, TimeSpan.FromSeconds(0.3)),
        _ => new(64 << 20, 256 << 20, 4096, 512, 128, 3, TimeSpan.FromSeconds(0.5)),
    };
}
