using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Gguf;

/// <summary>A tensor record as read: what it is, its offset in the data section, and where in the file the record starts.</summary>
internal readonly record struct TensorRecord(TensorSpec Spec, long DataOffset, int At);
