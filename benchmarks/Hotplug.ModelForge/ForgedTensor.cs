using Hotplug.Abstractions.Tensors;

namespace Hotplug.ModelForge;

/// <summary>A tensor of a forged model.</summary>
internal readonly record struct ForgedTensor(string Name, TensorRole Role, TensorShape Shape);
