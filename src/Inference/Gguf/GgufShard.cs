namespace Hotplug.Inference.Gguf;

/// <summary>The header of one file: a whole model, or one part of a split one.</summary>
internal sealed record GgufShard(string Path, long FileLength, uint Version, GgufMetadata Metadata, GgufTensor[] Tensors);
