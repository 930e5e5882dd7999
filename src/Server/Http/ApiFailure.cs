using Hotplug.Inference.Chat.Jinja;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Grammars;
using Microsoft.AspNetCore.Http;

namespace Hotplug.Server.Http;

/// <summary>What an exception means to the one who asked: a status and an error that tells nothing of the inside. Only what says so itself is a matter of the request; all else is the server's.</summary>
internal static class ApiFailure
{
    private const string Invalid = "invalid_request_error", Server = "server_error", Limit = "rate_limit_error";

    public static (int Status, ApiError Error) Explain(Exception exception) => exception switch
    {
        ApiException e => (e.Status, new(e.Message, e.Status switch { 429 => Limit, >= 500 => Server, _ => Invalid }, e.Parameter, e.Code)),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (413, new("The request is larger than this server takes.", Invalid, null, "request_too_large")),
        BadHttpRequestException e => (e.StatusCode, new(e.Message, Invalid, null, "malformed_request")),
        QueueFullException => (429, new(exception.Message, Limit, null, "queue_full")),
        GrammarException => (400, new(exception.Message, Invalid, "response_format", "schema_not_supported")),
        JinjaException => (400, new($"The model's chat template refuses the conversation: {exception.Message}", Invalid, "messages", "template_refused")),
        GenerationRefusedException => (400, new(exception.Message, Invalid, null, "invalid_value")),
        ObjectDisposedException or OperationCanceledException => (503, new("The server is about to stop, and takes no more.", Server, null, "draining")),
        _ => (500, new("The server failed at this request; its log says why.", Server, null, "internal_error")),
    };
}
