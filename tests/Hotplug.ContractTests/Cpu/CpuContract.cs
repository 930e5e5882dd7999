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
