using Hotplug.Abstractions.Tensors;
using Xunit;

namespace Hotplug.Testing.Data;

/// <summary>Every tensor type, as cases of a theory.</summary>
public static class TensorTypeCases
{
    /// <summary>All types that the format defines.</summary>
    public static TheoryData<TensorType> All => new(TensorTypes.All);
}
