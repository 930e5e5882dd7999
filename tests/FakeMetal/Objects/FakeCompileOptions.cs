using Hotplug.Metal.Fake.Runtime;
using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>MTLCompileOptions.</summary>
internal sealed class FakeCompileOptions(FakeRuntime runtime) : FakeObject(runtime, "MTLCompileOptions")
{
    public ShaderCompileOptions Value { get; private set; } = new() { FastMath = true };

    public override void VoidUInt64(string selector, ulong value)
    {
        if (selector == "setLanguageVersion:") Value = Value with { LanguageVersion = value };
        else base.VoidUInt64(selector, value);
    }

    public override void VoidInt64(string selector, long value)
    {
        if (selector == "setMathMode:") Value = Value with { FastMath = value == 2 };
        else base.VoidInt64(selector, value);
    }

    public override void VoidBool(string selector, bool value)
    {
        if (selector == "setFastMathEnabled:") Value = Value with { FastMath = value };
        else base.VoidBool(selector, value);
    }
}
