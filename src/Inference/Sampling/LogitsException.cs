namespace Hotplug.Inference.Sampling;

/// <summary>The logits are not all finite, so the model or the backend that computed them is faulty and no token can be chosen.</summary>
public sealed class LogitsException : Exception
{
    internal LogitsException(int token, float value)
        : base($"The logit of token {token} is {value}. The model file is damaged or the backend computes wrongly; try another backend, and check the file.")
        => (Token, Value) = (token, value);

    /// <summary>The first token with such a logit.</summary>
    public int Token { get; }

    /// <summary>Its logit: NaN or an infinity.</summary>
    public float Value { get; }
}
