using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Speculation;
using Hotplug.Inference.Models;

namespace Hotplug.Inference.Chat;

/// <summary>
/// A conversation with a model. What the prompts of two turns begin with alike is evaluated once. When the context is full, the oldest turns are left out of the prompt. Not thread-safe;
/// dispose it before the model.
/// </summary>
public sealed class ChatSession : IDisposable
{
    private readonly LanguageModel _model;
    private TextGenerator? _generator;
    private ChatOutputParser? _parser;

    /// <summary>Begins a conversation.</summary>
    /// <param name="model">The model; outlives the session.</param>
    /// <param name="template">How the conversation is written down; see <see cref="ChatTemplate.Of"/>.</param>
    public ChatSession(LanguageModel model, ChatTemplate template)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(template);
        (_model, Template) = (model, template);
    }

    /// <summary>How the conversation is written down.</summary>
    public ChatTemplate Template { get; }

    /// <summary>The messages so far. They may be changed between two answers.</summary>
    public IList<TemplateMessage> Messages { get; } = [];

    /// <summary>Tools, thinking and further variables of the template.</summary>
    public ChatTemplateOptions TemplateOptions { get; set; } = new();

    /// <summary>Messages that the last prompt left out, since it would not have fitted the context.</summary>
    public int ForgottenCount { get; private set; }

    /// <summary>Tokens of the last prompt.</summary>
    public int PromptLength => _generator?.PromptLength ?? 0;

    /// <summary>Tokens evaluated for the last answer, prompt and all.</summary>
    public int EvaluatedCount => _generator?.EvaluatedCount ?? 0;

    /// <summary>Tokens of the last answer.</summary>
    public int GeneratedCount => _generator?.GeneratedCount ?? 0;

    /// <summary>Why the last answer ended.</summary>
    public FinishReason Finish => _generator?.Finish ?? FinishReason.None;

    /// <summary>Guesses ahead, or null; the caller's.</summary>
    public Drafter? Drafter { get; set; }

    /// <summary>Answers the messages so far, part by part, and adds the answer to them: also when the caller stops listening, as far as it had come.</summary>
    /// <param name="options">How to generate.</param>
    /// <param name="cancellation">Stops the answer.</param>
    /// <exception cref="Jinja.JinjaException">The template refuses the conversation.</exception>
    /// <exception cref="ArgumentException">The last message alone does not fit the context, or an option makes no sense.</exception>
    public IEnumerable<ChatOutput> Answer(GenerationOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Begin(options with { StopStrings = [.. options.StopStrings, .. Template.StopStrings], WritesSpecialTokens = options.WritesSpecialTokens || TemplateOptions.Tools.Count > 0 });
        return Parts(cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _generator?.Dispose();

    private IEnumerable<ChatOutput> Parts(CancellationToken cancellation)
    {
        var parts = new List<ChatOutput>();
        try
        {
            while (Next(out var piece, cancellation))
                foreach (var part in piece)
                {
                    parts.Add(part);
                    yield return part;
                }

            foreach (var part in _parser!.End())
            {
                parts.Add(part);
                yield return part;
            }
        }
        finally
        {
            Remember(parts);
        }
    }

    private bool Next(out IReadOnlyList<ChatOutput> parts, CancellationToken cancellation)
    {
        var goesOn = _generator!.Next(out var text, cancellation);
        parts = _parser!.Append(text);
        return goesOn;
    }

    private void Begin(GenerationOptions options)
    {
        var room = Math.Max(1, Math.Min(options.MaxTokens, _model.Context / 4));
        var messages = Messages.ToList();
        string rendered;
        int[] prompt;
        for (ForgottenCount = 0; ; ForgottenCount++)
        {
            rendered = Template.Render(messages, TemplateOptions);
            prompt = ChatTemplate.Encode(_model.Tokenizer, rendered);
            if (prompt.Length + room <= _model.Context || !Forget(messages)) break;
        }

        if (_generator is null) _generator = new(_model, prompt, options);
        else _generator.Restart(prompt, options);
        _generator.Drafter = Drafter;
        _parser = new(TemplateOptions.Tools.Count > 0, ChatOutputParser.BeginsThinking(rendered));
    }

    // The oldest message, but for the system's, with the answers to it: a conversation begins with the user.
    private static bool Forget(List<TemplateMessage> messages)
    {
        var first = messages is [{ Role: "system" }, ..] ? 1 : 0;
        var next = messages.FindIndex(Math.Min(first + 1, messages.Count), message => message.Role == "user");
        if (next < 0) return false;
        messages.RemoveRange(first, next - first);
        return true;
    }

    private void Remember(List<ChatOutput> parts)
    {
        var text = string.Concat(parts.Where(p => p.Kind == ChatOutputKind.Content).Select(p => p.Text));
        var reasoning = string.Concat(parts.Where(p => p.Kind == ChatOutputKind.Reasoning).Select(p => p.Text));
        ToolCall[] calls = [.. parts.Select(p => p.Call).OfType<ToolCall>()];
        Messages.Add(new("assistant", text) { Reasoning = reasoning.Length > 0 ? reasoning.Trim() : null, ToolCalls = calls });
    }
}
