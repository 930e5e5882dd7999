using System.Runtime.InteropServices;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Interop;

/// <summary>
/// The ways a message is sent: one typed pointer per shape of call. On a Mac all of them are <c>objc_msgSend</c>, which has the signature of the
/// method it jumps to and must be called with exactly that one; a test double gives each a function of its own.
/// </summary>
/// <remarks>
/// No shape returns a struct (Intel would need another entry point) and none takes a block that is not nil. Receiver and selector come first
/// everywhere. All entries are pointers, which <see cref="Filled"/> relies on. No call suppresses the transition of the garbage collector:
/// several wait for the GPU or the compiler.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SendTable
{
    [Shape("v")] public delegate* unmanaged<nint, nint, void> Void;
    [Shape("@")] public delegate* unmanaged<nint, nint, nint> Id;
    [Shape("Q")] public delegate* unmanaged<nint, nint, ulong> UInt64;
    [Shape("q")] public delegate* unmanaged<nint, nint, long> Int64;
    [Shape("d")] public delegate* unmanaged<nint, nint, double> Double;
    [Shape("B")] public delegate* unmanaged<nint, nint, ObjCBool> Bool;
    [Shape("^v")] public delegate* unmanaged<nint, nint, void*> Pointer;
    [Shape("*")] public delegate* unmanaged<nint, nint, byte*> Text;

    [Shape("@r*")] public delegate* unmanaged<nint, nint, byte*, nint> IdText;
    [Shape("@Q")] public delegate* unmanaged<nint, nint, ulong, nint> IdUInt64;
    [Shape("@@")] public delegate* unmanaged<nint, nint, nint, nint> IdId;
    [Shape("@QQ")] public delegate* unmanaged<nint, nint, ulong, ulong, nint> IdUInt64UInt64;
    [Shape("@^vQQ@?")] public delegate* unmanaged<nint, nint, void*, ulong, ulong, NoBlock, nint> IdPointerUInt64UInt64Block;
    [Shape("@@^@")] public delegate* unmanaged<nint, nint, nint, nint*, nint> IdIdError;
    [Shape("@@@^@")] public delegate* unmanaged<nint, nint, nint, nint, nint*, nint> IdIdIdError;

    [Shape("Bq")] public delegate* unmanaged<nint, nint, long, ObjCBool> BoolInt64;
    [Shape("B:")] public delegate* unmanaged<nint, nint, Selector, ObjCBool> BoolSelector;
    [Shape("BQQ")] public delegate* unmanaged<nint, nint, ulong, ulong, ObjCBool> BoolUInt64UInt64;

    [Shape("v@")] public delegate* unmanaged<nint, nint, nint, void> VoidId;
    [Shape("vQ")] public delegate* unmanaged<nint, nint, ulong, void> VoidUInt64;
    [Shape("vq")] public delegate* unmanaged<nint, nint, long, void> VoidInt64;
    [Shape("vB")] public delegate* unmanaged<nint, nint, ObjCBool, void> VoidBool;
    [Shape("vQQ")] public delegate* unmanaged<nint, nint, ulong, ulong, void> VoidUInt64UInt64;
    [Shape("v@Q")] public delegate* unmanaged<nint, nint, nint, ulong, void> VoidIdUInt64;
    [Shape("v@QQ")] public delegate* unmanaged<nint, nint, nint, ulong, ulong, void> VoidIdUInt64UInt64;
    [Shape("vr^vQQ")] public delegate* unmanaged<nint, nint, void*, ulong, ulong, void> VoidPointerUInt64UInt64;
    [Shape("vr^@Q")] public delegate* unmanaged<nint, nint, nint*, ulong, void> VoidIdsUInt64;
    [Shape("v{?=QQQ}{?=QQQ}")] public delegate* unmanaged<nint, nint, MTLSize, MTLSize, void> VoidSizeSize;
    [Shape("v@Q@QQ")] public delegate* unmanaged<nint, nint, nint, ulong, nint, ulong, ulong, void> VoidIdUInt64IdUInt64UInt64;
    [Shape("v@{_NSRange=QQ}C")] public delegate* unmanaged<nint, nint, nint, NSRange, byte, void> VoidIdRangeByte;

    /// <summary>A table with one address behind every shape: that of <c>objc_msgSend</c>.</summary>
    public static SendTable Filled(nint send)
    {
        SendTable table;
        // The struct is nothing but pointers, so its size is a whole number of them.
        new Span<nint>(&table, sizeof(SendTable) / sizeof(nint)).Fill(send);
        return table;
    }
}
