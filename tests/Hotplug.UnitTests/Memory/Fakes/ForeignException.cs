namespace Hotplug.UnitTests.Memory.Fakes;

/// <summary>An exception no contract knows.</summary>
internal sealed class ForeignException(string message = "the plugin's own trouble") : Exception(message);
