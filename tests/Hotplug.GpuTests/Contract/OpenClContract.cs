using Hotplug.Testing.Compliance;
using Hotplug.Testing.Suites;

namespace Hotplug.GpuTests.Contract;

public sealed class OpenClBufferTypeTests : BufferTypeSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu";
}

public sealed class OpenClPlainBufferTypeTests : BufferTypeSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu.plain";
}

public sealed class OpenClStagingBufferTypeTests : BufferTypeSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu.staging";
}

public sealed class OpenClBufferAccessTests : BufferAccessSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu";
}

public sealed class OpenClPlainBufferAccessTests : BufferAccessSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu.plain";
}

public sealed class OpenClStagingBufferAccessTests : BufferAccessSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu.staging";
}

public sealed class OpenClMemoryPressureTests : MemoryPressureSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu";
}

public sealed class OpenClPlainMemoryPressureTests : MemoryPressureSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu.plain";
}

public sealed class OpenClStagingMemoryPressureTests : MemoryPressureSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu.staging";
}

public sealed class OpenClOperationTests : OperationSuite<OpenClFixture>;

public sealed class OpenClSliceTests : SliceSuite<OpenClFixture>;

public sealed class OpenClSupportsTests : SupportsSuite<OpenClFixture>;

public sealed class OpenClKvCacheTests : KvCacheSuite<OpenClFixture>;

public sealed class OpenClRepeatTests : RepeatSuite<OpenClFixture>;

public sealed class OpenClPlanOnlyTests : PlanOnlySuite<OpenClFixture>;

public sealed class OpenClDeviceLossTests : DeviceLossSuite<OpenClFixture>;

public sealed class OpenClDisposalTests : DisposalSuite<OpenClFixture>
{
    public OpenClDisposalTests() => Fixture.OpensAnew = true;
}

public sealed class OpenClFaultTests : FaultSuite<OpenClFixture>;

public sealed class OpenClCompliance : ComplianceSuite<OpenClFixture>;
