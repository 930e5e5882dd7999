using System.Runtime.InteropServices;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.MetalTests.Fakes;

/// <summary>
/// A Mac below the binding on which every message succeeds and nothing happens: it makes no managed objects, so that those which are made are the plugin's own. It notes what the
/// thread that commits work has allocated by then. One at a time.
/// </summary>
internal static unsafe class QuietMetal
{
    private const int MostSelectors = 256;
    private static readonly string[] Names = new string[MostSelectors];
    private static readonly ulong[] Numbers = new ulong[MostSelectors];
    private static readonly nint[] Encodings = new nint[MostSelectors];
    private static readonly MessageInfo[] Messages = MessageInfo.ReadAll();
    private static readonly byte* Text = (byte*)Marshal.StringToCoTaskMemUTF8("Quiet GPU");
    private static int _selectors;
    private static int _commit;
    private static nint _handles;

    /// <summary>Bytes allocated by the thread that committed last, until then.</summary>
    public static long Allocated { get; private set; }

    /// <summary>Command buffers committed.</summary>
    public static int Commits { get; private set; }

    /// <summary>A runtime upon it.</summary>
    /// <param name="unified">Whether the device works on the memory of the host.</param>
    public static ObjectiveC Open(bool unified)
    {
        (_selectors, Commits, Allocated) = (0, 0, 0);
        _unified = unified;
        return new(new ObjectiveCTable
        {
            GetClass = &One, RegisterSelector = &Register, ClassOf = &Same, InstanceMethod = &Method, ClassMethod = &Method, MethodEncoding = &Encoding, PushPool = &New, PopPool = &Take,
            CopyAllDevices = &New, CreateDefaultDevice = &New, PageSize = 16384, Send = new()
            {
                Void = &Void, Id = &Id, UInt64 = &UInt64, Int64 = &Int64, Double = &Double, Bool = &Bool, Pointer = &Pointer, Text = &Characters, IdText = &IdText, IdUInt64 = &IdUInt64, IdId = &IdId,
                IdUInt64UInt64 = &IdUInt64UInt64, IdPointerUInt64UInt64Block = &IdBlock, IdIdError = &IdIdError, IdIdIdError = &IdIdIdError, BoolInt64 = &BoolInt64, BoolSelector = &BoolSelector,
                BoolUInt64UInt64 = &BoolUInt64UInt64, VoidId = &VoidId, VoidUInt64 = &VoidUInt64, VoidInt64 = &VoidInt64, VoidBool = &VoidBool, VoidUInt64UInt64 = &VoidUInt64UInt64,
                VoidIdUInt64 = &VoidIdUInt64, VoidIdUInt64UInt64 = &VoidIdUInt64UInt64, VoidPointerUInt64UInt64 = &VoidPointer, VoidIdsUInt64 = &VoidIds, VoidSizeSize = &VoidSizeSize,
                VoidIdUInt64IdUInt64UInt64 = &VoidCopy, VoidIdRangeByte = &VoidFill,
            },
        });
    }

    private static bool _unified;

    [UnmanagedCallersOnly] private static nint One(byte* name) => 16;
    [UnmanagedCallersOnly] private static nint New() => Handle();
    [UnmanagedCallersOnly] private static void Take(nint token) { }
    [UnmanagedCallersOnly] private static nint Same(nint target) => target;
    [UnmanagedCallersOnly] private static nint Method(nint type, nint selector) => selector;
    [UnmanagedCallersOnly] private static byte* Encoding(nint method) => (byte*)Encodings[method - 1];

    // Selectors are numbers from 1 on.
    [UnmanagedCallersOnly]
    private static nint Register(byte* name)
    {
        var text = Marshal.PtrToStringUTF8((nint)name)!;
        var known = Array.IndexOf(Names, text, 0, _selectors);
        if (known >= 0) return known + 1;
        (Names[_selectors], Numbers[_selectors]) = (text, text switch
        {
            "count" => 1,
            "registryID" => 7,
            "maxBufferLength" or "recommendedMaxWorkingSetSize" or "length" => 1ul << 40,
            "maxThreadgroupMemoryLength" => 32768,
            "maxTotalThreadsPerThreadgroup" => 1024,
            "threadExecutionWidth" => 32,
            "status" => (ulong)MTLCommandBufferStatus.Completed,
            _ => 0,
        });
        // As the plugin expects it, whoever is asked.
        Encodings[_selectors] = Marshal.StringToCoTaskMemUTF8(Array.Find(Messages, m => m.Selector == text)?.Encoding ?? "v@:");
        if (text == "commit") _commit = _selectors + 1;
        return ++_selectors;
    }

