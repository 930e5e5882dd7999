using Hotplug.Abstractions.Tensors;
using Hotplug.Testing.Memory;

namespace Hotplug.Testing.Data;

/// <summary>Fills buffers with NaNs before they are used, so that what a backend reads without having written it shows in the result.</summary>
public static class Poisoning
{
    /// <summary>Fills as much of a buffer as one tensor of bytes can.</summary>
    public static void Fill(TestBuffer buffer)
    {
        var (type, length) = (buffer.Buffer.Type, buffer.Buffer.Length);
        // Host-visible memory is poisoned from the start; nothing has to be written.
        if (type.Traits.HostVisible || length == 0) return;
        long low = 0, high = (long)length;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (type.AllocationSize(Bytes(middle)) <= length) low = middle;
            else high = middle - 1;
        }
        if (low == 0) return;
        var poison = new byte[low];
        poison.AsSpan().Fill(GuardedMemory.Poison);
        buffer.Buffer.Write(buffer.At(0, Bytes(low)), 0, poison);
    }

    /// <summary>Fills a tensor.</summary>
    public static void Fill(in TensorRef tensor)
    {
        var poison = new byte[tensor.Spec.ByteLength];
        poison.AsSpan().Fill(GuardedMemory.Poison);
        tensor.Buffer.Write(tensor, 0, poison);
    }

    private static TensorSpec Bytes(long length) => new() { Name = "poison", Type = TensorType.I8, Shape = new(length) };
}
