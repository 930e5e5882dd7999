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
    public required string Prompt { get; init; }
    public required string Text { get; init; }
    public required int[] PromptTokens { get; init; }
    public required int[] Tokens { get; init; }
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

    public static RunDocument From(string path, string prompt, string text, TextGenerator generator, RunTimings timings, ulong seed, LanguageModel model) => new()
    {
        Model = path,
        Prompt = prompt,
        Text = text,
        PromptTokens = [.. generator.Tokens[..generator.PromptLength]],
        Tokens = [.. generator.Tokens[generator.PromptLength..]],
        Finish = JsonNamingPolicy.CamelCase.ConvertName(generator.Finish.ToString()),
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

    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.RunDocument);
}
