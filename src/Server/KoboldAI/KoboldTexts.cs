using Hotplug.Extensions.AI.Hosting;
using Hotplug.Server.Limits;

namespace Hotplug.Server.KoboldAI;

/// <summary>The texts that are written, and the last ones that were, by caller and key: whoever asks for a text by its key, or without, is told of his own alone. Thread-safe.</summary>
internal sealed class KoboldTexts
{
    /// <summary>Texts that are remembered after their end.</summary>
    private const int Remembered = 64;

    private readonly LinkedList<KoboldText> _texts = [];

    /// <summary>Begins the texts of a request. The caller disposes it at their end.</summary>
    public KoboldText Begin(Caller caller, string? key, ServedModel model, int count, CancellationToken cancellation)
    {
        var text = new KoboldText(caller, key, model, count, cancellation);
        lock (_texts)
        {
            _texts.AddFirst(text);
            var ended = 0;
            for (var node = _texts.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.IsEnded && ++ended > Remembered) _texts.Remove(node);
                node = next;
            }
        }
        return text;
    }

    /// <summary>The one that was begun last; null for none.</summary>
    public KoboldText? Last(Caller caller, string? key) => Of(caller, key).FirstOrDefault();

    /// <summary>Gives up what is being written.</summary>
    /// <returns>Whether anything was.</returns>
    public bool Abort(Caller caller, string? key)
    {
        var writing = Of(caller, key).Where(text => !text.IsEnded).ToList();
        foreach (var text in writing) text.Abort();
        return writing.Count > 0;
    }

    private List<KoboldText> Of(Caller caller, string? key)
    {
        lock (_texts) return [.. _texts.Where(text => text.Caller == caller && text.Key == (key ?? ""))];
    }
}
