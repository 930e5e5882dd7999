using Hotplug.Cli.Engines;
using Hotplug.Inference.Chat;
using Hotplug.Inference.Deployment;
using Hotplug.Inference.Models;

namespace Hotplug.Cli.Chat;

/// <summary>Commands within a conversation: lines that begin with a slash.</summary>
internal sealed class ChatCommands(Engine engine, LanguageModel model, ChatSession session)
{
    private const string Help = """
        /system [TEXT]         say what the model is to be; without TEXT nothing
        /clear                 begin anew; what was said to it as system stays
        /history               show what was said
        /retry                 answer the last question again
        /save FILE             save the conversation
        /load FILE             go on with a saved one
        /swap BACKEND [DIR]    put another generation of a backend in place, from its folder or DIR
        /place BACKEND         move the model to another backend
        /help                  this
        /exit                  end; so does the end of input
        A line that ends with \ goes on in the next; between two lines of three quotes stands anything. Ctrl-C stops an answer.
        """;

    /// <summary>Does what a line says.</summary>
    /// <exception cref="UsageException">It says nothing that can be done.</exception>
    public async Task<ChatNext> DoAsync(string line, CancellationToken cancellation)
    {
        var words = line.Split(' ', 2, StringSplitOptions.TrimEntries);
        var rest = words.Length > 1 && words[1].Length > 0 ? words[1] : null;
        switch (words[0])
        {
            case "/help":
                Say(Help);
                break;
            case "/exit" or "/quit" or "/bye":
                return ChatNext.End;
            case "/system":
                SetSystem(rest);
                break;
            case "/clear":
                foreach (var message in session.Messages.Where(m => m.Role != "system").ToArray()) session.Messages.Remove(message);
                Say("The conversation begins anew.");
                break;
            case "/history":
                foreach (var message in session.Messages) Say($"{message.Role}: {message.Content}");
                break;
            case "/retry":
                while (session.Messages is [.., { Role: not "user" } last]) session.Messages.Remove(last);
                return session.Messages.Count > 0 ? ChatNext.Answer : throw new UsageException("There is no question to answer again.");
            case "/save":
                ConversationFile.Save(rest ?? throw Missing("/save FILE"), session.Messages);
                Say($"{session.Messages.Count} messages are saved to {rest}.");
                break;
            case "/load":
                var messages = ConversationFile.Load(rest ?? throw Missing("/load FILE"));
                session.Messages.Clear();
                foreach (var message in messages) session.Messages.Add(message);
                Say($"The conversation goes on behind {messages.Count} messages of {rest}.");
                break;
            case "/swap":
                await SwapAsync(rest ?? throw Missing("/swap BACKEND"), cancellation);
                break;
            case "/place":
                Say((await model.PlaceAsync(model.Options.Placement with { Backend = rest ?? throw Missing("/place BACKEND") }, cancellation: cancellation)).ToString());
                break;
            default:
                throw new UsageException($"There is no command '{words[0]}'. Type /help; a message that begins with a slash goes between two lines of \"\"\".");
        }

        return ChatNext.Listen;
    }

    private async Task SwapAsync(string words, CancellationToken cancellation)
    {
        var parts = words.Split(' ', 2, StringSplitOptions.TrimEntries);
        var swap = await engine.Host.SwapAsync(new BackendSwapRequest(parts[0]) { Folder = parts.Length > 1 ? Path.GetFullPath(parts[1]) : null }, cancellation);
        foreach (var moved in swap.Models) Say(moved.ToString());
        Say($"{parts[0]}: generation {swap.To} (version {swap.Version}) is at work.");
    }

    private void SetSystem(string? text)
    {
        if (session.Messages is [{ Role: "system" }, ..]) session.Messages.RemoveAt(0);
        if (text is not null) session.Messages.Insert(0, new("system", text));
        Say(text is null ? "There is no system message." : "The system message is set.");
    }

    private static UsageException Missing(string form) => new($"Something is missing. Type: {form}");

    private static void Say(string text) => Console.Error.WriteLine(text);
}
