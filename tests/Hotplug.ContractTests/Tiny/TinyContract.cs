using Hotplug.Testing.Compliance;
using Hotplug.Testing.Suites;

namespace Hotplug.ContractTests.Tiny;

public sealed class TinyBufferTypeTests : BufferTypeSuite<TinyFixture>
{
    public override string BufferTypeName => "tiny";
}

public sealed class TinyBufferAccessTests : BufferAccessSuite<TinyFixture>
{
    public override string BufferTypeName => "tiny";
}

public sealed class TinyMemoryPressureTests : MemoryPressureSuite<TinyFixture>
{
    public override string BufferTypeName => "tiny";
}

public sealed class TinyOperationTests : OperationSuite<TinyFixture>;

public sealed class TinySliceTests : SliceSuite<TinyFixture>;

public sealed class TinySupportsTests : SupportsSuite<TinyFixture>;

public sealed class TinyKvCacheTests : KvCacheSuite<TinyFixture>;

public sealed class TinyRepeatTests : RepeatSuite<TinyFixture>;

public sealed class TinyPlanOnlyTests : PlanOnlySuite<TinyFixture>;

public sealed class TinyDeviceLossTests : DeviceLossSuite<TinyFixture>;

public sealed class TinyDisposalTests : DisposalSuite<TinyFixture>;

public sealed class TinyFaultTests : FaultSuite<TinyFixture>;

public sealed class TinyCompliance : ComplianceSuite<TinyFixture>;
