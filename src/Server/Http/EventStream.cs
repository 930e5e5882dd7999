using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hotplug.Server.Http;

/// <summary>An answer in server-sent events, each with a JSON document. A reader who is slow holds up his own answer alone.</summary>
/// <param name="response">The answer; nothing has been written of it.</param>
internal sealed class EventStream(HttpResponse response)
{
    /// <summary>Writes an event and sends it.</summary>
    public async Task WriteAsync<T>(T value, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        Begin();
        response.BodyWriter.Write("data: "u8);
        using (var json = new Utf8JsonWriter(response.BodyWriter)) JsonSerializer.Serialize(json, value, type);
        response.BodyWriter.Write("\n\n"u8);
        await response.BodyWriter.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Says that the answer is whole.</summary>
    public async Task EndAsync(CancellationToken cancellation)
    {
        Begin();
        response.BodyWriter.Write("data: [DONE]\n\n"u8);
        await response.BodyWriter.FlushAsync(cancellation).ConfigureAwait(false);
    }

    private void Begin()
    {
        if (response.HasStarted || response.ContentType is not null) return;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
