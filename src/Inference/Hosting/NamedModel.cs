namespace Hotplug.Inference.Hosting;

/// <summary>Says that a model of this name has been added.</summary>
internal sealed record NamedModel(string Name);
