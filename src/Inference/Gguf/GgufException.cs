namespace Hotplug.Inference.Gguf;

/// <summary>
/// A GGUF file cannot be used: damaged, hostile, of an unsupported version, or lacking what its model needs.
/// The message says what was found where, why that is wrong and what to do.
/// </summary>
public sealed class GgufException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The file, or the shard of a split file.</param>
    /// <param name="offset">Byte in the file at which the field starts.</param>
    /// <param name="field">The field: a metadata key, a tensor name with the part of its record, or a part of the header.</param>
    /// <param name="problem">What is wrong, with the value; a sentence without its full stop.</param>
    /// <param name="cure">What to do about it; a sentence without its full stop.</param>
    /// <param name="inner">The cause, if another exception is.</param>
    public GgufException(string path, long offset, string field, string problem, string cure, Exception? inner = null)
        : base($"{path}: {field} at byte {offset}: {problem}. {cure}.", inner)
        => (Path, Offset, Field) = (path, offset, field);

    /// <summary>The file, or the shard of a split file.</summary>
    public string Path { get; }

    /// <summary>Byte in the file at which the field starts; for a missing key, where the metadata ends.</summary>
    public long Offset { get; }

    /// <summary>The field that is wrong.</summary>
    public string Field { get; }
}
