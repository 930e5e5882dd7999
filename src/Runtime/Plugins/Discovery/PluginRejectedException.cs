namespace Hotplug.Runtime.Plugins.Discovery;

/// <summary>A plugin that was asked for is rejected. None of its code ran.</summary>
public sealed class PluginRejectedException : Exception
{
    /// <summary>Creates the failure.</summary>
    public PluginRejectedException(PluginRejection rejection) : base(rejection.ToString()) => Rejection = rejection;

    /// <summary>Why, and what to do.</summary>
    public PluginRejection Rejection { get; }
}
