namespace Hotplug.Inference.Gguf;

/// <summary>One metadata key and where its value lies. The value itself is read through <see cref="GgufMetadata"/>.</summary>
public sealed record GgufEntry
{
    /// <summary>The key, unique in its file.</summary>
    public required string Key { get; init; }

    /// <summary>Type of the value.</summary>
    public required GgufValueType Type { get; init; }

    /// <summary>Type of the elements of an array; otherwise the same as <see cref="Type"/>.</summary>
    public required GgufValueType ElementType { get; init; }

    /// <summary>Elements of an array, bytes of a string, otherwise 1.</summary>
    public required int Length { get; init; }

    /// <summary>Byte in the file at which the value starts: behind the length of a string, behind type and count of an array.</summary>
    public required int Offset { get; init; }

    /// <summary>True for arrays.</summary>
    public bool IsArray => Type == GgufValueType.Array;

    /// <summary>For arrays of strings, where each starts, and one more.</summary>
    internal int[]? Starts { get; init; }
}
