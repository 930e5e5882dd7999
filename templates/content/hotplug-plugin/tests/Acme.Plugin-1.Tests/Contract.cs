using Hotplug.Testing.Compliance;
using Hotplug.Testing.Suites;

namespace Acme.Plugin_1.Tests;

// One line per suite of the kit. Contract_is_complete fails when one is missing, also after an update of the kit.

public sealed class Contract_is_complete : ComplianceSuite<AcceleratorFixture>;

public sealed class Buffer_type : BufferTypeSuite<AcceleratorFixture> { public override string BufferTypeName => "plugin-id"; }

public sealed class Buffer_access : BufferAccessSuite<AcceleratorFixture> { public override string BufferTypeName => "plugin-id"; }

public sealed class Memory_pressure : MemoryPressureSuite<AcceleratorFixture> { public override string BufferTypeName => "plugin-id"; }

public sealed class Support_is_true : SupportsSuite<AcceleratorFixture>;

public sealed class Operations : OperationSuite<AcceleratorFixture>;

public sealed class Slices : SliceSuite<AcceleratorFixture>;

public sealed class Kv_cache : KvCacheSuite<AcceleratorFixture>;

public sealed class Repeat : RepeatSuite<AcceleratorFixture>;

public sealed class Plan_only : PlanOnlySuite<AcceleratorFixture>;

public sealed class Device_loss : DeviceLossSuite<AcceleratorFixture>;

public sealed class Disposal : DisposalSuite<AcceleratorFixture>;

public sealed class Faults : FaultSuite<AcceleratorFixture>;

public sealed class Unload : UnloadSuite<DroppedInFixture>;

public sealed class Composite_with_cpu : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new AcceleratorFixture(), "plugin-id"), new(new CpuFixture(), "cpu")];
}

public sealed class Composite_of_three : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new AcceleratorFixture(), "plugin-id"), new(new CpuFixture(), "cpu")];
}

public sealed class Load_with_cpu : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new AcceleratorFixture(), "plugin-id"), new(new CpuFixture(), "cpu")];
}

public sealed class Load_of_three : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new AcceleratorFixture(), "plugin-id"), new(new CpuFixture(), "cpu")];
}
