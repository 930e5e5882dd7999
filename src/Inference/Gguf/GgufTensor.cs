using Hotplug.Abstractions.Tensors;

namespace Hotplug.Inference.Gguf;

/// <summary>A tensor of a GGUF file: what it is and where its bytes lie. The place was checked against the length of its file.</summary>
public sealed record GgufTensor
{
    /// <summary>Name, type and shape; <see cref="TensorSpec.ByteLength"/> is known not to overflow.</summary>
    public required TensorSpec Spec { get; init; }

    /// <summary>Index into <see cref="GgufFile.Paths"/>.</summary>
    public required int File { get; init; }

    /// <summary>
    /// First byte, counted from the start of its file. A multiple of the file's alignment, except that the offset of an
    /// empty tensor, which has no bytes to find there, is never beyond the end of the file.
    /// </summary>
    public required long FileOffset { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Spec} at byte {FileOffset} of file {File}";
}
