using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Memory;
using Hotplug.Testing.Fixtures;

namespace Hotplug.Testing.Suites;

/// <summary>Base of the suites that are derived once for every buffer type of a backend.</summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class BufferSuite<TFixture> : BackendSuite<TFixture>, IBufferTypeSuite where TFixture : BackendFixture, new()
{
    /// <inheritdoc/>
    public abstract string BufferTypeName { get; }

    /// <summary>The type under test.</summary>
    protected IBufferType Type => Run.BufferType(BufferTypeName).Type;

    /// <summary>The device of the type.</summary>
    protected override IDevice Device => Run.BufferType(BufferTypeName).Device;

    /// <summary>Largest buffer that a test may make of this type.</summary>
    protected nuint Affordable => nuint.Min(Type.MaxLength, Fixture.MemoryBudget);

    /// <summary>Rounds up to the alignment of tensors.</summary>
    protected nuint AlignTensor(nuint offset) => (offset + Type.TensorAlignment - 1) & ~(Type.TensorAlignment - 1);
}
