namespace Hotplug.Inference.Gguf;

/// <summary>Type of a metadata value; the numbers are those of the format.</summary>
public enum GgufValueType
{
    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 0,
    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 1,
    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16 = 2,
    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 3,
    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32 = 4,
    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 5,
    /// <summary>IEEE 754 single precision.</summary>
    Float32 = 6,
    /// <summary>One byte; any value but 0 is true.</summary>
    Bool = 7,
    /// <summary>UTF-8 bytes behind a 64-bit length, not terminated.</summary>
    String = 8,
    /// <summary>Values of one type behind that type and a 64-bit count. Arrays of arrays are refused.</summary>
    Array = 9,
    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64 = 10,
    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 11,
    /// <summary>IEEE 754 double precision.</summary>
    Float64 = 12,
}
