using Hotplug.Metal.Fake.Runtime;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>MTLResidencySetDescriptor.</summary>
internal sealed class FakeResidencySetDescriptor(FakeRuntime runtime) : FakeObject(runtime, "MTLResidencySetDescriptor")
{
    public override void VoidUInt64(string selector, ulong value)
    {
        if (selector != "setInitialCapacity:") base.VoidUInt64(selector, value);
    }
}
