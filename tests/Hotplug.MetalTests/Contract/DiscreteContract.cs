using Hotplug.Testing.Compliance;
using Hotplug.Testing.Suites;

namespace Hotplug.MetalTests.Contract;

public sealed class DiscreteMappedBufferTypeTests : BufferTypeSuite<DiscreteFixture>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class DiscreteMappedBufferAccessTests : BufferAccessSuite<DiscreteFixture>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class DiscreteMappedMemoryPressureTests : MemoryPressureSuite<DiscreteFixture>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class DiscreteSharedBufferTypeTests : BufferTypeSuite<DiscreteFixture>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class DiscreteSharedBufferAccessTests : BufferAccessSuite<DiscreteFixture>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class DiscreteSharedMemoryPressureTests : MemoryPressureSuite<DiscreteFixture>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class DiscretePrivateBufferTypeTests : BufferTypeSuite<DiscreteFixture>
{
    public override string BufferTypeName => "metal.private";
}

public sealed class DiscretePrivateBufferAccessTests : BufferAccessSuite<DiscreteFixture>
{
    public override string BufferTypeName => "metal.private";
}

public sealed class DiscretePrivateMemoryPressureTests : MemoryPressureSuite<DiscreteFixture>
{
    public override string BufferTypeName => "metal.private";
}

public sealed class DiscreteOperationTests : OperationSuite<DiscreteFixture>;

public sealed class DiscreteSliceTests : SliceSuite<DiscreteFixture>;

public sealed class DiscreteSupportsTests : SupportsSuite<DiscreteFixture>;

public sealed class DiscreteKvCacheTests : KvCacheSuite<DiscreteFixture>;

public sealed class DiscreteRepeatTests : RepeatSuite<DiscreteFixture>;

public sealed class DiscretePlanOnlyTests : PlanOnlySuite<DiscreteFixture>;

public sealed class DiscreteDeviceLossTests : DeviceLossSuite<DiscreteFixture>;

public sealed class DiscreteDisposalTests : DisposalSuite<DiscreteFixture>;

public sealed class DiscreteFaultTests : FaultSuite<DiscreteFixture>;

public sealed class DiscreteCompliance : ComplianceSuite<DiscreteFixture>;
