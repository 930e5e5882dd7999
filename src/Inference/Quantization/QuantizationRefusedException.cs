namespace Hotplug.Inference.Quantization;

/// <summary>A model is not quantised as asked; the message says why and what to do. Nothing was written.</summary>
public sealed class QuantizationRefusedException(string message) : Exception(message);
