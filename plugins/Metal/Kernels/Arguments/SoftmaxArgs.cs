namespace Hotplug.Metal.Kernels.Arguments;

/// <summary>Arguments of <c>Norms/Softmax.metal</c>, field by field; meanings stand there. Flags are 0 or 1.</summary>
internal struct SoftmaxArgs
{
    public uint Width, Rows;
}
