using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Interop.Objects;

/// <summary>A graphics processor. Safe for any thread.</summary>
internal sealed unsafe class MetalDevice(ObjectiveC runtime, nint owned) : ObjectiveCObject(runtime, owned)
{
    /// <summary>Its name, <c>Apple M2 Max</c>.</summary>
    public string Name
    {
        get
        {
            using var pool = Runtime.Pool();
            return Runtime.Text(Runtime.Send.Id(Handle, Runtime[Message.DeviceName]));
        }
    }

    /// <summary>Identifies it on this machine until the next start.</summary>
    public ulong RegistryId => Ask(Message.DeviceRegistryId);

    /// <summary>Whether it works on the memory of the host.</summary>
    public bool HasUnifiedMemory => AskBool(Message.DeviceHasUnifiedMemory);

    /// <summary>Whether it is the slower of two that saves power.</summary>
    public bool IsLowPower => AskBool(Message.DeviceIsLowPower);

    /// <summary>Whether it can drive no display.</summary>
    public bool IsHeadless => AskBool(Message.DeviceIsHeadless);

    /// <summary>Bytes it can use without losing speed: advice, which allocations may exceed.</summary>
    public ulong RecommendedMaxWorkingSetSize => Ask(Message.DeviceRecommendedMaxWorkingSetSize);

    /// <summary>Bytes that this process has allocated on it.</summary>
    public ulong CurrentAllocatedSize => Ask(Message.DeviceCurrentAllocatedSize);

    /// <summary>Bytes of the largest buffer.</summary>
    public ulong MaxBufferLength => Ask(Message.DeviceMaxBufferLength);

    /// <summary>Bytes of threadgroup memory that a dispatch can have.</summary>
    public ulong MaxThreadgroupMemoryLength => Ask(Message.DeviceMaxThreadgroupMemoryLength);

    /// <summary>Whether the system has residency sets (macOS 15).</summary>
    public bool HasResidencySets =>
        Runtime.FindClass(Receivers.MTLResidencySetDescriptor) != 0 && Runtime.Responds(Handle, Message.DeviceNewResidencySet);

    /// <summary>All devices of this machine, the default one if they cannot be listed, none if there is none. The caller disposes them.</summary>
    public static IReadOnlyList<MetalDevice> All(ObjectiveC runtime)
    {
        using var pool = runtime.Pool();
        var devices = new List<MetalDevice>();
        var array = runtime.Table.CopyAllDevices();
        if (array != 0)
        {
            var count = runtime.Send.UInt64(array, runtime[Message.ArrayCount]);
            for (var i = 0ul; i < count; i++)
                devices.Add(new(runtime, runtime.Retain(runtime.Send.IdUInt64(array, runtime[Message.ArrayObject], i))));
            runtime.Release(array);
        }
        if (devices.Count == 0 && Default(runtime) is { } single) devices.Add(single);
        return devices;
    }

    /// <summary>The preferred device, which the caller disposes, or null.</summary>
    public static MetalDevice? Default(ObjectiveC runtime)
    {
        using var pool = runtime.Pool();
        var device = runtime.Table.CreateDefaultDevice();
        return device == 0 ? null : new(runtime, device);
    }

    /// <summary>Whether it has the features of a family. Families it has never heard of are a No.</summary>
    public bool Supports(MTLGPUFamily family) => Runtime.Send.BoolInt64(Handle, Runtime[Message.DeviceSupportsFamily], (long)family) != ObjCBool.No;

    /// <summary>A queue, owned by the caller.</summary>
    /// <exception cref="MetalException">There is none.</exception>
    public MetalQueue NewQueue()
    {
        using var pool = Runtime.Pool();
        var queue = Runtime.Send.Id(Handle, Runtime[Message.DeviceNewCommandQueue]);
        return queue != 0 ? new(Runtime, queue) : throw new MetalException($"{Name} gives no command queue.");
    }

    /// <summary>Memory of the device, undefined, owned by the caller; null when there is not enough.</summary>
    /// <param name="length">Bytes, from 1 to <see cref="MaxBufferLength"/>.</param>
    /// <param name="options">Where it lies.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is zero or too large.</exception>
    public MetalBuffer? NewBuffer(ulong length, MTLResourceOptions options)
    {
        CheckLength(length);
        using var pool = Runtime.Pool();
        var buffer = Runtime.Send.IdUInt64UInt64(Handle, Runtime[Message.DeviceNewBuffer], length, (ulong)options);
        return buffer == 0 ? null : new(Runtime, buffer);
    }

    /// <summary>
    /// A buffer over memory of the host, which stays the host's and must stay mapped until the buffer is disposed and no command buffer uses it; null
    /// when the system refuses.
    /// </summary>
    /// <param name="memory">Its first byte, at the start of a page.</param>
    /// <param name="length">Bytes, whole pages, at most <see cref="MaxBufferLength"/>.</param>
    /// <exception cref="ArgumentException">Pointer or length are not whole pages.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The length is zero or too large.</exception>
    public MetalBuffer? WrapMemory(void* memory, ulong length)
    {
        var page = (ulong)Runtime.PageSize;
        if (memory is null || (ulong)memory % page != 0) throw new ArgumentException($"0x{(ulong)memory:x} is not the start of a page of {page} bytes.", nameof(memory));
        if (length % page != 0) throw new ArgumentException($"{length} bytes are not whole pages of {page} bytes.", nameof(length));
        CheckLength(length);
        using var pool = Runtime.Pool();
        var buffer = Runtime.Send.IdPointerUInt64UInt64Block(
            Handle, Runtime[Message.DeviceNewBufferNoCopy], memory, length, (ulong)MTLResourceOptions.StorageModeShared, NoBlock.Nil);
        return buffer == 0 ? null : new(Runtime, buffer);
    }

