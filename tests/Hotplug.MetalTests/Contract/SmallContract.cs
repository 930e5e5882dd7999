using Hotplug.Testing.Suites;

namespace Hotplug.MetalTests.Contract;

public sealed class SmallUnifiedMappedMemoryPressureTests : MemoryPressureSuite<SmallUnifiedFixture>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class SmallUnifiedSharedMemoryPressureTests : MemoryPressureSuite<SmallUnifiedFixture>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class SmallUnifiedPrivateMemoryPressureTests : MemoryPressureSuite<SmallUnifiedFixture>
{
    public override string BufferTypeName => "metal.private";
}

public sealed class SmallDiscreteMappedMemoryPressureTests : MemoryPressureSuite<SmallDiscreteFixture>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class SmallDiscreteSharedMemoryPressureTests : MemoryPressureSuite<SmallDiscreteFixture>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class SmallDiscretePrivateMemoryPressureTests : MemoryPressureSuite<SmallDiscreteFixture>
{
    public override string BufferTypeName => "metal.private";
}
