namespace Hotplug.Inference.Quantization;

/// <summary>What was written.</summary>
/// <param name="Tensors">Tensors of the model.</param>
/// <param name="Quantized">Tensors whose type changed.</param>
/// <param name="Elements">Elements of all tensors.</param>
/// <param name="BytesBefore">Bytes of the tensors before.</param>
/// <param name="BytesAfter">Bytes of the tensors after.</param>
public readonly record struct QuantizationResult(int Tensors, int Quantized, long Elements, long BytesBefore, long BytesAfter)
{
    /// <summary>Bits per element.</summary>
    public double BitsPerElement => Elements == 0 ? 0 : 8.0 * BytesAfter / Elements;
}
