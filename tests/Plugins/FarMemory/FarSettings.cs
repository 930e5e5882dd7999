using System.Globalization;
using Hotplug.Abstractions.Devices;
using Hotplug.FarMemory.Faults;

namespace Hotplug.FarMemory;

/// <summary>The settings of the plugin. Sizes are bytes, or a number with KiB, MiB or GiB.</summary>
internal sealed record FarSettings
{
    /// <summary>Largest allocation unless set lower.</summary>
    public const long NaturalMaxAllocation = 2 << 20;

    private const string Known = "max-allocation (4 KiB to 2 MiB), memory (bytes in all), async (true or false), "
        + "fail-allocation (number of the allocation that finds no room), lose-device-after (number of the run at which the device is lost), "
        + "hang-at (number of the run that never ends), lose-device-at-allocation (number of the allocation at which it is lost), report-memory (true or false), kind (emulation or gpu), wrong (name of the operation that is computed wrongly), fault (call:failure or call:failure:number, as Allocate:throw or Run:hang:12)";

    /// <summary><c>max-allocation</c>: largest single allocation in bytes.</summary>
    public long MaxAllocation { get; private init; } = NaturalMaxAllocation;

    /// <summary><c>memory</c>: bytes of the device.</summary>
    public long Memory { get; private init; } = 1 << 30;

    /// <summary><c>async</c>: runs return before the work is done.</summary>
    public bool Async { get; private init; } = true;

    /// <summary><c>fail-allocation</c>: which allocation, from 1, finds no room; 0 for none.</summary>
    public long FailAllocation { get; private init; }

    /// <summary><c>lose-device-after</c>: at which run, from 1, the device is lost; 0 for never.</summary>
    public long LoseDeviceAfter { get; private init; }

    /// <summary><c>hang-at</c>: which run, from 1, never ends; 0 for none.</summary>
    public long HangAt { get; private init; }

    /// <summary><c>lose-device-at-allocation</c>: at which allocation, from 1, the device is lost; 0 for never.</summary>
    public long LoseDeviceAtAllocation { get; private init; }

    /// <summary><c>report-memory</c>: whether the device says how much memory it has.</summary>
    public bool ReportMemory { get; private init; } = true;

    /// <summary><c>kind</c>: what the device says it is; a <c>gpu</c> is chosen automatically where the plugin is no test equipment.</summary>
    public DeviceKind Kind { get; private init; } = DeviceKind.Emulation;

    /// <summary><c>wrong</c>: name of an operation whose first element is off by one; empty for none.</summary>
    public string Wrong { get; private init; } = "";

    /// <summary><c>fault</c>: the call of the contract that fails, how, and from which number on.</summary>
    public FarFaults Faults { get; private init; } = FarFaults.None;

    /// <summary>Reads settings.</summary>
    /// <exception cref="ArgumentException">One is unknown or has a bad value.</exception>
    public static FarSettings Read(IReadOnlyDictionary<string, string> settings)
    {
        var read = new FarSettings();
        foreach (var (key, value) in settings)
            read = key.ToLowerInvariant() switch
            {
                "max-allocation" => read with { MaxAllocation = Size(key, value, 4096, NaturalMaxAllocation) },
                "memory" => read with { Memory = Size(key, value, 1, long.MaxValue) },
                "async" => read with { Async = bool.TryParse(value, out var on) ? on : throw Bad(key, value, "say true or false") },
                "fail-allocation" => read with { FailAllocation = Size(key, value, 0, long.MaxValue) },
                "lose-device-after" => read with { LoseDeviceAfter = Size(key, value, 0, long.MaxValue) },
                "hang-at" => read with { HangAt = Size(key, value, 0, long.MaxValue) },
                "lose-device-at-allocation" => read with { LoseDeviceAtAllocation = Size(key, value, 0, long.MaxValue) },
                "report-memory" => read with { ReportMemory = bool.TryParse(value, out var on) ? on : throw Bad(key, value, "say true or false") },
                "wrong" => read with { Wrong = value },
                "fault" => read with { Faults = FarFaults.Read(value) ?? throw Bad(key, value, $"name a call ({string.Join(", ", Enum.GetNames<FarCall>())}), a failure ({string.Join(", ", Enum.GetNames<FarFailure>())}) and perhaps a number") },
                "kind" => read with
                {
                    Kind = value.ToLowerInvariant() switch { "emulation" => DeviceKind.Emulation, "gpu" => DeviceKind.Gpu, _ => throw Bad(key, value, "say emulation or gpu") },
                },
                _ => throw new ArgumentException($"The plugin far has no setting '{key}'. It knows {Known}."),
            };
        return read;
    }

    private static long Size(string key, string value, long lowest, long highest)
    {
        var text = value.AsSpan().Trim();
        var shift = 0;
        foreach (var (unit, bits) in new[] { ("KiB", 10), ("MiB", 20), ("GiB", 30) })
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                text = text[..^3].TrimEnd();
                shift = bits;
            }
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue >> shift)
            throw Bad(key, value, "give a number, with KiB, MiB or GiB if you like");
        var size = (long)(number * (1L << shift));
        return size >= lowest && size <= highest ? size : throw Bad(key, value, $"give {lowest} to {highest}");
    }

    private static ArgumentException Bad(string key, string value, string cure) => new($"The setting {key} of the plugin far is '{value}': {cure}.");
}
