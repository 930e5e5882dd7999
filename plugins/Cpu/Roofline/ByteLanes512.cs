using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Roofline;

/// <summary>512 bits.</summary>
internal readonly unsafe struct ByteLanes512(Vector512<byte> value) : IByteLanes<ByteLanes512>
{
    private readonly Vector512<byte> _value = value;

    public static ByteLanes512 Zero { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => new(Vector512<byte>.Zero); }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 Load(byte* source) => new(Vector512.Load(source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ByteLanes512 value, byte* destination) => value._value.Store(destination);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 Repeat(byte* source) => new(Vector512.Create(*(int*)source).AsByte());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 Words(short value) => new(Vector512.Create(value).AsByte());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 MultiplyBytes(ByteLanes512 unsigned, ByteLanes512 signed) => new(Avx512BW.MultiplyAddAdjacent(unsigned._value, signed._value.AsSByte()).AsByte());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 MultiplyWords(ByteLanes512 a, ByteLanes512 b) => new(Avx512BW.MultiplyAddAdjacent(a._value.AsInt16(), b._value.AsInt16()).AsByte());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 AddWords(ByteLanes512 a, ByteLanes512 b) => new((a._value.AsInt16() + b._value.AsInt16()).AsByte());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes512 AddInts(ByteLanes512 a, ByteLanes512 b) => new((a._value.AsInt32() + b._value.AsInt32()).AsByte());
}
