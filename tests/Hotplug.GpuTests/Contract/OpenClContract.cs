using Hotplug.Testing.Compliance;
using Hotplug.Testing.Suites;
using Xunit;

namespace Hotplug.GpuTests.Contract;

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClBufferTypeTests : BufferTypeSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu";
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClPlainBufferTypeTests : BufferTypeSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu.plain";
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClStagingBufferTypeTests : BufferTypeSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu.staging";
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClBufferAccessTests : BufferAccessSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu";
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClPlainBufferAccessTests : BufferAccessSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu.plain";
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClStagingBufferAccessTests : BufferAccessSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu.staging";
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClMemoryPressureTests : MemoryPressureSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu";
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClPlainMemoryPressureTests : MemoryPressureSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu.plain";
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClStagingMemoryPressureTests : MemoryPressureSuite<OpenClFixture>
{
    public override string BufferTypeName => "gpu.opencl-cpu.staging";
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClOperationTests : OperationSuite<OpenClFixture>;

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClSliceTests : SliceSuite<OpenClFixture>;

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClSupportsTests : SupportsSuite<OpenClFixture>;

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClKvCacheTests : KvCacheSuite<OpenClFixture>;

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClRepeatTests : RepeatSuite<OpenClFixture>;

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClPlanOnlyTests : PlanOnlySuite<OpenClFixture>;

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClDeviceLossTests : DeviceLossSuite<OpenClFixture>;

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClDisposalTests : DisposalSuite<OpenClFixture>
{
    public OpenClDisposalTests() => Fixture.OpensAnew = true;
}

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClFaultTests : FaultSuite<OpenClFixture>;

[Collection(DeviceCollections.OpenCl)]
public sealed class OpenClCompliance : ComplianceSuite<OpenClFixture>;
