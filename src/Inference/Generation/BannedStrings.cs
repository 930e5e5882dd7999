using System.Text;
using Hotplug.Inference.Text;

namespace Hotplug.Inference.Generation;

/// <summary>
/// Looks for banned texts in what tokens write, whatever their case, and holds back the tokens in which one may be beginning. Says, when one is complete, with which token it began.
/// One thread at a time; allocates only while its buffers grow.
/// </summary>
internal sealed class BannedStrings
{
    /// <summary>Most banned texts.</summary>
    public const int MaxCount = 1024;

    /// <summary>Longest banned text in characters.</summary>
    public const int MaxLength = 256;

    private readonly StopStrings _search;
    private readonly List<Pending> _tokens = [];
    private readonly StringBuilder _held = new();
    private readonly char[] _lower = new char[256];
    // Characters that begin none, counted from the beginning of what is held; negative if one may be beginning in what was given already.
    private int _certain;
    private string _tail = "";

    /// <exception cref="ArgumentException">A text is empty, too long or half a character, or there are too many.</exception>
    public BannedStrings(IReadOnlyList<string> texts)
    {
        if (Problems(texts).FirstOrDefault() is { } problem) throw new ArgumentException(problem, nameof(texts));
        _search = new(texts.Select(t => t.ToLowerInvariant()));
        IsEmpty = texts.Count == 0;
    }

    /// <summary>Says what is wrong with texts; nothing if they can be looked for.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<string> texts)
    {
        if (texts.Count > MaxCount) yield return $"There are {texts.Count} banned texts; at most {MaxCount} are looked for.";
        foreach (var tooLong in texts.Where(t => t.Length > MaxLength)) yield return $"The banned text '{tooLong[..40]}…' has {tooLong.Length} characters; at most {MaxLength} will do.";
        foreach (var problem in StopStrings.Problems(texts)) yield return problem.Replace("stop string", "banned text", StringComparison.Ordinal);
    }

    /// <summary>True if nothing is banned.</summary>
    public bool IsEmpty { get; }

    /// <summary>Tokens whose text is held back.</summary>
    public int TokenCount => _tokens.Count;

    /// <summary>Characters that are held back.</summary>
    public int HeldLength => _held.Length;

    /// <summary>Takes the text of a token in.</summary>
    /// <param name="text">What it writes, whole characters.</param>
    /// <param name="unfinished">The bytes of a character that were unfinished before it.</param>
    /// <param name="certain">Text that is certain to begin none, of whole tokens.</param>
    /// <returns>How many of the last tokens go back to where a banned text began; 0 if none is complete.</returns>
    public int Append(ReadOnlySpan<char> text, ReadOnlySpan<byte> unfinished, out string certain)
    {
        _tokens.Add(new(_held.Length, unfinished.ToArray()));
        _held.Append(text);
        Search(text);
        certain = _search.Match is null ? Release() : "";
        return _search.Match is null ? 0 : _tokens.Count - TokenAt(_certain);
    }

    /// <summary>The bytes of a character that were unfinished before so many tokens from the end.</summary>
    public ReadOnlySpan<byte> UnfinishedBefore(int tokens) => _tokens.Count == 0 ? default : _tokens[^tokens].Unfinished;

    /// <summary>Forgets the last tokens and what they wrote; gives what is certain of the rest.</summary>
    public string Rewind(int tokens)
    {
        _held.Length = _tokens[^tokens].Start;
        _tokens.RemoveRange(_tokens.Count - tokens, tokens);
        SearchAgain();
        return Release();
    }

    /// <summary>Goes on behind a text that was given before.</summary>
    public void Follow(string text)
    {
        _tail = text[^Math.Min(MaxLength, text.Length)..];
        SearchAgain();
    }

    /// <summary>Ends the text, or lets it pass: gives all that was held back.</summary>
    public string Flush()
    {
        var text = _held.ToString();
        _held.Clear();
        _tokens.Clear();
        _search.Reset();
        _certain = 0;
        _tail = "";
        return text;
    }

    // What was given before may begin one with what follows now: it cannot be taken back, but the token that would go on with it can.
    private void SearchAgain()
    {
        _search.Reset();
        _certain = -_tail.Length;
        Search(_tail);
        Search(_held.ToString());
    }

    private void Search(ReadOnlySpan<char> text)
    {
        for (; !text.IsEmpty && _search.Match is null; text = text[Math.Min(text.Length, _lower.Length)..])
        {
            var part = text[..Math.Min(text.Length, _lower.Length)];
            for (var i = 0; i < part.Length; i++) _lower[i] = char.ToLowerInvariant(part[i]);
            _certain += _search.Append(_lower.AsSpan(0, part.Length)).Length;
        }
    }

    private string Release()
    {
        var keep = _tokens.Count == 0 || _certain >= _held.Length ? _tokens.Count : TokenAt(_certain);
        var start = keep < _tokens.Count ? _tokens[keep].Start : _held.Length;
        var text = start == 0 ? "" : _held.ToString(0, start);
        _held.Remove(0, start);
        _tokens.RemoveRange(0, keep);
        for (var i = 0; i < _tokens.Count; i++) _tokens[i] = _tokens[i] with { Start = _tokens[i].Start - start };
        _certain -= start;
        if (start > 0) _tail = start >= MaxLength ? text[^MaxLength..] : string.Concat(_tail.AsSpan(Math.Max(0, _tail.Length + start - MaxLength)), text);
        return text;
    }

    // The token that wrote the character.
    private int TokenAt(int character)
    {
        var token = _tokens.Count - 1;
        while (token > 0 && _tokens[token].Start > character) token--;
        return token;
    }

    private readonly record struct Pending(int Start, byte[] Unfinished);
}
