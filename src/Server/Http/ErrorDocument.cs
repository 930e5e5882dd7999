namespace Hotplug.Server.Http;

/// <summary>The body of an answer that is an error.</summary>
internal sealed record ErrorDocument(ApiError Error);
