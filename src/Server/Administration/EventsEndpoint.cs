using Hotplug.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Administration;

/// <summary><c>GET /admin/events</c>: what happens, as it happens, and between how things stand, twice a second; in server-sent events, until the caller or the server ends.</summary>
internal sealed class EventsEndpoint(AdminEvents events, StateReport state, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        using var subscription = events.Listen();
        using var timer = new PeriodicTimer(TokenRates.Period, time);
        var stream = new EventStream(context.Response);
        await stream.WriteAsync(State(), AdminJson.Default.AdminEvent, aborted).ConfigureAwait(false);
        var (happened, tick) = (subscription.Reader.WaitToReadAsync(aborted).AsTask(), timer.WaitForNextTickAsync(aborted).AsTask());
        while (true)
        {
            await Task.WhenAny(happened, tick).ConfigureAwait(false);
            if (happened.IsCompleted)
            {
                if (!await happened.ConfigureAwait(false)) return;
                while (subscription.Reader.TryRead(out var what)) await stream.WriteAsync(what, AdminJson.Default.AdminEvent, aborted).ConfigureAwait(false);
                happened = subscription.Reader.WaitToReadAsync(aborted).AsTask();
            }
            if (!tick.IsCompleted) continue;
            await tick.ConfigureAwait(false);
            await stream.WriteAsync(State(), AdminJson.Default.AdminEvent, aborted).ConfigureAwait(false);
            tick = timer.WaitForNextTickAsync(aborted).AsTask();
        }
    }

    private AdminEvent State() => new() { Type = "state", Time = time.GetUtcNow(), State = state.Write() };
}
