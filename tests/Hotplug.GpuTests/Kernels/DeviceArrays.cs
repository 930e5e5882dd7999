using ILGPU;
using ILGPU.Runtime;

namespace Hotplug.GpuTests.Kernels;

/// <summary>Arrays on the accelerator of a bed, and launches over them; disposes the arrays.</summary>
internal sealed class DeviceArrays(KernelBed bed) : IDisposable
{
    private readonly List<MemoryBuffer> _buffers = [];

    /// <summary>Lanes of the groups launched, at first those of the bed.</summary>
    public int GroupSize { get; set; } = bed.GroupSize;

    /// <summary>Copies elements to the device; one element of room if there are none.</summary>
    public ArrayView<T> Upload<T>(T[] elements) where T : unmanaged
    {
        var view = Room<T>(elements.Length);
        if (elements.Length > 0) view.SubView(0, elements.Length).CopyFromCPU(elements);
        return view;
    }

    /// <summary>Room on the device, all bits set.</summary>
    public ArrayView<T> Room<T>(long length) where T : unmanaged
    {
        var buffer = bed.Accelerator.Allocate1D<T>(Math.Max(1, length));
        _buffers.Add(buffer);
        var poison = new byte[buffer.LengthInBytes];
        Array.Fill(poison, (byte)0xFF);
        buffer.View.Cast<T, byte>().BaseView.CopyFromCPU(poison);
        return buffer.View.BaseView;
    }

    /// <summary>Copies elements from the device.</summary>
    public static T[] Read<T>(ArrayView<T> view, long length) where T : unmanaged
    {
        var elements = new T[length];
        if (length > 0) view.SubView(0, length).CopyToCPU(elements);
        return elements;
    }

    /// <summary>Runs a kernel once and waits for it.</summary>
    public void Run<TArguments>(Action<TArguments> kernel, int groups, TArguments arguments) where TArguments : struct
        => bed.Run(kernel, Math.Max(1, groups), arguments, GroupSize);

    public void Dispose()
    {
        foreach (var buffer in _buffers) buffer.Dispose();
    }
}
