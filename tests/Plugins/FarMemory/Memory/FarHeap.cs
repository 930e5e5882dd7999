using Hotplug.Abstractions.Faults;

namespace Hotplug.FarMemory.Memory;

/// <summary>The memory of the device: blocks of bytes behind handles, counted. Fresh memory holds 0xFF, which is NaN wherever a number is read.</summary>
internal sealed class FarHeap(long total, long failAllocation)
{
    private readonly Dictionary<int, byte[]> _blocks = [];
    private long _used;
    private int _handle;
    private long _allocations;

    public const byte Poison = 0xFF;

    /// <summary>Bytes in all.</summary>
    public long Total => total;

    /// <summary>Bytes not taken; from any thread.</summary>
    public long Free => total - Interlocked.Read(ref _used);

    /// <summary>Blocks not freed yet.</summary>
    public int Blocks => _blocks.Count;

    /// <summary>Takes a block.</summary>
    /// <exception cref="OutOfDeviceMemoryException">No room. Nothing is held.</exception>
    public int Allocate(string type, nuint length)
    {
        if (++_allocations == failAllocation || length > (nuint)Free) throw Full();
        byte[] block;
        try
        {
            block = GC.AllocateUninitializedArray<byte>((int)length);
        }
        catch (OutOfMemoryException)
        {
            throw Full();
        }
        block.AsSpan().Fill(Poison);
        _blocks.Add(++_handle, block);
        Interlocked.Add(ref _used, block.Length);
        return _handle;

        OutOfDeviceMemoryException Full() => new(type, length, (nuint)Free, (nuint)Free);
    }

    /// <summary>The bytes behind a handle.</summary>
    public byte[] Resolve(int handle) => _blocks[handle];

    /// <summary>Gives a block back.</summary>
    public void Release(int handle)
    {
        if (_blocks.Remove(handle, out var block)) Interlocked.Add(ref _used, -block.Length);
    }
}
