using Hotplug.ContractTests.Broken.Decorators;
using Hotplug.ContractTests.Cpu;
using Hotplug.Testing.Compliance;
using Hotplug.Testing.Suites;

// The suites, derived for a flaw. Not public: they run within tests, and are expected to fail.
namespace Hotplug.ContractTests.Broken;

internal sealed class BrokenBufferType<TFlaw> : BufferTypeSuite<BrokenFixture<TFlaw>> where TFlaw : Flaw, new()
{
    public override string BufferTypeName => "tiny";
}

internal sealed class BrokenBufferAccess<TFlaw> : BufferAccessSuite<BrokenFixture<TFlaw>> where TFlaw : Flaw, new()
{
    public override string BufferTypeName => "tiny";
}

internal sealed class BrokenMemoryPressure<TFlaw> : MemoryPressureSuite<BrokenFixture<TFlaw>> where TFlaw : Flaw, new()
{
    public override string BufferTypeName => "tiny";
}

internal sealed class BrokenSupports<TFlaw> : SupportsSuite<BrokenFixture<TFlaw>> where TFlaw : Flaw, new();

internal sealed class BrokenOperation<TFlaw> : OperationSuite<BrokenFixture<TFlaw>> where TFlaw : Flaw, new();

internal sealed class BrokenSlice<TFlaw> : SliceSuite<BrokenFixture<TFlaw>> where TFlaw : Flaw, new();

internal sealed class BrokenKvCache<TFlaw> : KvCacheSuite<BrokenFixture<TFlaw>> where TFlaw : Flaw, new();

internal sealed class BrokenRepeat<TFlaw> : RepeatSuite<BrokenFixture<TFlaw>> where TFlaw : Flaw, new();

internal sealed class BrokenPlanOnly<TFlaw> : PlanOnlySuite<BrokenFixture<TFlaw>> where TFlaw : Flaw, new();

internal sealed class BrokenDeviceLoss<TFlaw> : DeviceLossSuite<BrokenFixture<TFlaw>> where TFlaw : Flaw, new();

internal sealed class BrokenDisposal<TFlaw> : DisposalSuite<BrokenFixture<TFlaw>> where TFlaw : Flaw, new();

internal sealed class BrokenFault<TFlaw> : FaultSuite<BrokenFixture<TFlaw>> where TFlaw : Flaw, new();

internal sealed class BrokenComposite<TFlaw> : CompositeSuite where TFlaw : Flaw, new()
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new BrokenFixture<TFlaw>(), "tiny")];
}

internal sealed class BrokenCompositeLoad<TFlaw> : CompositeLoadSuite where TFlaw : Flaw, new()
{
    protected override IReadOnlyList<CompositePart> Parts { get; } = [new(new CpuFixture(), "cpu"), new(new BrokenFixture<TFlaw>(), "tiny")];
}

internal sealed class BrokenUnload<TFlaw> : UnloadSuite<KeptFixture> where TFlaw : Flaw, new()
{
    protected override int Rounds => 1;
}

internal sealed class BrokenCompliance<TFlaw> : ComplianceSuite<BrokenFixture<TFlaw>> where TFlaw : Flaw, new();
