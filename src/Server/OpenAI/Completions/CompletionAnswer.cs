using System.Text;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Server.Answers;

namespace Hotplug.Server.OpenAI.Completions;

/// <summary>Takes the parts of texts, and gives the documents they are to a client of OpenAI: event by event, and as a whole.</summary>
/// <param name="served">The model that writes.</param>
/// <param name="answers">Texts per prompt.</param>
/// <param name="echoes">What each text begins with.</param>
internal sealed class CompletionAnswer(ServedModel served, int answers, IReadOnlyList<string> echoes)
{
    private readonly CompletionDocument _empty = new($"cmpl-{Guid.NewGuid():N}", DateTimeOffset.UtcNow.ToUnixTimeSeconds(), served.Name, []);
    private readonly Text[] _texts = [.. echoes.Select(echo => new Text(echo))];

    /// <summary>Takes a part; gives the event that tells of it.</summary>
    public CompletionDocument Take(int index, WrittenPart part)
    {
        var text = _texts[index];
        var more = text.Written.Length == 0 ? text.Echo + part.Piece.Text : part.Piece.Text;
        text.Written.Append(more);
        text.Choices.AddRange(part.Piece.Choices);
        text.Outcome = part.Outcome;
        return _empty with { Choices = [new(index, more, CompletionLogprobs.Of(part.Piece.Choices, served.Model.Tokenizer, ref text.Offset), Finish(part.Outcome))] };
    }

    /// <summary>The last event: what they took.</summary>
    public CompletionDocument UsageEvent() => _empty with { Usage = Usage };

    /// <summary>The answer as a whole.</summary>
    public CompletionDocument Whole() => _empty with { Choices = [.. _texts.Select(Choice)], Usage = Usage };

    private CompletionChoice Choice(Text text, int index)
    {
        var offset = 0;
        return new(index, text.Written.ToString(), CompletionLogprobs.Of(text.Choices, served.Model.Tokenizer, ref offset), Finish(text.Outcome));
    }

    private Usage Usage
    {
        get
        {
            var firsts = _texts.Where((_, i) => i % answers == 0).Select(t => t.Outcome!).ToList();
            return OpenAI.Usage.Of(firsts.Sum(o => o.PromptTokens), _texts.Sum(t => t.Outcome!.GeneratedTokens), firsts.Sum(o => o.CachedTokens));
        }
    }

    private static string? Finish(GenerationOutcome? outcome) => outcome is null ? null : FinishReasons.Of(outcome.Finish);

    private sealed class Text(string echo)
    {
        public int Offset;

        public string Echo => echo;

        public StringBuilder Written { get; } = new();

        public List<TokenChoice> Choices { get; } = [];

        public GenerationOutcome? Outcome { get; set; }
    }
}