    /// <summary>Compiles Metal Shading Language. Takes its time.</summary>
    /// <param name="source">The text.</param>
    /// <param name="version">The version of the language it is written in.</param>
    /// <param name="math">How far results may stray. Where the system does not know the modes, only <see cref="MTLMathMode.Fast"/> allows fast math.</param>
    /// <exception cref="MetalException">It does not compile; the text of the compiler is in the message.</exception>
    public MetalLibrary Compile(string source, MTLLanguageVersion version, MTLMathMode math)
    {
        using var pool = Runtime.Pool();
        var text = Runtime.String(source);
        var options = Runtime.Send.Id(Runtime.FindClass(Receivers.MTLCompileOptions), Runtime[Message.CompileOptionsNew]);
        if (options == 0) throw new MetalException("Metal gives no compile options.");
        try
        {
            Runtime.Send.VoidUInt64(options, Runtime[Message.CompileOptionsSetLanguageVersion], (ulong)version);
            if (Runtime.Responds(options, Message.CompileOptionsSetMathMode)) Runtime.Send.VoidInt64(options, Runtime[Message.CompileOptionsSetMathMode], (long)math);
            else Runtime.Send.VoidBool(options, Runtime[Message.CompileOptionsSetFastMathEnabled], math == MTLMathMode.Fast ? ObjCBool.Yes : ObjCBool.No);

            nint error = 0;
            var library = Runtime.Send.IdIdIdError(Handle, Runtime[Message.DeviceNewLibrary], text, options, &error);
            // An error beside a library is a warning.
            return library != 0 ? new(Runtime, library) : throw new MetalException("The kernels do not compile.", Runtime.Error(error));
        }
        finally
        {
            Runtime.Release(options);
        }
    }

    /// <summary>Makes a kernel ready to run. Takes its time.</summary>
    /// <exception cref="MetalException">It cannot be run on this device.</exception>
    public MetalPipeline NewPipeline(MetalFunction function)
    {
        using var pool = Runtime.Pool();
        nint error = 0;
        var pipeline = Runtime.Send.IdIdError(Handle, Runtime[Message.DeviceNewPipeline], function.Handle, &error);
        return pipeline != 0
            ? new(Runtime, pipeline)
            : throw new MetalException($"{Name} makes no pipeline of the kernel '{function.Name}'.", Runtime.Error(error));
    }

    /// <summary>An event that starts at zero, owned by the caller.</summary>
    /// <exception cref="MetalException">There is none.</exception>
    public MetalSharedEvent NewSharedEvent()
    {
        using var pool = Runtime.Pool();
        var made = Runtime.Send.Id(Handle, Runtime[Message.DeviceNewSharedEvent]);
        return made != 0 ? new(Runtime, made) : throw new MetalException($"{Name} gives no shared event.");
    }

    /// <summary>A set of allocations to keep resident, owned by the caller. Only with <see cref="HasResidencySets"/>.</summary>
    /// <param name="capacity">Allocations to make room for.</param>
    /// <exception cref="MetalException">There is none.</exception>
    public MetalResidencySet NewResidencySet(int capacity)
    {
        if (!HasResidencySets) throw new MetalException("This system has no residency sets; they came with macOS 15.");
        using var pool = Runtime.Pool();
        var descriptor = Runtime.Send.Id(Runtime.FindClass(Receivers.MTLResidencySetDescriptor), Runtime[Message.ResidencySetDescriptorNew]);
        if (descriptor == 0) throw new MetalException("Metal gives no residency set descriptor.");
        try
        {
            Runtime.Send.VoidUInt64(descriptor, Runtime[Message.ResidencySetDescriptorSetInitialCapacity], (ulong)capacity);
            nint error = 0;
            var set = Runtime.Send.IdIdError(Handle, Runtime[Message.DeviceNewResidencySet], descriptor, &error);
            return set != 0 ? new(Runtime, set) : throw new MetalException($"{Name} makes no residency set.", Runtime.Error(error));
        }
        finally
        {
            Runtime.Release(descriptor);
        }
    }

    private void CheckLength(ulong length)
    {
        var most = MaxBufferLength;
        if (length == 0 || length > most)
            throw new ArgumentOutOfRangeException(nameof(length), length, $"A buffer of this device has 1 to {most} bytes. Cut the memory into several.");
    }

    private ulong Ask(Message message)
    {
        // Drivers answer through objects of their own, which a thread without a pool would leak.
        using var pool = Runtime.Pool();
        return Runtime.Send.UInt64(Handle, Runtime[message]);
    }

    private bool AskBool(Message message)
    {
        using var pool = Runtime.Pool();
        return Runtime.Send.Bool(Handle, Runtime[message]) != ObjCBool.No;
    }
}
