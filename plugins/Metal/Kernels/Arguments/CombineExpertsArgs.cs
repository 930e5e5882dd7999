namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Experts/CombineExperts.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct CombineExpertsArgs
{
    public uint M, Used, Tokens;
}
