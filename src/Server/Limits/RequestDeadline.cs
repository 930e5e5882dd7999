using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Limits;

/// <summary>The time that a request may take: when it is over, what cancels the request does. Dispose it when the request is answered.</summary>
internal sealed class RequestDeadline : IDisposable
{
    private readonly HttpContext _context;
    private readonly CancellationToken _gone;
    private readonly CancellationTokenSource? _timer, _either;

    /// <param name="context">The request.</param>
    /// <param name="most">The time, from now; null for no end.</param>
    /// <param name="time">The clock.</param>
    public RequestDeadline(HttpContext context, TimeSpan? most, TimeProvider time)
    {
        (_context, _gone) = (context, context.RequestAborted);
        if (most is not { } limit) return;
        _timer = new(limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, _gone);
        context.RequestAborted = _either.Token;
    }

    /// <summary>Whoever asked has gone away.</summary>
    public bool IsAbandoned => _gone.IsCancellationRequested;

    /// <summary>The time is over.</summary>
    public bool IsOver => _timer?.IsCancellationRequested is true;

    public void Dispose()
    {
        _context.RequestAborted = _gone;
        _either?.Dispose();
        _timer?.Dispose();
    }
}
