using System.Runtime.InteropServices;
using System.Text.Json;
using Hotplug.Server.Http;

namespace Hotplug.Server.OpenAI.Embeddings;

/// <summary>The vector of a text.</summary>
/// <param name="Index">The text's place in the request.</param>
/// <param name="Embedding">Numbers, or Base64 of them as little-endian floats.</param>
internal sealed record EmbeddingItem(int Index, JsonElement Embedding)
{
    public string Object => "embedding";

    public static EmbeddingItem Of(int index, float[] vector, bool base64) => new(index, base64
        ? JsonSerializer.SerializeToElement(Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector)), ServerJson.Default.String)
        : JsonSerializer.SerializeToElement(vector, ServerJson.Default.SingleArray));
}
