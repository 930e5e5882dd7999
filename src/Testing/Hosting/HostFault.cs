namespace Hotplug.Testing.Hosting;

/// <summary>Says which call of which host service fails.</summary>
/// <param name="Service">The service.</param>
/// <param name="Call">The call that fails, counted from 1; every later one fails, too.</param>
public readonly record struct HostFault(HostService Service, int Call)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Service} failing from call {Call} on";
}
