namespace Hotplug.Server.OpenApi;

/// <summary>What an endpoint takes and gives. Not what the framework has for it: that would refuse media types before the endpoint could say so in its dialect.</summary>
/// <param name="Request">The body of a request; null for none.</param>
/// <param name="Response">The body of an answer, or a document of its stream.</param>
/// <param name="ResponseType">The media type of an answer.</param>
internal sealed record EndpointBodies(Type? Request, Type Response, string ResponseType);
