namespace Hotplug.Cpu.Roofline;

/// <summary>A vector register as the integer kernels use it, for sequences that are written once for every width.</summary>
internal unsafe interface IByteLanes<TSelf> where TSelf : unmanaged, IByteLanes<TSelf>
{
    static abstract TSelf Zero { get; }
    static abstract TSelf Load(byte* source);
    static abstract void Store(TSelf value, byte* destination);
    /// <summary>The same four bytes everywhere.</summary>
    static abstract TSelf Repeat(byte* source);
    static abstract TSelf Words(short value);
    /// <summary>Unsigned by signed bytes, neighbours added, as int16.</summary>
    static abstract TSelf MultiplyBytes(TSelf unsigned, TSelf signed);
    /// <summary>int16 by int16, neighbours added, as int32.</summary>
    static abstract TSelf MultiplyWords(TSelf a, TSelf b);
    static abstract TSelf AddWords(TSelf a, TSelf b);
    static abstract TSelf AddInts(TSelf a, TSelf b);
}
