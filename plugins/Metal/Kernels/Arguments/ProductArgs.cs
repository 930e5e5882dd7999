namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Products/MatVec.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct ProductArgs
{
    public uint K, M, Columns, Used, IsShared, HasBias;
}
