using System.Runtime.InteropServices;
using Hotplug.Abstractions.Plugins;
using Hotplug.Metal.Drivers;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;
using Hotplug.Metal.Kernels.Arguments;

namespace Hotplug.Metal.Diagnostics;

/// <summary>Small trials of memory, kernels and waiting. Each returns what it found and throws where that is wrong; none leaves anything behind. On the device's thread.</summary>
internal sealed unsafe class MemoryTrials(IPluginHost host, MetalDriver driver)
{
    // Floats of a trial: one page or less everywhere.
    private const int Count = 1024;
    private const float Factor = 3;

    private readonly MetalDevice _device = driver.Device;
    private readonly ObjectiveC _runtime = driver.Device.Runtime;

    public string Kernel()
    {
        var pipeline = driver.Pipelines.Get("Elements/Scale.metal", "scale");
        return $"simdgroups of {pipeline.ThreadExecutionWidth} threads, up to {pipeline.MaxTotalThreadsPerThreadgroup} threads in a threadgroup";
    }

    public string Shared()
    {
        using var buffer = _device.NewBuffer(Count * sizeof(float), MTLResourceOptions.StorageModeShared) ?? throw new MetalException("The device gives no shared buffer.");
        Scale(buffer, (float*)buffer.Contents);
        return Address(buffer);
    }

    public string NoCopy()
    {
        var page = (nuint)_runtime.PageSize;
        using var memory = host.Allocate(page, page);
        using var buffer = _device.WrapMemory((void*)memory.Pointer, page) ?? throw new MetalException("The device wraps no page of host memory.");
        if (buffer.Contents != (void*)memory.Pointer) throw new MetalException($"The buffer stands at 0x{(nint)buffer.Contents:x} instead of 0x{memory.Pointer:x}: it is a copy.");
        Scale(buffer, (float*)memory.Pointer);
        return $"{page} bytes; {Address(buffer)}";
    }

    public string Private()
    {
        const long Bytes = Count * sizeof(float);
        using var own = _device.NewBuffer(Bytes, MTLResourceOptions.StorageModePrivate) ?? throw new MetalException("The device gives no private buffer.");
        if (own.Contents != null) throw new MetalException("The host sees memory that should be the device's own.");
        using var seen = _device.NewBuffer(Bytes, MTLResourceOptions.StorageModeShared) ?? throw new MetalException("The device gives no shared buffer.");
        var values = new Span<float>(seen.Contents, Count);
        for (var i = 0; i < Count; i++) values[i] = i;
        driver.Copy(seen, 0, own, 0, Bytes);
        driver.Clear(own, 0, 4 * sizeof(float));
        values.Clear();
        driver.Copy(own, 0, seen, 0, Bytes);
        for (var i = 0; i < Count; i++)
            if (values[i] != (i < 4 ? 0 : i)) throw new MetalException($"Element {i} came back as {values[i]}.");
        return Address(own);
    }

    public string Residency()
    {
        using var buffer = _device.NewBuffer((ulong)_runtime.PageSize, MTLResourceOptions.StorageModeShared) ?? throw new MetalException("The device gives no shared buffer.");
        using var set = _device.NewResidencySet(1);
        set.Add(buffer);
        set.Commit();
        set.RequestResidency();
        set.EndResidency();
        set.Remove(buffer);
        set.Commit();
        return "";
    }

    public string Event()
    {
        using var signal = _device.NewSharedEvent();
        if (!signal.CanWait) throw new MetalException("It cannot be waited for (before macOS 12).");
        using (_runtime.Pool())
        using (var commands = driver.NewCommandBuffer())
        {
            commands.Signal(signal, 7);
            commands.Commit();
            if (!signal.Wait(7, TimeSpan.FromSeconds(10))) throw new MetalException("It was not signalled within ten seconds.");
            commands.WaitUntilCompleted();
        }
        if (signal.Value != 7) throw new MetalException($"It was signalled 7 and says {signal.Value}.");
        if (signal.Wait(8, TimeSpan.FromMilliseconds(1))) throw new MetalException("A wait for what nobody signals came to an end.");
        return "";
    }

    public string Times()
    {
        using var buffer = _device.NewBuffer(Count * sizeof(float), MTLResourceOptions.StorageModePrivate) ?? throw new MetalException("The device gives no private buffer.");
        using var pool = _runtime.Pool();
        using var commands = driver.NewCommandBuffer();
        using (var blit = commands.Blit()) blit.Fill(buffer, 0, Count * sizeof(float), 0);
        driver.Finish(commands);
        return commands.GpuSeconds > 0 ? FormattableString.Invariant($"{commands.GpuSeconds * 1e6:0.0} µs for a fill of {Count * sizeof(float)} bytes") : throw new MetalException("The device says that a fill took no time.");
    }

    // Writes numbers as the host, multiplies them on the device, reads them as the host.
    private void Scale(MetalBuffer buffer, float* memory)
    {
        var values = new Span<float>(memory, Count);
        for (var i = 0; i < Count; i++) values[i] = i;
        var pipeline = driver.Pipelines.Get("Elements/Scale.metal", "scale");
        using (_runtime.Pool())
        using (var commands = driver.NewCommandBuffer())
        {
            using (var encoder = commands.Compute(MTLDispatchType.Concurrent))
            {
                encoder.SetPipeline(pipeline);
                encoder.SetBytes(0, new ScaleArgs { Count = Count, Factor = Factor });
                // In place: every thread reads and writes its own elements.
                encoder.SetBuffer(1, buffer, 0);
                encoder.SetBuffer(2, buffer, 0);
                encoder.Dispatch(new MTLSize(Count / 32), new MTLSize(32));
            }
            driver.Finish(commands);
        }
        for (var i = 0; i < Count; i++)
            if (values[i] != i * Factor) throw new MetalException($"Element {i} should be {i * Factor}; the host sees {values[i]}.");
    }

    private static string Address(MetalBuffer buffer) => buffer.GpuAddress is > 0 and var address ? $"the device sees it at 0x{address:x}" : "the system does not say where the device sees it";
}
