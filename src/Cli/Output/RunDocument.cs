using System.Text.Json;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Speculation;
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

    /// <summary>What a draft model guessed; null without one.</summary>
    public required Drafting? Draft { get; init; }
    public required LoadReceipt Receipt { get; init; }

    public static RunDocument From(string path, string? prompt, string text, TextGenerator generator, RunTimings timings, ulong seed, LanguageModel model, Drafter? drafter, GenerationState? restored) => new()
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
        Draft = drafter is null ? null : new(drafter.StepCount, drafter.EvaluatedCount, drafter.AcceptedCount, RateOf(drafter), drafter.Failure),
        Receipt = model.Executor.Receipt,
    };

    /// <summary>Share of the guesses that were right.</summary>
    public static double RateOf(Drafter drafter) => drafter.EvaluatedCount == 0 ? 0 : (double)drafter.AcceptedCount / drafter.EvaluatedCount;

    /// <summary>Why the run ended: one that is saved leaves its generation open when its tokens are written.</summary>
    public static FinishReason FinishOf(TextGenerator generator) => generator.Finish == FinishReason.None ? FinishReason.Length : generator.Finish;

    /// <summary>Guesses of a draft model.</summary>
    /// <param name="Steps">Steps of the model that had guesses in them.</param>
    /// <param name="Guesses">Guesses in them.</param>
    /// <param name="Accepted">Guesses that were right.</param>
    /// <param name="Acceptance">Share that was right.</param>
    /// <param name="Failure">Why it stopped guessing, or null.</param>
    internal sealed record Drafting(long Steps, long Guesses, long Accepted, double Acceptance, string? Failure);

    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.RunDocument);
}
