using Hotplug.Testing.Compliance;
using Hotplug.Testing.Suites;

namespace Hotplug.GpuTests.Contract;

public sealed class EmulatorBufferTypeTests : BufferTypeSuite<EmulatorFixture>
{
    public override string BufferTypeName => "gpu.cpu-emulation";
}

public sealed class EmulatorPlainBufferTypeTests : BufferTypeSuite<EmulatorFixture>
{
    public override string BufferTypeName => "gpu.cpu-emulation.plain";
}

public sealed class EmulatorStagingBufferTypeTests : BufferTypeSuite<EmulatorFixture>
{
    public override string BufferTypeName => "gpu.cpu-emulation.staging";
}

public sealed class EmulatorBufferAccessTests : BufferAccessSuite<EmulatorFixture>
{
    public override string BufferTypeName => "gpu.cpu-emulation";
}

public sealed class EmulatorPlainBufferAccessTests : BufferAccessSuite<EmulatorFixture>
{
    public override string BufferTypeName => "gpu.cpu-emulation.plain";
}

public sealed class EmulatorStagingBufferAccessTests : BufferAccessSuite<EmulatorFixture>
{
    public override string BufferTypeName => "gpu.cpu-emulation.staging";
}

public sealed class EmulatorMemoryPressureTests : MemoryPressureSuite<EmulatorFixture>
{
    public override string BufferTypeName => "gpu.cpu-emulation";
}

public sealed class EmulatorPlainMemoryPressureTests : MemoryPressureSuite<EmulatorFixture>
{
    public override string BufferTypeName => "gpu.cpu-emulation.plain";
}

public sealed class EmulatorHostMemoryPressureTests : MemoryPressureSuite<EmulatorFixture>
{
    public override string BufferTypeName => "gpu.cpu-emulation.host";
}

public sealed class EmulatorStagingMemoryPressureTests : MemoryPressureSuite<EmulatorFixture>
{
    public override string BufferTypeName => "gpu.cpu-emulation.staging";
}

public sealed class EmulatorOperationTests : OperationSuite<EmulatorFixture>;

public sealed class EmulatorOperationWithAllLanesTests : OperationSuite<EmulatorFixture>
{
    public EmulatorOperationWithAllLanesTests() => Fixture.AllLanes = true;
}

public sealed class EmulatorSliceTests : SliceSuite<EmulatorFixture>;

public sealed class EmulatorSupportsTests : SupportsSuite<EmulatorFixture>;

public sealed class EmulatorKvCacheTests : KvCacheSuite<EmulatorFixture>;

public sealed class EmulatorRepeatTests : RepeatSuite<EmulatorFixture>
{
    public EmulatorRepeatTests() => Fixture.AllLanes = true;
}

public sealed class EmulatorPlanOnlyTests : PlanOnlySuite<EmulatorFixture>;

public sealed class EmulatorDeviceLossTests : DeviceLossSuite<EmulatorFixture>;

public sealed class EmulatorDisposalTests : DisposalSuite<EmulatorFixture>
{
    public EmulatorDisposalTests() => Fixture.OpensAnew = true;
}

public sealed class EmulatorFaultTests : FaultSuite<EmulatorFixture>;

public sealed class EmulatorCompliance : ComplianceSuite<EmulatorFixture>;

public sealed class EmulatorHostBufferTypeTests : BufferTypeSuite<EmulatorFixture>
{
    public override string BufferTypeName => "gpu.cpu-emulation.host";
}

public sealed class EmulatorHostBufferAccessTests : BufferAccessSuite<EmulatorFixture>
{
    public override string BufferTypeName => "gpu.cpu-emulation.host";
}
