using Hotplug.Abstractions.Plugins;

namespace Hotplug.Gpu.Drivers;

/// <summary>
/// Host memory that copies go through, in two halves: while the driver copies one, the other is filled. Locked in place where the driver can. Lives on the device's thread.
/// </summary>
internal sealed unsafe class Staging : IDisposable
{
    private const int LeastHalfBytes = 2 << 20;

    private readonly IHostAllocation _memory;
    private readonly IDisposable? _lock;

    /// <param name="host">Lends the memory.</param>
    /// <param name="driver">Locks it.</param>
    /// <param name="rowBytes">Bytes that a half has at least.</param>
    public Staging(IPluginHost host, IGpuDriver driver, long rowBytes)
    {
        HalfBytes = checked((int)Math.Max(LeastHalfBytes, (rowBytes + 4095) / 4096 * 4096));
        _memory = host.Allocate(2 * (nuint)HalfBytes, 4096);
        try
        {
            _lock = driver.PageLock(_memory.Pointer, 2L * HalfBytes);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Copies work without it, only slower.
            host.Log.Write(PluginLogLevel.Warning, $"{driver.Facts.Id}: staging memory could not be page-locked ({exception.Message}); copies will be slower.");
        }
    }

    /// <summary>Bytes of a half.</summary>
    public int HalfBytes { get; }

    /// <summary>Where half 0 or 1 begins.</summary>
    public nint Half(int half) => _memory.Pointer + (nint)half * HalfBytes;

    /// <summary>The bytes of half 0 or 1; in bounds because the allocation has two of them.</summary>
    public Span<byte> Bytes(int half) => new((void*)Half(half), HalfBytes);

    public void Dispose()
    {
        _lock?.Dispose();
        _memory.Dispose();
    }
}
