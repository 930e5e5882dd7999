using System.Runtime.CompilerServices;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Server.Http;

namespace Hotplug.Server.Answers;

/// <summary>Goes on from prompts, for every dialect.</summary>
internal static class TextWriting
{
    /// <summary>Most texts of a request; OpenAI's.</summary>
    public const int MaxTexts = 128;

    /// <summary>Complains of options that make no sense.</summary>
    public static GenerationOptions Checked(GenerationOptions options)
        => string.Join(' ', options.Problems()) is { Length: > 0 } problems ? throw ApiException.Invalid(problems, code: "invalid_value") : options;

    /// <summary>The same options for another text of the request: with another seed.</summary>
    public static GenerationOptions Another(GenerationOptions options, int index) => options with { Sampler = options.Sampler with { Seed = options.Sampler.Seed + (ulong)index } };

    /// <summary>Writes texts together. Either all of them are taken or none; when one fails, or the reader stops, all are given up.</summary>
    public static async IAsyncEnumerable<(int Index, WrittenPart Part)> WriteAsync(ServedModel model, IEnumerable<(int[] Prompt, GenerationOptions Options)> texts, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var writing = new List<IAsyncEnumerable<WrittenPart>>();
            foreach (var (prompt, options) in texts) writing.Add(PartsAsync(model.Scheduler.Write(prompt, options, givenUp.Token), givenUp.Token));
            await foreach (var part in Merged.ReadAsync(writing, cancellation).ConfigureAwait(false)) yield return part;
        }
        finally
        {
            await givenUp.CancelAsync().ConfigureAwait(false);
        }
    }

    private static async IAsyncEnumerable<WrittenPart> PartsAsync(ScheduledGeneration generation, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var told = 0;
        await foreach (var piece in generation.ReadPiecesAsync(cancellation).ConfigureAwait(false))
        {
            told += piece.Choices.Count;
            yield return new(piece, null);
        }
        var outcome = await generation.Completion.ConfigureAwait(false);
        yield return new(new("", [.. outcome.Choices.Skip(told)]), outcome);
    }
}
