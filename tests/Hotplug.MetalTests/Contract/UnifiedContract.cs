using Hotplug.Testing.Compliance;
using Hotplug.Testing.Suites;

namespace Hotplug.MetalTests.Contract;

public sealed class UnifiedMappedBufferTypeTests : BufferTypeSuite<UnifiedFixture>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class UnifiedMappedBufferAccessTests : BufferAccessSuite<UnifiedFixture>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class UnifiedMappedMemoryPressureTests : MemoryPressureSuite<UnifiedFixture>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class UnifiedSharedBufferTypeTests : BufferTypeSuite<UnifiedFixture>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class UnifiedSharedBufferAccessTests : BufferAccessSuite<UnifiedFixture>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class UnifiedSharedMemoryPressureTests : MemoryPressureSuite<UnifiedFixture>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class UnifiedPrivateBufferTypeTests : BufferTypeSuite<UnifiedFixture>
{
    public override string BufferTypeName => "metal.private";
}

public sealed class UnifiedPrivateBufferAccessTests : BufferAccessSuite<UnifiedFixture>
{
    public override string BufferTypeName => "metal.private";
}

public sealed class UnifiedPrivateMemoryPressureTests : MemoryPressureSuite<UnifiedFixture>
{
    public override string BufferTypeName => "metal.private";
}

public sealed class UnifiedOperationTests : OperationSuite<UnifiedFixture>;

public sealed class UnifiedSliceTests : SliceSuite<UnifiedFixture>;

public sealed class UnifiedSupportsTests : SupportsSuite<UnifiedFixture>;

public sealed class UnifiedKvCacheTests : KvCacheSuite<UnifiedFixture>;

public sealed class UnifiedRepeatTests : RepeatSuite<UnifiedFixture>;

public sealed class UnifiedPlanOnlyTests : PlanOnlySuite<UnifiedFixture>;

public sealed class UnifiedDeviceLossTests : DeviceLossSuite<UnifiedFixture>;

public sealed class UnifiedDisposalTests : DisposalSuite<UnifiedFixture>;

public sealed class UnifiedFaultTests : FaultSuite<UnifiedFixture>;

public sealed class UnifiedCompliance : ComplianceSuite<UnifiedFixture>;
