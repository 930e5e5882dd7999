using System.Collections.Concurrent;
using Hotplug.Metal.Interop.Checking;

namespace Hotplug.Metal.Fake.Runtime;

/// <summary>The types of a call as one word, receiver and selector left out.</summary>
internal static class Shapes
{
    private static readonly ConcurrentDictionary<string, string> Known = new();

    /// <summary>Of an encoding of a method.</summary>
    public static string Comparable(string encoding) => Known.GetOrAdd(encoding, static e =>
    {
        var types = TypeEncoding.Comparable(e);
        return string.Concat(types.Where((_, i) => i is not (1 or 2)));
    });
}
