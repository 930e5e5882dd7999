using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Http;

/// <summary>An answer in server-sent events.</summary>
/// <param name="response">The answer; nothing has been written of it.</param>
/// <param name="name">The name that the events have, or null.</param>
internal sealed class EventStream(HttpResponse response, string? name = null) : AnswerStream(response, "text/event-stream")
{
    private static readonly byte[] Plain = "data: "u8.ToArray(), Failure = "event: error\ndata: "u8.ToArray(), Blank = "\n\n"u8.ToArray();

    private readonly byte[] _head = name is null ? Plain : Encoding.UTF8.GetBytes($"event: {name}\ndata: ");

    protected override ReadOnlyMemory<byte> Head => _head;

    protected override ReadOnlyMemory<byte> FailureHead => name is null ? Plain : Failure;

    protected override ReadOnlyMemory<byte> Tail => Blank;

    /// <summary>Says that the answer is whole, as OpenAI does.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        var body = Begin();
        body.Write("data: [DONE]\n\n"u8);
        await body.FlushAsync(cancellation).ConfigureAwait(false);
    }
}
