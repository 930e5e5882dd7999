using Hotplug.Testing.Compliance;
using Hotplug.Testing.Suites;

namespace Acme.Tensors.Tests;

// One line per suite of the kit. Contract_is_complete fails when one is missing, also after an update of the kit.

public sealed class Contract_is_complete : ComplianceSuite<TensorsFixture>;

public sealed class Buffer_type : BufferTypeSuite<TensorsFixture> { public override string BufferTypeName => "tensors"; }

public sealed class Buffer_access : BufferAccessSuite<TensorsFixture> { public override string BufferTypeName => "tensors"; }

public sealed class Memory_pressure : MemoryPressureSuite<TensorsFixture> { public override string BufferTypeName => "tensors"; }

public sealed class Support_is_true : SupportsSuite<TensorsFixture>;

public sealed class Operations : OperationSuite<TensorsFixture>;

public sealed class Slices : SliceSuite<TensorsFixture>;

public sealed class Kv_cache : KvCacheSuite<TensorsFixture>;

public sealed class Repeat : RepeatSuite<TensorsFixture>;

public sealed class Plan_only : PlanOnlySuite<TensorsFixture>;

public sealed class Device_loss : DeviceLossSuite<TensorsFixture>;

public sealed class Disposal : DisposalSuite<TensorsFixture>;

public sealed class Faults : FaultSuite<TensorsFixture>;

public sealed class Unload : UnloadSuite<DroppedInFixture>;

public sealed class Composite_with_cpu : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new TensorsFixture(), "tensors"), new(new CpuFixture(), "cpu")];
}

public sealed class Composite_of_three : CompositeSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new TensorsFixture(), "tensors"), new(new CpuFixture(), "cpu")];
}

public sealed class Load_with_cpu : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new TensorsFixture(), "tensors"), new(new CpuFixture(), "cpu")];
}

public sealed class Load_of_three : CompositeLoadSuite
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new TensorsFixture(), "tensors"), new(new CpuFixture(), "cpu")];
}
