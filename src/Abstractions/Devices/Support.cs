namespace Hotplug.Abstractions.Devices;

/// <summary>The answer to "can this device run it": yes, or no with the reason.</summary>
public readonly record struct Support
{
    private Support(bool isSupported, string reason) => (IsSupported, Reason) = (isSupported, reason);

    /// <summary>True for yes.</summary>
    public bool IsSupported { get; }

    /// <summary>Why not, for people; empty for yes.</summary>
    public string Reason { get => field ?? "not stated"; }

    /// <summary>Yes: compiling and running it fails only for lack of memory or a lost device.</summary>
    public static Support Yes { get; } = new(true, "");

    /// <summary>No, because of <paramref name="reason"/>.</summary>
    public static Support No(string reason) => new(false, reason);
}
