using System.Text;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Scheduling;
using Microsoft.Extensions.AI;

namespace Hotplug.Server.Answers;

/// <summary>What the updates of an answer in a conversation add up to.</summary>
internal sealed class ChatText
{
    private readonly StringBuilder _text = new(), _reasoning = new();
    private readonly List<TokenChoice> _choices = [];
    private readonly List<FunctionCallContent> _calls = [];

    /// <summary>The answer.</summary>
    public string Text => _text.ToString();

    /// <summary>What the model thought before; empty for nothing.</summary>
    public string Reasoning => _reasoning.ToString();

    /// <summary>Calls of tools.</summary>
    public IReadOnlyList<FunctionCallContent> Calls => _calls;

    /// <summary>What the tokens were chosen from, if it was asked for.</summary>
    public IReadOnlyList<TokenChoice> Choices => _choices;

    /// <summary>How it ended; null before.</summary>
    public ChatFinishReason? Finish { get; private set; }

    /// <summary>What it took, if that was told.</summary>
    public UsageDetails? Usage { get; private set; }

    /// <summary>How long it took, if the client told.</summary>
    public GenerationTiming Timing { get; private set; }

    /// <summary>Takes an update in.</summary>
    /// <returns>What its tokens were chosen from.</returns>
    public IReadOnlyList<TokenChoice> Take(ChatResponseUpdate update)
    {
        foreach (var content in update.Contents)
            switch (content)
            {
                case TextReasoningContent thought:
                    _reasoning.Append(thought.Text);
                    break;
                case TextContent words:
                    _text.Append(words.Text);
                    break;
                case FunctionCallContent call:
                    _calls.Add(call);
                    break;
                case UsageContent usage:
                    Usage = usage.Details;
                    break;
            }
        Finish = update.FinishReason ?? Finish;
        var outcome = update.RawRepresentation as GenerationOutcome;
        Timing = outcome?.Timing ?? Timing;
        IReadOnlyList<TokenChoice> choices = outcome is not null ? [.. outcome.Choices.Skip(_choices.Count)] : update.RawRepresentation as IReadOnlyList<TokenChoice> ?? [];
        _choices.AddRange(choices);
        return choices;
    }
}
