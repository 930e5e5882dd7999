using System.Text.Json;

namespace Hotplug.Server.Http;

/// <summary>What the clients of an API have in common, whatever they ask: how they read errors, and how they send.</summary>
internal abstract class Dialect
{
    /// <summary>Whether a body has to say that it is JSON. What a browser sends has to in any case.</summary>
    public virtual bool InsistsOnJson => false;

    /// <summary>The status with which clients know an error.</summary>
    /// <param name="status">That of HTTP at large.</param>
    /// <param name="error">The error.</param>
    public virtual int StatusOf(int status, ApiError error) => status;

    /// <summary>Writes an error as a JSON document.</summary>
    public abstract void WriteError(Utf8JsonWriter json, ApiError error);
}
