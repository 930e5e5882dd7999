namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Elements/Activate.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct ActivateArgs
{
    public uint Count, Function;
    public float Alpha;
}
