namespace Hotplug.Runtime.Memory;

/// <summary>Calls on the caller's thread, for as long as it takes: for devices that nobody else calls.</summary>
internal sealed class DirectCalls : IDeviceCalls
{
    public static DirectCalls Instance { get; } = new();

    public void Run(string device, string what, Action call) => call();

    public bool IsHung(string device) => false;
}
