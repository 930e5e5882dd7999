using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Plugins;
using Hotplug.Metal.Interop.Objects;

namespace Hotplug.Metal.Drivers;

/// <summary>
/// Host memory that copies to and from private memory go through, seen by the device: two halves, so that the host fills or empties one while the device copies the other. A copy
/// may be under way when the call that started it has returned; whoever needs the memory as a whole settles first. Lives on the device's thread.
/// </summary>
internal sealed unsafe class Staging : IDisposable
{
    private const long LeastBytes = 2 << 20;

    private readonly MetalDriver _driver;
    private readonly IHostAllocation _memory;
    private readonly (MetalCommandBuffer? Commands, ulong Ticket)[] _copies = new (MetalCommandBuffer?, ulong)[2];
    private int _next;

    /// <param name="host">Lends the memory.</param>
    /// <param name="driver">Its device sees it.</param>
    /// <param name="bytes">Bytes that it has at least.</param>
    public Staging(IPluginHost host, MetalDriver driver, long bytes)
    {
        _driver = driver;
        // Halves of whole pages.
        var grain = 2L * driver.Device.Runtime.PageSize;
        Length = checked((int)((Math.Max(LeastBytes, bytes) + grain - 1) / grain * grain));
        _memory = host.Allocate((nuint)Length, (nuint)driver.Device.Runtime.PageSize);
        try
        {
            Buffer = driver.Device.WrapMemory((void*)_memory.Pointer, (ulong)Length) ?? throw new OutOfDeviceMemoryException(driver.Device.Name, (nuint)Length);
        }
        catch
        {
            _memory.Dispose();
            throw;
        }
    }

    /// <summary>Bytes; whole pages.</summary>
    public int Length { get; }

    /// <summary>Bytes of a half.</summary>
    public int HalfLength => Length / 2;

    /// <summary>The memory as the device sees it.</summary>
    public MetalBuffer Buffer { get; }

    /// <summary>The memory.</summary>
    public Span<byte> Bytes => new((void*)_memory.Pointer, Length);

    /// <summary>The half whose turn it is, free to be used: waits for the copy that goes through it. Gives where it begins.</summary>
    /// <exception cref="CommandBufferException">That copy failed.</exception>
    public int Take()
    {
        var half = _next;
        _next ^= 1;
        Wait(half);
        return half * HalfLength;
    }

    /// <summary>Starts a copy from a half; offsets and length are whole words.</summary>
    public void Send(int half, MetalBuffer to, long at, long length) => Start(half, Buffer, half, to, at, length);

    /// <summary>Starts a copy to a half; offsets and length are whole words.</summary>
    public void Receive(int half, MetalBuffer from, long at, long length) => Start(half, from, at, Buffer, half, length);

    /// <summary>Waits for the copy that goes through a half.</summary>
    /// <param name="half">Where it begins.</param>
    /// <exception cref="CommandBufferException">That copy failed.</exception>
    public void Finish(int half) => Wait(half / HalfLength);

    /// <summary>Waits for all copies under way.</summary>
    /// <exception cref="CommandBufferException">One failed.</exception>
    public void Settle()
    {
        try
        {
            Wait(0);
        }
        finally
        {
            Wait(1);
        }
    }

    public void Dispose()
    {
        try
        {
            Settle();
        }
        // Nobody has waited for what they were to bring.
        catch (Exception failure) when (failure is CommandBufferException or BackendException)
        {
        }
        finally
        {
            Buffer.Dispose();
            _memory.Dispose();
        }
    }

    private void Start(int half, MetalBuffer source, long sourceOffset, MetalBuffer destination, long destinationOffset, long length)
    {
        using var pool = _driver.Device.Runtime.Pool();
        var commands = _driver.NewCommandBuffer();
        try
        {
            using (var blit = commands.Blit()) blit.Copy(source, (ulong)sourceOffset, destination, (ulong)destinationOffset, (ulong)length);
            _copies[half / HalfLength] = (commands, _driver.Start(commands));
        }
        catch
        {
            commands.Dispose();
            throw;
        }
    }

    private void Wait(int number)
    {
        var (commands, ticket) = _copies[number];
        if (commands is null) return;
        _copies[number] = default;
        try
        {
            _driver.Wait(commands, ticket);
        }
        finally
        {
            commands.Dispose();
        }
    }
}
