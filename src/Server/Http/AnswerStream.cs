using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hotplug.Server.Http;

/// <summary>An answer that is sent document by document. A reader who is slow holds up his own answer alone. What fails after it has begun is told as its last document.</summary>
internal abstract class AnswerStream
{
    private readonly HttpResponse _response;
    private readonly string _type;

    /// <param name="response">The answer; nothing has been written of it.</param>
    /// <param name="type">The media type.</param>
    protected AnswerStream(HttpResponse response, string type)
    {
        (_response, _type) = (response, type);
        response.HttpContext.Features.Set(this);
    }

    /// <summary>Writes a document and sends it.</summary>
    public Task WriteAsync<T>(T value, JsonTypeInfo<T> type, CancellationToken cancellation) => SendAsync(json => JsonSerializer.Serialize(json, value, type), Head, cancellation);

    /// <summary>Writes an error as the last document.</summary>
    public Task FailAsync(Dialect dialect, ApiError error) => SendAsync(json => dialect.WriteError(json, error), FailureHead, CancellationToken.None);

    /// <summary>What stands before a document.</summary>
    protected abstract ReadOnlyMemory<byte> Head { get; }

    /// <summary>What stands before an error.</summary>
    protected virtual ReadOnlyMemory<byte> FailureHead => Head;

    /// <summary>What stands behind a document.</summary>
    protected abstract ReadOnlyMemory<byte> Tail { get; }

    /// <summary>The body, once the headers are set.</summary>
    protected PipeWriter Begin()
    {
        if (_response.HasStarted || _response.ContentType is not null) return _response.BodyWriter;
        _response.ContentType = _type;
        _response.Headers.CacheControl = "no-cache";
        _response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        return _response.BodyWriter;
    }

    private async Task SendAsync(Action<Utf8JsonWriter> write, ReadOnlyMemory<byte> head, CancellationToken cancellation)
    {
        var body = Begin();
        body.Write(head.Span);
        using (var json = new Utf8JsonWriter(body)) write(json);
        body.Write(Tail.Span);
        await body.FlushAsync(cancellation).ConfigureAwait(false);
    }
}
