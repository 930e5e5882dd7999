namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Experts/RouteTopK.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct RouteTopKArgs
{
    public uint Experts, Used, Tokens, IsSigmoid, Renormalize, HasBias;
    public float Scale;
}
