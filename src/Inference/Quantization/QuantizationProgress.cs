using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Quantization;

/// <summary>A step of quantising a model.</summary>
/// <param name="Tensor">The tensor at work.</param>
/// <param name="Type">The type it gets.</param>
/// <param name="Done">Bytes of the new tensors that are written.</param>
/// <param name="Total">Bytes of all of them.</param>
public readonly record struct QuantizationProgress(TensorSpec Tensor, TensorType Type, long Done, long Total);
