namespace Hotplug.Metal.Interop;

/// <summary>
/// Everything that this plugin calls of the system, as addresses in an instance: the seam below which a test double stands. Nothing of it is static,
/// so nothing survives the plugin's load context.
/// </summary>
/// <remarks>Filled once and then only read; every thread may call through it.</remarks>
internal sealed unsafe class ObjectiveCTable
{
    /// <summary>The class of a name, or zero.</summary>
    [Export(LibraryPaths.ObjectiveC, "objc_getClass")]
    public required delegate* unmanaged<byte*, nint> GetClass;

    /// <summary>The selector of a name; registered for ever.</summary>
    [Export(LibraryPaths.ObjectiveC, "sel_registerName")]
    public required delegate* unmanaged<byte*, nint> RegisterSelector;

    /// <summary>The class of an object.</summary>
    [Export(LibraryPaths.ObjectiveC, "object_getClass")]
    public required delegate* unmanaged<nint, nint> ClassOf;

    /// <summary>The method by which instances of a class answer a selector, or zero.</summary>
    [Export(LibraryPaths.ObjectiveC, "class_getInstanceMethod")]
    public required delegate* unmanaged<nint, nint, nint> InstanceMethod;

    /// <summary>The method by which a class itself answers a selector, or zero.</summary>
    [Export(LibraryPaths.ObjectiveC, "class_getClassMethod")]
    public required delegate* unmanaged<nint, nint, nint> ClassMethod;

    /// <summary>The type encoding of a method; belongs to the runtime.</summary>
    [Export(LibraryPaths.ObjectiveC, "method_getTypeEncoding")]
    public required delegate* unmanaged<nint, byte*> MethodEncoding;

    /// <summary>Opens an autorelease pool on this thread.</summary>
    [Export(LibraryPaths.ObjectiveC, "objc_autoreleasePoolPush")]
    public required delegate* unmanaged<nint> PushPool;

    /// <summary>Closes a pool and those opened after it, on the thread that opened it.</summary>
    [Export(LibraryPaths.ObjectiveC, "objc_autoreleasePoolPop")]
    public required delegate* unmanaged<nint, void> PopPool;

    /// <summary>All devices in an NSArray that the caller owns.</summary>
    [Export(LibraryPaths.Metal, "MTLCopyAllDevices")]
    public required delegate* unmanaged<nint> CopyAllDevices;

    /// <summary>The preferred device, which the caller owns, or zero.</summary>
    [Export(LibraryPaths.Metal, "MTLCreateSystemDefaultDevice")]
    public required delegate* unmanaged<nint> CreateDefaultDevice;

    /// <summary>How messages are sent.</summary>
    public required SendTable Send;

    /// <summary>Bytes of a page of memory: what no-copy buffers are aligned to. 16 KiB on Apple silicon, 4 KiB on Intel.</summary>
    public required int PageSize;
}
