namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Elements/CastToInt.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct CastToIntArgs
{
    public uint Count;
}
