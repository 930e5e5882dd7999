using Hotplug.Metal.Fake;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;
using Xunit;

namespace Hotplug.MetalTests.Fakes;

/// <summary>A double with a runtime, a device and a queue on it. Disposing gives back these and checks that nothing is left.</summary>
internal sealed unsafe class Bench : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private bool _expectsViolations;

    public Bench(FakeOptions? options = null, params ScriptedFunction[] functions)
    {
        Compiler = new(functions);
        options ??= new();
        Fake = new(options with { Compiler = options.Compiler ?? Compiler });
        Runtime = Fake.Open();
        Device = Own(MetalDevice.All(Runtime).Single());
        Queue = Own(Device.NewQueue());
    }

    public FakeMetal Fake { get; }
    public ScriptedCompiler Compiler { get; }
    public ObjectiveC Runtime { get; }
    public MetalDevice Device { get; }
    public MetalQueue Queue { get; }

    public T Own<T>(T made) where T : IDisposable
    {
        _owned.Add(made);
        return made;
    }

    /// <summary>A shared buffer with the given numbers.</summary>
    public MetalBuffer Floats(params float[] values)
    {
        var buffer = Own(Device.NewBuffer((ulong)values.Length * sizeof(float), MTLResourceOptions.StorageModeShared)!);
        values.CopyTo(Values(buffer));
        return buffer;
    }

    /// <summary>What a shared buffer holds.</summary>
    public static Span<float> Values(MetalBuffer buffer) => new(buffer.Contents, (int)buffer.Length / sizeof(float));

    public MetalPipeline Pipeline(string name) => Pipeline(name, Compiler.Source);

    public MetalPipeline Pipeline(string name, string source)
    {
        using var library = Device.Compile(source, MTLLanguageVersion.Version3_0, MTLMathMode.Safe);
        using var function = library.Find(name);
        Assert.NotNull(function);
        return Own(Device.NewPipeline(function));
    }

    /// <summary>Records into one compute encoder, commits and waits. Gives the command buffer.</summary>
    public MetalCommandBuffer Run(MTLDispatchType type, Recording record, bool wait = true)
    {
        using var pool = Runtime.Pool();
        var commands = Own(Queue.NewCommandBuffer());
        using (var encoder = commands.Compute(type)) record(encoder);
        commands.Commit();
        if (wait) commands.WaitUntilCompleted();
        return commands;
    }

    /// <summary>The violations so far, of which one kind is expected; disposing does not complain about them again.</summary>
    public FakeViolation Single(ViolationKind kind)
    {
        _expectsViolations = true;
        var violation = Assert.Single(Fake.Violations);
        Assert.Equal(kind, violation.Kind);
        return violation;
    }

    /// <summary>Leaves everything as it is: the test has looked at the wreck.</summary>
    public void ExpectViolations() => _expectsViolations = true;

    public void Dispose()
    {
        for (var i = _owned.Count - 1; i >= 0; i--) _owned[i].Dispose();
        if (!_expectsViolations)
        {
            Fake.Verify();
            Assert.Equal("", Runtime.Ledger.ToString());
            Assert.Equal(0, Compiler.Open);
        }
        Runtime.Dispose();
        Fake.Dispose();
    }

    public delegate void Recording(ComputeEncoder encoder);
}
