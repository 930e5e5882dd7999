using System.Text.Json;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Sampling;
using Hotplug.Server.Answers;
using Hotplug.Server.Http;

namespace Hotplug.Server.Ollama;

/// <summary>How a text is generated. What is about loading (<c>num_ctx</c>, <c>num_gpu</c>, <c>num_thread</c> and the like) was decided when the model was loaded, and is not read.</summary>
internal sealed record OllamaOptions
{
    public int? NumPredict { get; init; }
    public long? Seed { get; init; }
    public JsonElement? Stop { get; init; }
    public float? Temperature { get; init; }
    public int? TopK { get; init; }
    public float? TopP { get; init; }
    public float? MinP { get; init; }
    public float? TypicalP { get; init; }
    public float? TfsZ { get; init; }
    public int? RepeatLastN { get; init; }
    public float? RepeatPenalty { get; init; }
    public float? PresencePenalty { get; init; }
    public float? FrequencyPenalty { get; init; }
    public int? Mirostat { get; init; }
    public float? MirostatTau { get; init; }
    public float? MirostatEta { get; init; }

    /// <summary>The same as options of a generation; what is not said is as in <see cref="GenerationOptions"/>, but for the length, which the context bounds.</summary>
    public GenerationOptions ToGeneration(int context)
    {
        if (NumPredict is 0) throw ApiException.Invalid("num_predict is 0; ask for at least 1, or for -1 to the end.", "num_predict");
        var defaults = new SamplerOptions();
        var mirostat = new MirostatOptions();
        return new()
        {
            MaxTokens = NumPredict is > 0 and var most ? most : int.MaxValue,
            StopStrings = StopList.Read(Stop),
            Sampler = defaults with
            {
                Temperature = Temperature ?? defaults.Temperature,
                TopK = TopK ?? defaults.TopK,
                TopP = TopP ?? defaults.TopP,
                MinP = MinP ?? defaults.MinP,
                Typical = TypicalP ?? defaults.Typical,
                TailFree = TfsZ ?? defaults.TailFree,
                RepetitionPenalty = RepeatPenalty ?? defaults.RepetitionPenalty,
                // Below 0 the whole context counts as recent.
                RepetitionWindow = RepeatLastN is < 0 ? context : RepeatLastN ?? defaults.RepetitionWindow,
                PresencePenalty = PresencePenalty ?? 0,
                FrequencyPenalty = FrequencyPenalty ?? 0,
                Mirostat = Mirostat is null or 0 ? null : new() { Version = Mirostat.Value, Tau = MirostatTau ?? mirostat.Tau, Eta = MirostatEta ?? mirostat.Eta },
                Seed = Seed is { } seed ? unchecked((ulong)seed) : (ulong)Random.Shared.NextInt64(),
            },
        };
    }
}
