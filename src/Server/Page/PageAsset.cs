using System.Security.Cryptography;

namespace Hotplug.Server.Page;

/// <summary>A file of the page.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record PageAsset(string ContentType, byte[] Content)
{
    /// <summary>What tells this content from another.</summary>
    public string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..16]}\"";
}
