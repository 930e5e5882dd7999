namespace Hotplug.Runtime.Hosting;

/// <summary>A sub-section of <c>Hotplug</c> that another part reads. Registered as a service; a sub-section nobody reads is an error, since it is most likely misspelt.</summary>
/// <param name="Name">Name of the sub-section.</param>
public sealed record HotplugSection(string Name);
