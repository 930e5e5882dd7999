using System.Text.Json;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Memory.Receipts;

namespace Hotplug.Cli.Output;

/// <summary>The JSON form of a run.</summary>
internal sealed record RunDocument
{
    public string Schema => "hotplug.run/1";
    public required string Model { get; init; }
    public required string? Prompt { get; init; }
    public required string Text { get; init; }
    public required int[] PromptTokens { get; init; }
    public required int[] Tokens { get; init; }

    /// <summary>Tokens that came from a saved generation, prompt and all; 0 for a new one.</summary>
    public required int RestoredTokens { get; init; }

    /// <summary>Tokens that the devices evaluated in this run.</summary>
    public required int EvaluatedTokens { get; init; }
    public required string Finish { get; init; }
    public required ulong Seed { get; init; }
    public required double LoadMilliseconds { get; init; }
    public required double FirstTokenMilliseconds { get; init; }
    public required double PromptTokensPerSecond { get; init; }
    public required double TokensPerSecond { get; init; }
    public required long CopiesBetweenDevices { get; init; }
    public required long BytesBetweenDevices { get; init; }
    public required IReadOnlyList<string> Notes { get; init; }
    public required LoadReceipt Receipt { get; init; }

    public static RunDocument From(string path, string? prompt, string text, TextGenerator generator, RunTimings timings, ulong seed, LanguageModel model, GenerationState? restored) => new()
    {
        Model = path,
        Prompt = prompt,
        Text = text,
        PromptTokens = [.. generator.Tokens[..generator.PromptLength]],
        Tokens = [.. generator.Tokens[(restored?.Tokens.Count ?? generator.PromptLength)..]],
        RestoredTokens = restored?.Tokens.Count ?? 0,
        EvaluatedTokens = generator.EvaluatedCount,
        Finish = JsonNamingPolicy.CamelCase.ConvertName(FinishOf(generator).ToString()),
        Seed = seed,
        LoadMilliseconds = timings.Load.TotalMilliseconds,
        FirstTokenMilliseconds = timings.FirstToken.TotalMilliseconds,
        PromptTokensPerSecond = timings.PromptTokensPerSecond,
        TokensPerSecond = timings.TokensPerSecond,
        CopiesBetweenDevices = model.Executor.Copies.Count,
        BytesBetweenDevices = model.Executor.Copies.Bytes,
        Notes = model.Executor.Plan.Notes,
        Receipt = model.Executor.Receipt,
    };

    /// <summary>Why the run ended: one that is saved leaves its generation open when its tokens are written.</summary>
    public static FinishReason FinishOf(TextGenerator generator) => generator.Finish == FinishReason.None ? FinishReason.Length : generator.Finish;

    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.RunDocument);
}
