using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hotplug.Cpu.Roofline;

/// <summary>256 bits.</summary>
internal readonly unsafe struct ByteLanes256(Vector256<byte> value) : IByteLanes<ByteLanes256>
{
    private readonly Vector256<byte> _value = value;

    public static ByteLanes256 Zero { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => new(Vector256<byte>.Zero); }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes256 Load(byte* source) => new(Vector256.Load(source));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ByteLanes256 value, byte* destination) => value._value.Store(destination);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes256 Repeat(byte* source) => new(Vector256.Create(*(int*)source).AsByte());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes256 Words(short value) => new(Vector256.Create(value).AsByte());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes256 MultiplyBytes(ByteLanes256 unsigned, ByteLanes256 signed) => new(Avx2.MultiplyAddAdjacent(unsigned._value, signed._value.AsSByte()).AsByte());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes256 MultiplyWords(ByteLanes256 a, ByteLanes256 b) => new(Avx2.MultiplyAddAdjacent(a._value.AsInt16(), b._value.AsInt16()).AsByte());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes256 AddWords(ByteLanes256 a, ByteLanes256 b) => new((a._value.AsInt16() + b._value.AsInt16()).AsByte());
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ByteLanes256 AddInts(ByteLanes256 a, ByteLanes256 b) => new((a._value.AsInt32() + b._value.AsInt32()).AsByte());
}
