namespace Hotplug.Abstractions.Plugins;

/// <summary>Whether a plugin can run on this machine, and why.</summary>
public readonly record struct ProbeResult
{
    /// <summary>0 if the plugin cannot run here; otherwise the higher, the more it is preferred among plugins of the same device kind.</summary>
    public required int Score { get; init; }

    /// <summary>What was found, and what is missing, for people.</summary>
    public IReadOnlyList<string> Reasons { get => field ?? []; init; }

    /// <summary>
    /// It can run here, but has only devices that are used when they are named (<see cref="Devices.DeviceKind.Emulation"/>, <see cref="Devices.DeviceKind.Remote"/>). An automatic
    /// choice does not open it, so that nothing is paid for it; naming it, or one of its devices, does. Says nothing where <see cref="Score"/> is 0.
    /// </summary>
    public bool OnlyWhenNamed { get; init; }

    /// <summary>It cannot run here.</summary>
    public static ProbeResult Unavailable(params IReadOnlyList<string> reasons) => new() { Score = 0, Reasons = reasons };

    /// <summary>It can run here.</summary>
    public static ProbeResult Available(int score, params IReadOnlyList<string> reasons) => new() { Score = score, Reasons = reasons };
}
