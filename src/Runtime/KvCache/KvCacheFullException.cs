namespace Hotplug.Runtime.KvCache;

/// <summary>All pages of a device's KV cache are taken.</summary>
public sealed class KvCacheFullException(string device, int pages, int tokens)
    : Exception($"The KV cache on {device} is full: {pages} pages of {tokens} tokens are taken. End a sequence, or load the model with a longer --context.");
