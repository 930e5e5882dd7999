namespace Hotplug.Inference.Quantization;

/// <summary>How a model is quantised.</summary>
public sealed record QuantizationOptions
{
    /// <summary>Tensors that are quantised already may be quantised again, which loses more than quantising the original.</summary>
    public bool AllowsRequantization { get; init; }

    /// <summary>One type wherever the rows allow it, no mix.</summary>
    public bool IsPure { get; init; }

    /// <summary>The backend that makes numbers of the tensors.</summary>
    public string Backend { get; init; } = "cpu";
}
