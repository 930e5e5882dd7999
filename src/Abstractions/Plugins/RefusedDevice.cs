namespace Hotplug.Abstractions.Plugins;

/// <summary>Hardware or a driver that a backend found, or looked for, and cannot use. For people: nothing is chosen by it.</summary>
/// <param name="Name">What it is: "NVIDIA GeForce 8800", "CUDA driver", "opencl1 (Portable Computing Language)".</param>
/// <param name="Reason">What is missing or wrong, and what would help, as a clause: "libcuda.so.1 was not found; install the NVIDIA driver".</param>
public sealed record RefusedDevice(string Name, string Reason)
{
    /// <summary>Name and reason, as a line of text.</summary>
    public override string ToString() => $"{Name}: {Reason}";
}
