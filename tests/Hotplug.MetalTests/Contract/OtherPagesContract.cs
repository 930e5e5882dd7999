using Hotplug.Testing.Suites;

namespace Hotplug.MetalTests.Contract;

public sealed class Unified4KiBMappedBufferTypeTests : BufferTypeSuite<Unified4KiB>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class Unified4KiBMappedBufferAccessTests : BufferAccessSuite<Unified4KiB>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class Unified4KiBMappedMemoryPressureTests : MemoryPressureSuite<Unified4KiB>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class Unified4KiBSharedBufferTypeTests : BufferTypeSuite<Unified4KiB>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class Unified4KiBSharedBufferAccessTests : BufferAccessSuite<Unified4KiB>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class Unified4KiBSharedMemoryPressureTests : MemoryPressureSuite<Unified4KiB>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class Unified4KiBPrivateBufferTypeTests : BufferTypeSuite<Unified4KiB>
{
    public override string BufferTypeName => "metal.private";
}

public sealed class Unified4KiBPrivateBufferAccessTests : BufferAccessSuite<Unified4KiB>
{
    public override string BufferTypeName => "metal.private";
}

public sealed class Unified4KiBPrivateMemoryPressureTests : MemoryPressureSuite<Unified4KiB>
{
    public override string BufferTypeName => "metal.private";
}

public sealed class Unified4KiBPlanOnlyTests : PlanOnlySuite<Unified4KiB>;

public sealed class Unified4KiBDeviceLossTests : DeviceLossSuite<Unified4KiB>;

public sealed class Unified4KiBDisposalTests : DisposalSuite<Unified4KiB>;

public sealed class Unified4KiBFaultTests : FaultSuite<Unified4KiBComputing>;

public sealed class Unified4KiBKvCacheTests : KvCacheSuite<Unified4KiBComputing>;

public sealed class Discrete16KiBMappedBufferTypeTests : BufferTypeSuite<Discrete16KiB>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class Discrete16KiBMappedBufferAccessTests : BufferAccessSuite<Discrete16KiB>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class Discrete16KiBMappedMemoryPressureTests : MemoryPressureSuite<Discrete16KiB>
{
    public override string BufferTypeName => "metal.mapped";
}

public sealed class Discrete16KiBSharedBufferTypeTests : BufferTypeSuite<Discrete16KiB>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class Discrete16KiBSharedBufferAccessTests : BufferAccessSuite<Discrete16KiB>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class Discrete16KiBSharedMemoryPressureTests : MemoryPressureSuite<Discrete16KiB>
{
    public override string BufferTypeName => "metal.shared";
}

public sealed class Discrete16KiBPrivateBufferTypeTests : BufferTypeSuite<Discrete16KiB>
{
    public override string BufferTypeName => "metal.private";
}

public sealed class Discrete16KiBPrivateBufferAccessTests : BufferAccessSuite<Discrete16KiB>
{
    public override string BufferTypeName => "metal.private";
}

public sealed class Discrete16KiBPrivateMemoryPressureTests : MemoryPressureSuite<Discrete16KiB>
{
    public override string BufferTypeName => "metal.private";
}

public sealed class Discrete16KiBPlanOnlyTests : PlanOnlySuite<Discrete16KiB>;

public sealed class Discrete16KiBDeviceLossTests : DeviceLossSuite<Discrete16KiB>;

public sealed class Discrete16KiBDisposalTests : DisposalSuite<Discrete16KiB>;

public sealed class Discrete16KiBFaultTests : FaultSuite<Discrete16KiBComputing>;

public sealed class Discrete16KiBKvCacheTests : KvCacheSuite<Discrete16KiBComputing>;
