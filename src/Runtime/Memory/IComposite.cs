using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Runtime.Memory;

/// <summary>A buffer of the host's own that stands for physical ones.</summary>
internal interface IComposite
{
    /// <summary>Names a tensor by the physical buffer it lies in.</summary>
    TensorRef Resolve(in TensorRef tensor);

    /// <summary>True if a byte of the stretch is read-only.</summary>
    bool IsReadOnlyIn(nuint offset, nuint length);
}
