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
