using System.Runtime.InteropServices;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;
using static Hotplug.Metal.Interop.Receivers;

namespace Hotplug.Metal.Interop.Checking;

/// <summary>
/// Compares every message of the binding with the runtime of this very system: does the method exist, and is it called as declared. Runs once at start,
/// so that a difference is a sentence and not a crash.
/// </summary>
internal static unsafe class BindingCheck
{
    private const string Probe = "#include <metal_stdlib>\nkernel void hotplug_probe(device float * x [[buffer(0)]]) { x[0] = 1.0f; }\n";

    /// <summary>
    /// Checks all messages on objects made for it, in an order in which each is made by calls that were checked before. Nothing runs on the device and
    /// nothing is left behind.
    /// </summary>
    public static BindingReport Run(ObjectiveC runtime, MetalDevice device)
    {
        var rows = new BindingRow[runtime.Messages.Count];
        using var pool = runtime.Pool();

        // What the rest of the check relies on: without it, no object is asked for anything.
        CheckObject(runtime, rows, NSObject, device.Handle);
        CheckObject(runtime, rows, MTLDevice, device.Handle);
        CheckClass(runtime, rows, NSString);
        CheckClass(runtime, rows, NSError);
        CheckClass(runtime, rows, MTLCompileOptions);
        CheckClass(runtime, rows, MTLResidencySetDescriptor);
        CheckArray(runtime, rows);
        if (!rows.Any(r => r is { IsFailure: true }))
        {
            CheckString(runtime, rows);
            CheckWork(runtime, rows, device);
            CheckShaders(runtime, rows, device);
            CheckResidency(runtime, rows, device);
        }
        for (var i = 0; i < rows.Length; i++) rows[i] ??= new(runtime.Messages[i], BindingFinding.NotChecked, "", "");
        return new(rows);
    }

    private static void CheckWork(ObjectiveC runtime, BindingRow[] rows, MetalDevice device)
    {
        using var buffer = device.NewBuffer(16, MTLResourceOptions.StorageModeShared);
        if (buffer is not null)
        {
            CheckObject(runtime, rows, MTLBuffer, buffer.Handle);
            CheckObject(runtime, rows, MTLResource, buffer.Handle);
        }
        using (var signal = device.NewSharedEvent()) CheckObject(runtime, rows, MTLSharedEvent, signal.Handle);
        using var queue = device.NewQueue();
        CheckObject(runtime, rows, MTLCommandQueue, queue.Handle);
        if (Failed(rows, MTLCommandQueue)) return;

        // Never committed: an unfinished command buffer is given back like any other.
        using var commands = queue.NewCommandBuffer();
        CheckObject(runtime, rows, MTLCommandBuffer, commands.Handle);
        if (Failed(rows, MTLCommandBuffer)) return;
        using (var compute = commands.Compute(MTLDispatchType.Concurrent))
        {
            CheckObject(runtime, rows, MTLCommandEncoder, compute.Handle);
            CheckObject(runtime, rows, MTLComputeCommandEncoder, compute.Handle);
        }
        using (var blit = commands.Blit()) CheckObject(runtime, rows, MTLBlitCommandEncoder, blit.Handle);
    }

    private static void CheckShaders(ObjectiveC runtime, BindingRow[] rows, MetalDevice device)
    {
        using var library = device.Compile(Probe, MTLLanguageVersion.Version2_4, MTLMathMode.Safe);
        CheckObject(runtime, rows, MTLLibrary, library.Handle);
        if (Failed(rows, MTLLibrary)) return;
        using var function = library.Find("hotplug_probe") ?? throw new MetalException("A library lacks the kernel it was compiled from.");
        using var pipeline = device.NewPipeline(function);
        CheckObject(runtime, rows, MTLComputePipelineState, pipeline.Handle);
    }

    private static void CheckResidency(ObjectiveC runtime, BindingRow[] rows, MetalDevice device)
    {
        if (device.HasResidencySets)
        {
            using var set = device.NewResidencySet(1);
            CheckObject(runtime, rows, MTLResidencySet, set.Handle);
            return;
        }
        foreach (var message in Of(runtime, MTLResidencySet)) rows[(int)message.Message] = new(message, BindingFinding.AbsentOptional, "", "");
    }

    private static void CheckString(ObjectiveC runtime, BindingRow[] rows) => CheckObject(runtime, rows, NSString, runtime.String("hotplug"));

    private static void CheckArray(ObjectiveC runtime, BindingRow[] rows)
    {
        var array = runtime.Table.CopyAllDevices();
        if (array == 0) return;
        try
        {
            CheckObject(runtime, rows, NSArray, array);
        }
        finally
        {
            runtime.Release(array);
        }
    }

    /// <summary>The messages to a class itself, and those to its objects where the class stands for them.</summary>
    private static void CheckClass(ObjectiveC runtime, BindingRow[] rows, string receiver)
    {
        var type = runtime.FindClass(receiver);
        foreach (var message in Of(runtime, receiver))
        {
            // Strings come from subclasses, so theirs are asked of a string.
            if (receiver == NSString && !message.ToClass) continue;
            if (type == 0) rows[(int)message.Message] = new(message, message.Optional ? BindingFinding.AbsentOptional : BindingFinding.Missing, receiver, "");
            else
            {
                var method = message.ToClass
                    ? runtime.Table.ClassMethod(type, runtime[message.Message])
                    : runtime.Table.InstanceMethod(type, runtime[message.Message]);
                rows[(int)message.Message] = Compare(runtime, message, receiver, method, answers: false);
            }
        }
    }

    private static void CheckObject(ObjectiveC runtime, BindingRow[] rows, string receiver, nint target)
    {
        var type = runtime.Table.ClassOf(target);
        foreach (var message in Of(runtime, receiver))
        {
            if (message.ToClass) continue;
            var method = runtime.Table.InstanceMethod(type, runtime[message.Message]);
            // NSObject's own row is first, so this question is only asked where its declaration was found equal.
            var answers = method == 0 && receiver != NSObject && !Failed(rows, NSObject) && runtime.Responds(target, message.Message);
            rows[(int)message.Message] = Compare(runtime, message, receiver, method, answers);
        }
    }

    private static BindingRow Compare(ObjectiveC runtime, MessageInfo message, string className, nint method, bool answers)
    {
        if (method == 0)
        {
            var finding = answers ? BindingFinding.Forwarded : message.Optional ? BindingFinding.AbsentOptional : BindingFinding.Missing;
            return new(message, finding, className, "");
        }
        var found = Marshal.PtrToStringUTF8((nint)runtime.Table.MethodEncoding(method)) ?? "";
        return new(message, TypeEncoding.Same(found, message.Encoding) ? BindingFinding.Equal : BindingFinding.Different, className, found);
    }

    private static IEnumerable<MessageInfo> Of(ObjectiveC runtime, string receiver) => runtime.Messages.Where(m => m.Receiver == receiver);

    private static bool Failed(BindingRow[] rows, string receiver) => rows.Any(r => r is { IsFailure: true } && r.Message.Receiver == receiver);
}
