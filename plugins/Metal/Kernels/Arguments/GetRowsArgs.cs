namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Products/GetRows.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct GetRowsArgs
{
    public uint Width, Rows;
}
