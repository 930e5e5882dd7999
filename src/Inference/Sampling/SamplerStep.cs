namespace Hotplug.Inference.Sampling;

/// <summary>A step of sampling whose place in the chain can be chosen: <see cref="SamplerOptions.Order"/>. A step without effect costs nothing.</summary>
public enum SamplerStep
{
    /// <summary>Repetition, presence and frequency penalties.</summary>
    Penalties,
    /// <summary>Keeps the best k tokens.</summary>
    TopK,
    /// <summary>Keeps tokens whose probability is at least a share of the square of the best one's.</summary>
    TopA,
    /// <summary>Tail-free sampling.</summary>
    TailFree,
    /// <summary>Locally typical sampling.</summary>
    Typical,
    /// <summary>Keeps the nucleus.</summary>
    TopP,
    /// <summary>Keeps tokens that are probable enough beside the best one.</summary>
    MinP,
    /// <summary>Temperature, dynamic or not, and smoothing.</summary>
    Temperature,
    /// <summary>Keeps tokens whose logit lies within n standard deviations of the best one.</summary>
    TopNSigma,
    /// <summary>Excludes the top choices, by chance.</summary>
    Xtc,
}