    [UnmanagedCallersOnly]
    private static void Void(nint self, nint selector)
    {
        if (selector != _commit) return;
        Commits++;
        Allocated = GC.GetAllocatedBytesForCurrentThread();
    }

    [UnmanagedCallersOnly] private static nint Id(nint self, nint selector) => Handle();
    [UnmanagedCallersOnly] private static ulong UInt64(nint self, nint selector) => Numbers[selector - 1];
    [UnmanagedCallersOnly] private static long Int64(nint self, nint selector) => 0;
    [UnmanagedCallersOnly] private static double Double(nint self, nint selector) => 0;
    [UnmanagedCallersOnly] private static ObjCBool Bool(nint self, nint selector) => _unified && Names[selector - 1] == "hasUnifiedMemory" ? ObjCBool.Yes : ObjCBool.No;
    [UnmanagedCallersOnly] private static void* Pointer(nint self, nint selector) => null;
    [UnmanagedCallersOnly] private static byte* Characters(nint self, nint selector) => Text;
    [UnmanagedCallersOnly] private static nint IdText(nint self, nint selector, byte* text) => Handle();
    [UnmanagedCallersOnly] private static nint IdUInt64(nint self, nint selector, ulong a) => Handle();
    [UnmanagedCallersOnly] private static nint IdId(nint self, nint selector, nint a) => Handle();
    [UnmanagedCallersOnly] private static nint IdUInt64UInt64(nint self, nint selector, ulong a, ulong b) => Handle();
    [UnmanagedCallersOnly] private static nint IdBlock(nint self, nint selector, void* a, ulong b, ulong c, NoBlock d) => Handle();
    [UnmanagedCallersOnly] private static nint IdIdError(nint self, nint selector, nint a, nint* error) => Handle();
    [UnmanagedCallersOnly] private static nint IdIdIdError(nint self, nint selector, nint a, nint b, nint* error) => Handle();
    [UnmanagedCallersOnly] private static ObjCBool BoolInt64(nint self, nint selector, long a) => ObjCBool.Yes;
    [UnmanagedCallersOnly] private static ObjCBool BoolSelector(nint self, nint selector, Selector a) => ObjCBool.Yes;
    [UnmanagedCallersOnly] private static ObjCBool BoolUInt64UInt64(nint self, nint selector, ulong a, ulong b) => ObjCBool.Yes;
    [UnmanagedCallersOnly] private static void VoidId(nint self, nint selector, nint a) { }
    [UnmanagedCallersOnly] private static void VoidUInt64(nint self, nint selector, ulong a) { }
    [UnmanagedCallersOnly] private static void VoidInt64(nint self, nint selector, long a) { }
    [UnmanagedCallersOnly] private static void VoidBool(nint self, nint selector, ObjCBool a) { }
    [UnmanagedCallersOnly] private static void VoidUInt64UInt64(nint self, nint selector, ulong a, ulong b) { }
    [UnmanagedCallersOnly] private static void VoidIdUInt64(nint self, nint selector, nint a, ulong b) { }
    [UnmanagedCallersOnly] private static void VoidIdUInt64UInt64(nint self, nint selector, nint a, ulong b, ulong c) { }
    [UnmanagedCallersOnly] private static void VoidPointer(nint self, nint selector, void* a, ulong b, ulong c) { }
    [UnmanagedCallersOnly] private static void VoidIds(nint self, nint selector, nint* a, ulong b) { }
    [UnmanagedCallersOnly] private static void VoidSizeSize(nint self, nint selector, MTLSize a, MTLSize b) { }
    [UnmanagedCallersOnly] private static void VoidCopy(nint self, nint selector, nint a, ulong b, nint c, ulong d, ulong e) { }
    [UnmanagedCallersOnly] private static void VoidFill(nint self, nint selector, nint a, NSRange b, byte c) { }

    private static nint Handle() => _handles += 16;
}
