using Hotplug.Extensions.AI.Chat;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Hotplug.Server.Answers;

/// <summary>Answers in conversations, for every dialect.</summary>
internal static class Conversation
{
    /// <summary>The options of several answers: each has another seed.</summary>
    /// <param name="options">What they have in common.</param>
    /// <param name="generation">How they are generated.</param>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<ChatOptions> Repeat(ChatOptions options, GenerationOptions generation, int count)
        => [.. Enumerable.Range(0, count).Select(i =>
        {
            var (each, own) = (options.Clone(), TextWriting.Another(generation, i));
            each.RawRepresentationFactory = _ => own;
            each.Seed = unchecked((long)own.Sampler.Seed);
            return each;
        })];

    /// <summary>Asks the chat client that the program has added for the model, with its middleware; a plain one if it has none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">How it is answered, once for every answer that is wanted.</param>
    public static IAsyncEnumerable<(int Index, ChatResponseUpdate Update)> AnswerAsync(HttpContext context, string model, IReadOnlyList<ChatMessage> messages, IEnumerable<ChatOptions> options)
    {
        var services = context.RequestServices;
        var client = services.GetKeyedService<IChatClient>(model) ?? new HotplugChatClient(services.GetRequiredService<ServedModels>(), model);
        var aborted = context.RequestAborted;
        return Merged.ReadAsync([.. options.Select(each => client.GetStreamingResponseAsync(messages, each, aborted))], aborted);
    }
}
