namespace Hotplug.Testing.Hosting;

/// <summary>What a host service throws when a test told it to fail. Derived from the exception that <c>IPluginHost.Allocate</c> documents.</summary>
public sealed class InjectedFaultException : OutOfMemoryException
{
    /// <summary>Creates the failure of one call.</summary>
    public InjectedFaultException(HostFault fault) : base($"Injected by the contract test kit: {fault}.") => Fault = fault;

    /// <summary>What was injected.</summary>
    public HostFault Fault { get; }

    /// <summary>True if <paramref name="exception"/> is, or was caused by, an injected fault.</summary>
    public static bool Caused(Exception? exception) => exception switch
    {
        null => false,
        InjectedFaultException => true,
        AggregateException many => many.InnerExceptions.Any(Caused),
        _ => Caused(exception.InnerException),
    };
}
