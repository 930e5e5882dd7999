using System.Text;

namespace Hotplug.Inference.Chat;

/// <summary>
/// Takes an answer apart as it comes: reasoning in <c>&lt;think&gt;</c>, calls of tools in <c>&lt;tool_call&gt;</c> (Qwen, Hermes and others), behind <c>[TOOL_CALLS]</c> (Mistral), behind
/// <c>&lt;|python_tag|&gt;</c> or as the whole answer (Llama 3). What looks like a call and is none stays text. Holds back what may begin a mark. One thread at a time.
/// </summary>
public sealed class ChatOutputParser
{
    private const string Think = "<think>", EndThink = "</think>", Call = "<tool_call>", EndCall = "</tool_call>", Calls = "[TOOL_CALLS]", Python = "<|python_tag|>";

    private readonly bool _tools;
    private readonly StringBuilder _held = new();
    private readonly List<ChatOutput> _parts = [];
    private State _state;
    private bool _begun;
    private int _calls;

    /// <summary>Begins an answer.</summary>
    /// <param name="tools">Whether tools were offered; otherwise nothing is taken for a call.</param>
    /// <param name="thinking">Whether the prompt ends within reasoning; see <see cref="BeginsThinking"/>.</param>
    public ChatOutputParser(bool tools, bool thinking)
    {
        _tools = tools;
        _state = thinking ? State.Reasoning : State.Content;
    }

    private enum State
    {
        Content,
        Reasoning,
        Call,
        // Up to the end of the answer.
        Rest,
    }

    /// <summary>True for a rendered prompt that has opened the model's reasoning.</summary>
    public static bool BeginsThinking(string rendered)
    {
        ArgumentNullException.ThrowIfNull(rendered);
        return rendered.AsSpan().TrimEnd().EndsWith(Think);
    }

    /// <summary>Takes text in; gives the parts that are certain.</summary>
    public IReadOnlyList<ChatOutput> Append(ReadOnlySpan<char> text)
    {
        _parts.Clear();
        _held.Append(text);
        while (Step()) continue;
        return [.. _parts];
    }

    /// <summary>Ends the answer; gives what was held back.</summary>
    public IReadOnlyList<ChatOutput> End()
    {
        _parts.Clear();
        var rest = _held.ToString();
        _held.Clear();
        if (_state is State.Call or State.Rest)
        {
            var calls = ToolCallReader.Read(rest, ref _calls);
            if (calls.Count == 0) Add(ChatOutputKind.Content, rest);
            foreach (var call in calls) _parts.Add(new(ChatOutputKind.ToolCall, rest, call));
        }
        else Add(_state == State.Reasoning ? ChatOutputKind.Reasoning : ChatOutputKind.Content, rest);
        return [.. _parts];
    }

    // True if there may be more.
    private bool Step()
    {
        var text = _held.ToString();
        switch (_state)
        {
            case State.Reasoning:
                return Until(text, ChatOutputKind.Reasoning, [EndThink], _ => State.Content);
            case State.Call when text.IndexOf(EndCall, StringComparison.Ordinal) is >= 0 and var end:
                _held.Remove(0, end + EndCall.Length);
                var calls = ToolCallReader.Read(text[..end], ref _calls);
                if (calls.Count == 0) Add(ChatOutputKind.Content, $"{Call}{text[..end]}{EndCall}");
                foreach (var call in calls) _parts.Add(new(ChatOutputKind.ToolCall, text[..end], call));
                _state = State.Content;
                return true;
            case State.Content when !_begun && text.AsSpan().TrimStart() is var start && (start.IsEmpty || (_tools && start[0] is '{' or '[')):
                // Perhaps a call that is the whole answer.
                if (start.IsEmpty) return false;
                if (start[0] == '[' && !Calls.AsSpan().StartsWith(start[..Math.Min(start.Length, Calls.Length)]) && !start.StartsWith("[{") && start.Length > 1) goto default;
                if (start[0] == '[' && start.StartsWith(Calls)) goto default;
                if (start[0] == '{' || start.StartsWith("[{")) _state = State.Rest;
                return false;
            case State.Content:
            default:
                if (_state != State.Content) return false;
                _begun = true;
                return Until(text, ChatOutputKind.Content, _tools ? [Think, Call, Calls, Python] : [Think], mark => mark switch
                {
                    Think => State.Reasoning,
                    Call => State.Call,
                    _ => State.Rest,
                });
        }
    }

    private bool Until(string text, ChatOutputKind kind, ReadOnlySpan<string> marks, Func<string, State> then)
    {
        var (first, found) = (text.Length, "");
        foreach (var mark in marks)
            if (text.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at && at < first) (first, found) = (at, mark);
        if (found.Length > 0)
        {
            Add(kind, text[..first]);
            _held.Remove(0, first + found.Length);
            _state = then(found);
            // Reasoning once ended, the answer begins as answers do.
            if (found == EndThink) _begun = false;
            return true;
        }

        var keep = 0;
        foreach (var mark in marks)
            for (var length = Math.Min(mark.Length - 1, text.Length); length > keep; length--)
                if (text.AsSpan().EndsWith(mark.AsSpan(0, length))) keep = length;
        Add(kind, text[..^keep]);
        _held.Remove(0, text.Length - keep);
        return false;
    }

    private void Add(ChatOutputKind kind, string text)
    {
        if (text.Length > 0) _parts.Add(new(kind, text));
    }
}
