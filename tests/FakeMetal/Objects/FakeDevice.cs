using Hotplug.Metal.Fake.Runtime;
using Hotplug.Metal.Fake.Shaders;
using Hotplug.Metal.Interop;

namespace Hotplug.Metal.Fake.Objects;

/// <summary>A graphics processor. The system holds it, whatever the binding does.</summary>
internal sealed class FakeDevice : FakeObject
{
    private const ulong Private = 32;
    private readonly int _number;

    public FakeDevice(FakeRuntime runtime, int number) : base(runtime, "MTLDevice", owners: 0)
    {
        _number = number;
        Hold();
    }

    private FakeOptions Options => Runtime.Options;

    /// <summary>Takes a reference for a caller.</summary>
    public nint Take()
    {
        Retain();
        return Address;
    }

    public override nint Id(string selector) => selector switch
    {
        "name" => Runtime.Text($"Fake GPU {_number}"),
        "newSharedEvent" => new FakeSharedEvent(Runtime).Address,
        "newCommandQueue" => new FakeQueue(Runtime).Address,
        _ => base.Id(selector),
    };

    public override ulong UInt64(string selector) => selector switch
    {
        "registryID" => 0x1000u + (ulong)_number,
        "recommendedMaxWorkingSetSize" => Options.RecommendedMaxWorkingSetSize,
        "currentAllocatedSize" => Runtime.Allocated,
        "maxBufferLength" => Options.MaxBufferLength,
        "maxThreadgroupMemoryLength" => Options.MaxThreadgroupMemory,
        _ => base.UInt64(selector),
    };

    public override bool Bool(string selector) => selector switch
    {
        "hasUnifiedMemory" => Options.Unified,
        "isLowPower" or "isHeadless" => false,
        _ => base.Bool(selector),
    };

    public override bool BoolInt64(string selector, long value) =>
        selector == "supportsFamily:" ? Options.Families.Contains(value) : base.BoolInt64(selector, value);

    public override nint IdUInt64UInt64(string selector, ulong first, ulong second)
    {
        if (selector != "newBufferWithLength:options:") return base.IdUInt64UInt64(selector, first, second);
        return HasRoom(first) ? new FakeBuffer(Runtime, first, (second & 0xf0) == Private).Address : 0;
    }

    public override nint IdPointerUInt64UInt64Block(string selector, nint pointer, ulong first, ulong second, NoBlock block)
    {
        if (selector != "newBufferWithBytesNoCopy:length:options:deallocator:") return base.IdPointerUInt64UInt64Block(selector, pointer, first, second, block);
        var page = (ulong)Options.PageSize;
        var well = true;
        if (pointer == 0 || (ulong)pointer % page != 0 || first % page != 0)
        {
            Violation(ViolationKind.Alignment, $"a no-copy buffer of {first} bytes at 0x{pointer:x}, which are not whole pages of {page} bytes.");
            well = false;
        }
        if ((second & 0xf0) == Private)
        {
            Violation(ViolationKind.Binding, "a no-copy buffer in private memory.");
            well = false;
        }
        if (block != NoBlock.Nil)
        {
            Violation(ViolationKind.Message, $"a deallocator at 0x{(long)block:x}, which cannot be a block.");
            well = false;
        }
        if (well && FakeRuntime.Map().Of(pointer, FakeBuffer.CoveredOf(Runtime, first)) == Memory.HostAccess.None)
        {
            Violation(ViolationKind.Unmapped, $"a no-copy buffer of {first} bytes at 0x{pointer:x}, where not all is mapped.");
            well = false;
        }
        return well && HasRoom(first) ? new FakeBuffer(Runtime, pointer, first).Address : 0;
    }

    public override (nint Made, FakeError? Error) IdIdIdError(string selector, nint first, nint second)
    {
        if (selector != "newLibraryWithSource:options:error:") return base.IdIdIdError(selector, first, second);
        if (Runtime.Argument<FakeString>(first, "source") is not { } source)
        {
            Violation(ViolationKind.Message, "a library without a source.");
            return (0, null);
        }
        // Compiled with Metal's defaults when there are no options.
        var options = Runtime.Argument<FakeCompileOptions>(second, "options")?.Value ?? new() { FastMath = true };
        if (Options.Compiler is not { } compiler) return (0, new(Runtime, 1, "This double has no compiler."));
        try
        {
            return (new FakeLibrary(Runtime, compiler.Compile(source.Value, options)).Address, null);
        }
        catch (ShaderCompileException failure)
        {
            return (0, new(Runtime, 3, failure.Message));
        }
    }

    public override (nint Made, FakeError? Error) IdIdError(string selector, nint value)
    {
        switch (selector)
        {
            case "newComputePipelineStateWithFunction:error:":
                if (Runtime.Argument<FakeFunction>(value, "function") is { } function) return (new FakePipeline(Runtime, function).Address, null);
                if (value == 0) Violation(ViolationKind.Message, "a pipeline without a function.");
                return (0, null);
            case "newResidencySetWithDescriptor:error:":
                if (Runtime.Argument<FakeResidencySetDescriptor>(value, "descriptor") is not null) return (new FakeResidencySet(Runtime).Address, null);
                if (value == 0) Violation(ViolationKind.Message, "a residency set without a descriptor.");
                return (0, null);
            default:
                return base.IdIdError(selector, value);
        }
    }

    /// <summary>Above the limit of a buffer is an error of the caller, above that of the memory is not.</summary>
    private bool HasRoom(ulong length)
    {
        if (length != 0 && length <= Options.MaxBufferLength) return length <= Options.MemoryLimit - Math.Min(Runtime.Allocated, Options.MemoryLimit);
        Violation(ViolationKind.Limit, $"a buffer of {length} bytes, where 1 to {Options.MaxBufferLength} are allowed.");
        return false;
    }
}
