using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Hotplug.ServerTests;

/// <summary>A chat client that says what it is told to, and then ends, fails, or never does either.</summary>
internal sealed class ScriptedChatClient(IReadOnlyList<AIContent> contents, bool endless = false) : IChatClient
{
    /// <summary>What it fails with once it has said what it is told to; null for nothing.</summary>
    public Exception? Failure { get; set; }

    /// <summary>The options of the last request.</summary>
    public ChatOptions? Options { get; private set; }

    /// <summary>The messages of the last request.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; private set; } = [];

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        => GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        (Options, Messages) = (options, [.. messages]);
        foreach (var content in contents) yield return new(ChatRole.Assistant, [content]);
        if (Failure is not null) throw Failure;
        if (endless) await Task.Delay(Timeout.Infinite, cancellationToken);
        yield return new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 7, OutputTokenCount = 3 })]) { FinishReason = contents.OfType<FunctionCallContent>().Any() ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }
}
