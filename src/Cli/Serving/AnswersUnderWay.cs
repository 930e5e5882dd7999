using Microsoft.AspNetCore.Http;

namespace Hotplug.Cli.Serving;

/// <summary>Counts the requests that are being answered. Thread-safe.</summary>
internal sealed class AnswersUnderWay
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _none;
    private int _count;

    /// <summary>Counts a request while it is answered.</summary>
    public async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        lock (_gate) _count++;
        try
        {
            await next(context);
        }
        finally
        {
            lock (_gate)
                if (--_count == 0) _none?.TrySetResult();
        }
    }

    /// <summary>Completes when none is left. To be asked once, when no more are taken.</summary>
    public Task NoneAsync()
    {
        lock (_gate)
        {
            _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_count == 0) _none.SetResult();
            return _none.Task;
        }
    }
}
