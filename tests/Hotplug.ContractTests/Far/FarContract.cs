using Hotplug.Testing.Compliance;
using Hotplug.Testing.Suites;

namespace Hotplug.ContractTests.Far;

public sealed class FarCompliance : ComplianceSuite<FarFixture>;

public sealed class FarBufferTypeTests : BufferTypeSuite<FarFixture>
{
    public override string BufferTypeName => "far";
}

public sealed class FarPlainBufferTypeTests : BufferTypeSuite<FarFixture>
{
    public override string BufferTypeName => "far.plain";
}

public sealed class FarBufferAccessTests : BufferAccessSuite<FarFixture>
{
    public override string BufferTypeName => "far";
}

public sealed class FarPlainBufferAccessTests : BufferAccessSuite<FarFixture>
{
    public override string BufferTypeName => "far.plain";
}

public sealed class FarMemoryPressureTests : MemoryPressureSuite<FarFixture>
{
    public override string BufferTypeName => "far";
}

public sealed class FarPlainMemoryPressureTests : MemoryPressureSuite<FarFixture>
{
    public override string BufferTypeName => "far.plain";
}

public sealed class SmallFarMemoryPressureTests : MemoryPressureSuite<SmallFarFixture>
{
    public override string BufferTypeName => "far";
}

public sealed class FarOperationTests : OperationSuite<FarFixture>;

public sealed class FarSliceTests : SliceSuite<FarFixture>;

public sealed class FarSupportsTests : SupportsSuite<FarFixture>;

public sealed class FarKvCacheTests : KvCacheSuite<FarFixture>;

public sealed class FarRepeatTests : RepeatSuite<FarFixture>;

public sealed class FarPlanOnlyTests : PlanOnlySuite<FarFixture>;

public sealed class FarDeviceLossTests : DeviceLossSuite<FarFixture>;

public sealed class SmallFarDeviceLossTests : DeviceLossSuite<SmallFarFixture>;

public sealed class FarDisposalTests : DisposalSuite<FarFixture>;

public sealed class FarFaultTests : FaultSuite<FarFixture>;
