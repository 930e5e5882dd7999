using System.Text.Json;

namespace Hotplug.Metal.Fake.Facts;

/// <summary>The table of facts about Metal, which was not written by the hand that wrote the binding.</summary>
public sealed class MetalFacts
{
    private readonly Dictionary<(string Receiver, string Selector, bool ToClass), MethodFact> _methods = [];
    private readonly Dictionary<string, string[]> _inherits = [];

    private MetalFacts(JsonElement root)
    {
        foreach (var receiver in root.GetProperty("receivers").EnumerateObject())
        {
            _inherits[receiver.Name] = [.. receiver.Value.GetProperty("inherits").EnumerateArray().Select(e => e.GetString()!)];
            foreach (var method in receiver.Value.GetProperty("methods").EnumerateArray())
            {
                var selector = method.GetProperty("selector").GetString()!;
                var toClass = method.GetProperty("class").GetBoolean();
                var known = method.TryGetProperty("encoding", out var encoding);
                var offsets = known ? method.GetProperty("offsets") : default;
                _methods[(receiver.Name, selector, toClass)] = new(
                    receiver.Name, selector, toClass,
                    known ? encoding.GetProperty("arm64").GetString() : null,
                    known ? encoding.GetProperty("x86_64").GetString() : null,
                    known ? offsets.GetProperty("arm64").GetString() : null,
                    known ? offsets.GetProperty("x86_64").GetString() : null,
                    known && method.GetProperty("owned").GetBoolean());
            }
        }
        Enums = root.GetProperty("enums").EnumerateObject().ToDictionary(
            e => e.Name, e => (Underlying: e.Value.GetProperty("underlying").GetString()!,
                Values: (IReadOnlyDictionary<string, long>)e.Value.GetProperty("values").EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetInt64())));
        Structs = root.GetProperty("structs").Clone();
        Functions = root.GetProperty("functions").EnumerateObject().ToDictionary(f => f.Name, f => f.Value.GetProperty("encoding").GetString()!);
    }

    /// <summary>All methods.</summary>
    public IEnumerable<MethodFact> Methods => _methods.Values;

    /// <summary>Type of the values, and the values by name, of each enumeration.</summary>
    public IReadOnlyDictionary<string, (string Underlying, IReadOnlyDictionary<string, long> Values)> Enums { get; }

    /// <summary>Structs with size, alignment, encoding and fields.</summary>
    public JsonElement Structs { get; }

    /// <summary>Encodings of C functions: result, then arguments.</summary>
    public IReadOnlyDictionary<string, string> Functions { get; }

    /// <summary>Reads the table that is part of this assembly.</summary>
    public static MetalFacts Read()
    {
        using var stream = typeof(MetalFacts).Assembly.GetManifestResourceStream("metal-facts.json")!;
        using var document = JsonDocument.Parse(stream);
        return new(document.RootElement);
    }

    /// <summary>A method that a receiver itself declares, or null.</summary>
    public MethodFact? Find(string receiver, string selector, bool toClass) => _methods.GetValueOrDefault((receiver, selector, toClass));

    /// <summary>A receiver and all it inherits from, nearest first; NSObject is last.</summary>
    public IReadOnlyList<string> Lineage(string receiver)
    {
        var lineage = new List<string>();
        var open = new Queue<string>([receiver]);
        while (open.TryDequeue(out var next))
        {
            if (next == "NSObject" || lineage.Contains(next)) continue;
            lineage.Add(next);
            foreach (var parent in _inherits.GetValueOrDefault(next) ?? []) open.Enqueue(parent);
        }
        lineage.Add("NSObject");
        return lineage;
    }
}
