using Hotplug.Abstractions.Tensors;

namespace Hotplug.Cpu.Kernels.Vectors;

/// <summary>The functions that multiply a group of rows, as they lie, by one token; null for types that have none.</summary>
internal static unsafe class VectorKernels
{
    public static delegate*<byte*, nint, int, sbyte*, nint, byte*, float*, void> Of512<TBits>(TensorType type) where TBits : struct, IActivationBits => type switch
    {
        TensorType.Q4_0 => &Q4_0Vector512.Multiply<TBits>,
        TensorType.Q4_1 => &Q4_1Vector512.Multiply<TBits>,
        TensorType.Q4_K => &Q4_KVector512.Multiply<TBits>,
        TensorType.Q5_0 => &Q5_0Vector512.Multiply<TBits>,
        TensorType.Q5_1 => &Q5_1Vector512.Multiply<TBits>,
        TensorType.Q5_K => &Q5_KVector512.Multiply<TBits>,
        TensorType.Q6_K => &Q6_KVector512.Multiply<TBits>,
        TensorType.Q8_0 => &Q8_0Vector512.Multiply<TBits>,
        TensorType.Q2_K => &Q2_KVector512.Multiply<TBits>,
        TensorType.Q3_K => &Q3_KVector512.Multiply<TBits>,
        TensorType.IQ4_NL => &IQ4_NLVector512.Multiply<TBits>,
        TensorType.IQ4_XS => &IQ4_XSVector512.Multiply<TBits>,
        TensorType.MXFP4 => &MXFP4Vector512.Multiply<TBits>,
        _ => null,
    };

    public static delegate*<byte*, nint, int, sbyte*, nint, byte*, float*, void> Of256<TBits>(TensorType type) where TBits : struct, IActivationBits => type switch
    {
        TensorType.Q4_0 => &Q4_0Vector256.Multiply<TBits>,
        TensorType.Q4_1 => &Q4_1Vector256.Multiply<TBits>,
        TensorType.Q4_K => &KVector256.Multiply<TBits, FourBitK>,
        TensorType.Q5_0 => &Q5_0Vector256.Multiply<TBits>,
        TensorType.Q5_1 => &Q5_1Vector256.Multiply<TBits>,
        TensorType.Q5_K => &KVector256.Multiply<TBits, FiveBitK>,
        TensorType.Q6_K => &Q6_KVector256.Multiply<TBits>,
        TensorType.Q8_0 => &Q8_0Vector256.Multiply<TBits>,
        TensorType.Q2_K => &Q2_KVector256.Multiply<TBits>,
        TensorType.Q3_K => &Q3_KVector256.Multiply<TBits>,
        TensorType.IQ4_NL => &IQ4_NLVector256.Multiply<TBits>,
        TensorType.IQ4_XS => &IQ4_XSVector256.Multiply<TBits>,
        TensorType.MXFP4 => &MXFP4Vector256.Multiply<TBits>,
        _ => null,
    };
}
