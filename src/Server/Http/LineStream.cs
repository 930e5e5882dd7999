using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Http;

/// <summary>An answer in lines, each a JSON document.</summary>
/// <param name="response">The answer; nothing has been written of it.</param>
internal sealed class LineStream(HttpResponse response) : AnswerStream(response, "application/x-ndjson")
{
    private static readonly byte[] LineFeed = "\n"u8.ToArray();

    protected override ReadOnlyMemory<byte> Head => default;

    protected override ReadOnlyMemory<byte> Tail => LineFeed;
}
