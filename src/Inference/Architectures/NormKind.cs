namespace Hotplug.Inference.Architectures;

/// <summary>The norm that a model uses throughout.</summary>
internal enum NormKind
{
    /// <summary>Root mean square; its ε is under <c>attention.layer_norm_rms_epsilon</c>.</summary>
    Rms,
    /// <summary>Mean and variance, perhaps with a bias; its ε is under <c>attention.layer_norm_epsilon</c>.</summary>
    Layer,
}
