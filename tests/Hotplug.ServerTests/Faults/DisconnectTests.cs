using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Hotplug.ServerTests.Faults;

/// <summary>Clients that leave while their text is written.</summary>
public sealed class DisconnectTests
{
    [Theory]
    [InlineData("/v1/completions", true)]
    [InlineData("/v1/completions", false)]
    [InlineData("/v1/chat/completions", true)]
    public async Task A_slot_is_free_a_step_after_its_reader_left_at_most(string path, bool streams)
    {
        await using var server = await StoryServer.StartAsync(slots: 1, before: app => app.Use(Watch));
        var scheduler = await server.SchedulerAsync();
        _steps = () => scheduler.Steps;
        for (var i = 0; i < 5; i++)
        {
            var request = path.Contains("chat", StringComparison.Ordinal) ? StoryServer.Chat(450) : StoryServer.Completion(450);
            request["stream"] = streams;
            _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var begin = scheduler.Steps;
            using (var connection = await RawConnection.OpenAsync(server))
            {
                await connection.TrySendAsync(RawConnection.Post(path, request.ToJsonString()));
                if (streams) await connection.ReadUntilAsync("data: ");
                await Eventually.IsAsync(() => scheduler.Steps > begin + 3, () => "It does not write.");
                connection.Break();
            }
            var left = await _left.Task;
            await Eventually.IsAsync(() => scheduler.Writing == 0, () => "It still writes.");
            Assert.InRange(scheduler.Steps - left, 0, 1);
            // And not since it was done anyway.
            Assert.InRange(scheduler.Steps - begin, 4, 420);
        }
    }

    private Func<long> _steps = () => 0;
    private TaskCompletionSource<long> _left = new();

    /// <summary>Notes how many steps there have been when the server learns that a reader is gone.</summary>
    private Task Watch(HttpContext context, RequestDelegate next)
    {
        context.RequestAborted.Register(() => _left.TrySetResult(_steps()));
        return next(context);
    }
}
