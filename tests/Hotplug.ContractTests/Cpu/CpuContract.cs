using Hotplug.Testing.Compliance;
using Hotplug.Testing.Suites;

namespace Hotplug.ContractTests.Cpu;

public sealed class CpuBufferTypeTests : BufferTypeSuite<CpuFixture>
{
    public override string BufferTypeName => "cpu";
}

public sealed class CpuBufferAccessTests : BufferAccessSuite<CpuFixture>
{
    public override string BufferTypeName => "cpu";
}

public sealed class CpuMemoryPressureTests : MemoryPressureSuite<CpuFixture>
{
    public override string BufferTypeName => "cpu";
}

public sealed class CpuOperationTests : OperationSuite<CpuFixture>;

public sealed class CpuSliceTests : SliceSuite<CpuFixture>;

public sealed class CpuSupportsTests : SupportsSuite<CpuFixture>;

public sealed class CpuKvCacheTests : KvCacheSuite<CpuFixture>;

public sealed class CpuRepeatTests : RepeatSuite<CpuFixture>;

public sealed class CpuPlanOnlyTests : PlanOnlySuite<CpuFixture>;

public sealed class CpuDeviceLossTests : DeviceLossSuite<CpuFixture>;

public sealed class CpuDisposalTests : DisposalSuite<CpuFixture>;

public sealed class CpuFaultTests : FaultSuite<CpuFixture>;

public sealed class CpuCompliance : ComplianceSuite<CpuFixture>;
