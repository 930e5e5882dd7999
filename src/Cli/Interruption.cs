using System.Runtime.InteropServices;

namespace Hotplug.Cli;

/// <summary>
/// Turns Ctrl-C and a request to terminate into cancellation, so that a command ends by its own path: it gives back what it holds and says that it was cancelled. A command
/// that does not listen is ended after a moment; a second Ctrl-C ends any at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);
    private static TimeSpan _patience = Moment;
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _signals;
    private readonly Timer _impatience = new(static _ => Environment.Exit(ExitCode.Cancelled));

    public Interruption() => _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];

    public CancellationToken Token => _source.Token;

    /// <summary>Asked first at every Ctrl-C: true if that was enough, as when it ends an answer and not the program.</summary>
    public static Func<bool>? First { get; set; }

    /// <summary>Gives the command longer to end than a moment, until what is returned is disposed.</summary>
    public static IDisposable Await(TimeSpan patience)
    {
        _patience = patience + Moment;
        return new Impatience();
    }

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _impatience.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        if (context.Signal == PosixSignal.SIGINT && First?.Invoke() == true)
        {
            context.Cancel = true;
            return;
        }

        // The second time the system does what it does to any program.
        if (_source.IsCancellationRequested) return;
        context.Cancel = true;
        _impatience.Change(_patience, Timeout.InfiniteTimeSpan);
        _source.Cancel();
    }

    private sealed class Impatience : IDisposable
    {
        public void Dispose() => _patience = Moment;
    }
}
