using Hotplug.Cli.Engines;
using Hotplug.Inference.Chat;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;

namespace Hotplug.Cli.Chat;

/// <summary>Asks, answers and obeys until the input ends. Answers go to stdout, everything else to stderr.</summary>
internal sealed class ChatLoop(Engine engine, LanguageModel model, ChatSession session, GenerationOptions options, ILineSource lines, bool verbose)
{
    private const string Prompt = "> ", More = ". ", Fence = "\"\"\"";

    private readonly ChatCommands _commands = new(engine, model, session);
    private CancellationTokenSource? _answer;

    /// <summary>Runs until the input ends, or <c>/exit</c>.</summary>
    /// <param name="cancellation">Ends the program.</param>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Interruption.First = StopAnswer;
        try
        {
            while (!cancellation.IsCancellationRequested && Message() is { } message)
            {
                if (message.Trim().Length == 0) continue;
                var again = false;
                if (message.StartsWith('/') && !message.Contains('\n'))
                {
                    var next = await CommandAsync(message, cancellation);
                    if (next == ChatNext.End) return;
                    if (next == ChatNext.Listen) continue;
                    again = true;
                }

                if (!again) session.Messages.Add(new("user", message));
                Answer(cancellation);
            }

            cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            Interruption.First = null;
        }
    }

    // A backslash at its end goes on with the next line; between two lines of three quotes stands anything.
    private string? Message()
    {
        if (lines.Read(Prompt) is not { } line) return null;
        if (line.Trim() == Fence)
        {
            var block = new List<string>();
            while (lines.Read(More) is { } next && next.Trim() != Fence) block.Add(next);
            return string.Join('\n', block);
        }

        while (line.EndsWith('\\')) line = $"{line[..^1]}\n{lines.Read(More)}";
        return line;
    }

    private async Task<ChatNext> CommandAsync(string message, CancellationToken cancellation)
    {
        try
        {
            return await _commands.DoAsync(message, cancellation);
        }
        // What was typed was wrong; the conversation goes on.
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Console.Error.WriteLine($"hotplug: {Failures.Explain(failure).Message}");
            return ChatNext.Listen;
        }
    }

    private void Answer(CancellationToken cancellation)
    {
        using var answer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Volatile.Write(ref _answer, answer);
        var before = session.Messages.Count;
        try
        {
            Write(answer.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine("(stopped)");
        }
        catch (Exception failure) when (failure is not OperationCanceledException && session.Messages.Count == before)
        {
            // Nothing was begun: the question is taken back.
            if (session.Messages is [.., { Role: "user" }]) session.Messages.RemoveAt(session.Messages.Count - 1);
            Console.Error.WriteLine($"hotplug: {Failures.Explain(failure).Message}");
        }
        finally
        {
            Volatile.Write(ref _answer, null);
        }
    }

    private void Write(CancellationToken cancellation)
    {
        try
        {
            var parts = session.Answer(options, cancellation);
            if (session.ForgottenCount > 0) Console.Error.WriteLine($"note: the oldest {session.ForgottenCount} questions are left out, since the context of {model.Context} tokens is full");
            var thinks = false;
            foreach (var part in parts)
            {
                if (part.Kind == ChatOutputKind.Reasoning != thinks)
                {
                    thinks = !thinks;
                    Console.Error.WriteLine(thinks ? "(thinks)" : "");
                }

                if (thinks) Console.Error.Write(part.Text);
                else Console.Out.Write(part.Text);
                Console.Out.Flush();
            }
        }
        finally
        {
            Console.Out.WriteLine();
            Console.Out.Flush();
        }

        if (session.Finish == FinishReason.ContextFull) Console.Error.WriteLine($"note: the answer was cut off, because the context of {model.Context} tokens is full");
        if (verbose) Console.Error.WriteLine($"prompt of {session.PromptLength} tokens, {session.GeneratedCount} written, {session.EvaluatedCount} evaluated");
    }

    private bool StopAnswer()
    {
        if (Volatile.Read(ref _answer) is not { IsCancellationRequested: false } answer) return false;
        try
        {
            answer.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at this moment.
        }

        return true;
    }
}
