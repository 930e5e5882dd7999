namespace Hotplug.Abstractions.Plugins;

/// <summary>
/// Names the plugin of an assembly. The host reads it from metadata, before any code of the plugin runs, and compares it with <c>plugin.json</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class BackendPluginAttribute : Attribute
{
    /// <summary>Names the plugin.</summary>
    /// <param name="id">Id: lower-case letters, digits, dots and dashes. Also the name of the plugin's folder.</param>
    /// <param name="type">A public class with a parameterless constructor that implements <see cref="IBackendPlugin"/>.</param>
    /// <param name="contract">Contract version it was made for, "major.minor".</param>
    public BackendPluginAttribute(string id, Type type, string contract) => (Id, Type, Contract) = (id, type, contract);

    /// <summary>Id of the plugin.</summary>
    public string Id { get; }

    /// <summary>The class that implements <see cref="IBackendPlugin"/>.</summary>
    public Type Type { get; }

    /// <summary>Contract version it was made for.</summary>
    public string Contract { get; }
}
