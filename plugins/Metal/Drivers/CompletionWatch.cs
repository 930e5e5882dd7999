using Hotplug.Abstractions.Faults;
using Hotplug.Metal.Interop.Objects;
using Hotplug.Metal.Interop.Values;

namespace Hotplug.Metal.Drivers;

/// <summary>
/// Waits for command buffers, and not for ever. Metal's own wait has no end, so every command buffer also raises a shared event, for which the host can wait a while. Metal stops
/// kernels that run too long by itself, as a rule within seconds; this is for when it does not. Lives on the device's thread.
/// </summary>
internal sealed class CompletionWatch : IDisposable
{
    /// <summary>After this time work is given up. Less than the host waits for a call, so that the host learns what was going on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>How often the status is looked at: a command buffer that fails need not raise the event.</summary>
    public static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    private readonly MetalDevice _device;
    private readonly TimeProvider _time;
    private readonly MetalSharedEvent _done;
    private readonly bool _canWait;
    private MetalCommandBuffer? _stuck;
    private ulong _tickets;

    /// <exception cref="Interop.MetalException">Metal gives no event. Nothing is held.</exception>
    public CompletionWatch(MetalDevice device, TimeProvider time)
    {
        (_device, _time) = (device, time);
        _done = device.NewSharedEvent();
        // The kernels' version of the language came with the same system, macOS 12.
        _canWait = _done.CanWait;
    }

    /// <summary>Whether work that was given up has not ended.</summary>
    public bool IsStuck
    {
        get
        {
            if (_stuck is not { } stuck) return false;
            if (!HasEnded(stuck)) return true;
            stuck.Dispose();
            _stuck = null;
            return false;
        }
    }

    /// <summary>Commits what was recorded. Gives the ticket to wait for it with.</summary>
    public ulong Start(MetalCommandBuffer commands)
    {
        commands.Signal(_done, ++_tickets);
        commands.Commit();
        return _tickets;
    }

    /// <summary>Waits for a command buffer that was started.</summary>
    /// <exception cref="CommandBufferException">It failed.</exception>
    /// <exception cref="DeviceLostException">It did not end in time, and is given up.</exception>
    public void Wait(MetalCommandBuffer commands, ulong ticket)
    {
        // What stands behind it in the queue does not run either.
        if (IsStuck) throw GivenUp();
        if (_canWait)
        {
            var start = _time.GetTimestamp();
            while (!_done.Wait(ticket, Glance) && !HasEnded(commands))
            {
                if (_time.GetElapsedTime(start) < Patience) continue;
                _stuck = commands.Share();
                throw GivenUp();
            }
        }
        // Short: the event is the last thing that a command buffer does.
        commands.WaitUntilCompleted();
        if (commands.Status != MTLCommandBufferStatus.Completed) throw new CommandBufferException(commands.Error);
    }

    /// <summary>Gives everything back. Work that never ended is Metal's from now on, which holds what it uses.</summary>
    public void Dispose()
    {
        _stuck?.Dispose();
        _done.Dispose();
    }

    private DeviceLostException GivenUp()
        => new($"{_device.Name} has not ended what it was given within {Patience.TotalMinutes:0} minutes, and is given up. Exchange the backend, or start the program again.");

    private static bool HasEnded(MetalCommandBuffer commands) => commands.Status is MTLCommandBufferStatus.Completed or MTLCommandBufferStatus.Error;
}
