using Hotplug.Inference.Gguf;

namespace Hotplug.Inference.Adapters;

/// <summary>A LoRA adapter on disk, read but not loaded: what it says of itself, and where its matrices lie. Immutable.</summary>
/// <remarks>The form is that of llama.cpp: <c>general.type</c> adapter, <c>adapter.type</c> lora, <c>adapter.lora.alpha</c>, and for a tensor NAME of the model <c>NAME.lora_a</c> and <c>NAME.lora_b</c>.</remarks>
public sealed class LoraAdapter
{
    private const string SuffixA = ".lora_a", SuffixB = ".lora_b";

    private LoraAdapter(GgufFile file, float multiplier, float alpha, Dictionary<string, LoraPair> pairs)
        => (File, Multiplier, Alpha, Pairs) = (file, multiplier, alpha, pairs);

    /// <summary>The file.</summary>
    public GgufFile File { get; }

    /// <summary>Factor asked for at load.</summary>
    public float Multiplier { get; }

    /// <summary>The factor that the adapter was trained with, before it is divided by the rank; 0 if it says none.</summary>
    public float Alpha { get; }

    /// <summary>Its matrices by the name of the model's.</summary>
    internal IReadOnlyDictionary<string, LoraPair> Pairs { get; }

    /// <summary>Reads the header of an adapter.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="GgufException">The file is damaged, or no adapter that can be used; the message says why.</exception>
    public static LoraAdapter Open(LoraReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var file = GgufFile.Open(reference.Path);
        var metadata = file.Metadata;
        var type = metadata.GetString("general.type", "model");
        if (type != "adapter") throw metadata.Invalid("general.type", $"the file is of type '{type}', and an adapter is wanted", "give a LoRA adapter in GGUF; a model goes in front of the options");
        var kind = metadata.GetString("adapter.type");
        if (kind != "lora") throw metadata.Invalid("adapter.type", $"adapters of type '{kind}' are not supported", "use one of type lora");
        const string Invocation = "adapter.alora.invocation_tokens";
        if (metadata.Contains(Invocation))
            throw metadata.Invalid(Invocation, "the adapter is an activated one (aLoRA), which takes effect only behind certain tokens; that is not supported", "use a plain LoRA adapter");
        return new(file, reference.Multiplier, metadata.GetFloat("adapter.lora.alpha", 0f), Pair(file));
    }

    /// <summary>alpha / rank × multiplier; without alpha the multiplier alone.</summary>
    internal float Scale(long rank) => Alpha == 0 ? Multiplier : Multiplier * Alpha / rank;

    private static Dictionary<string, LoraPair> Pair(GgufFile file)
    {
        var pairs = new Dictionary<string, LoraPair>(StringComparer.Ordinal);
        foreach (var tensor in file.Tensors)
        {
            var name = tensor.Spec.Name;
            if (name.EndsWith(SuffixA, StringComparison.Ordinal))
            {
                var of = name[..^SuffixA.Length];
                pairs.Add(of, file.TryFindTensor(of + SuffixB, out var b) ? new(tensor, b) : throw Invalid(file, tensor, $"there is no {of}{SuffixB} beside it", "get the adapter again"));
            }
            else if (name.EndsWith(SuffixB, StringComparison.Ordinal))
            {
                var a = name[..^SuffixB.Length] + SuffixA;
                if (!file.TryFindTensor(a, out _)) throw Invalid(file, tensor, $"there is no {a} beside it", "get the adapter again");
            }
            else
            {
                throw Invalid(file, tensor, $"an adapter has tensors NAME{SuffixA} and NAME{SuffixB} only; whole tensors that replace those of the model, such as norms, are not supported",
                    "merge it into the model before the conversion, or make an adapter of low-rank matrices alone");
            }
        }
        if (pairs.Count == 0) throw new GgufException(file.Paths[0], 0, "tensors", "the adapter has none", "get the adapter again");
        return pairs;
    }

    internal static GgufException Invalid(GgufFile file, GgufTensor tensor, string problem, string cure)
        => new(file.Paths[tensor.File], tensor.FileOffset, tensor.Spec.Name, problem, cure);
}
