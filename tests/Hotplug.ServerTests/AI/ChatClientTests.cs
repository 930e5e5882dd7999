using System.Text.Json;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Placement;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Hotplug.ServerTests.AI;

/// <summary>Each statement of the documentation of <see cref="IChatClient"/> and its members, in order.</summary>
public sealed class ChatClientTests(StoryClient story) : IClassFixture<StoryClient>
{
    private readonly IChatClient _client = story.Client;

    [Fact]
    public async Task Unless_an_implementation_documents_safeguards_the_application_protects_itself_and_the_context_bounds_what_is_sent_and_returned()
    {
        var refused = await Assert.ThrowsAsync<GenerationRefusedException>(() => story.AskAsync(StoryClient.Greedy(), new ChatMessage(ChatRole.User, string.Concat(Enumerable.Repeat("once upon a time ", 200)))));
        Assert.Contains("512", refused.Message);
        var longest = await story.AskAsync(new() { Temperature = 0 });
        Assert.InRange(longest.Usage!.TotalTokenCount!.Value, 1, 512);
    }

    [Fact]
    public async Task All_members_are_thread_safe_for_concurrent_use()
    {
        var alone = await story.TextAsync(StoryClient.Greedy(24));
        var many = Enumerable.Range(0, 12).Select(i => Task.Run(async () =>
        {
            Assert.NotNull(_client.GetService<ChatClientMetadata>());
            return i % 2 == 0 ? await story.TextAsync(StoryClient.Greedy(24)) : (await _client.GetStreamingResponseAsync(StoryClient.Question, StoryClient.Greedy(24)).ToListAsync()).ToChatResponse().Text;
        })).ToArray();
        Assert.All(await Task.WhenAll(many), text => Assert.Equal(alone, text));
    }

    [Fact]
    public async Task It_supports_being_used_by_multiple_requests_concurrently_also_while_its_model_is_put_elsewhere()
    {
        var alone = await story.TextAsync(StoryClient.Greedy(24));
        var many = Enumerable.Range(0, 9).Select(_ => story.TextAsync(StoryClient.Greedy(24))).ToArray();
        var model = await story.Services.GetRequiredService<IModelHost>().GetAsync(StoryClient.Story, TestContext.Current.CancellationToken);
        await model.PlaceAsync(new PlacementOptions { Backend = "cpu" }, new() { ProbationSteps = 0 }, TestContext.Current.CancellationToken);
        foreach (var text in await Task.WhenAll(many)) Assert.Equal(alone, text);
    }

    [Fact]
    public async Task Instances_must_not_be_disposed_while_in_use_and_disposing_one_takes_nothing_from_another()
    {
        var first = new Extensions.AI.Chat.HotplugChatClient(story.Services.GetRequiredService<ServedModels>(), StoryClient.Story);
        await first.GetResponseAsync(StoryClient.Question, StoryClient.Greedy(2));
        first.Dispose();
        first.Dispose();
        Assert.NotEmpty(await story.TextAsync(StoryClient.Greedy(2)));
    }

    [Fact]
    public async Task Implementations_might_mutate_arguments_and_this_one_does_not()
    {
        var options = StoryClient.Greedy();
        options.StopSequences = ["zebra"];
        options.Instructions = "Tell a story.";
        options.Tools = [AIFunctionFactory.Create(() => 1, "one")];
        options.AdditionalProperties = new() { ["enable_thinking"] = false };
        var before = (JsonSerializer.Serialize(options, AIJsonUtilities.DefaultOptions), options.Tools[0], options.StopSequences[0]);
        var messages = new List<ChatMessage>(StoryClient.Question);
        await story.AskAsync(options, [.. messages]);
        await _client.GetResponseAsync(messages, options);
        Assert.Equal(before, (JsonSerializer.Serialize(options, AIJsonUtilities.DefaultOptions), options.Tools[0], options.StopSequences[0]));
        Assert.Equal("Once upon a time", Assert.Single(messages).Text);
        Assert.Single(messages[0].Contents);
    }

    [Fact]
    public async Task One_instance_of_options_and_messages_may_serve_several_requests_at_once()
    {
        var (options, messages) = (StoryClient.Greedy(), StoryClient.Question);
        var texts = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ => (await _client.GetResponseAsync(messages, options)).Text));
        Assert.Single(texts.Distinct());
    }

    [Fact]
    public async Task What_the_caller_changes_after_the_call_is_no_part_of_the_request()
    {
        var (options, messages) = (StoryClient.Greedy(8), new List<ChatMessage>(StoryClient.Question));
        var expected = await story.TextAsync(StoryClient.Greedy(8));
        var stream = _client.GetStreamingResponseAsync(messages, options);
        (options.MaxOutputTokens, options.Temperature) = (1, 2);
        messages.Clear();
        Assert.Equal(expected, (await stream.ToListAsync()).ToChatResponse().Text);
    }

    [Fact]
    public async Task GetResponseAsync_sends_chat_messages_and_returns_the_response_messages_generated_by_the_client()
    {
        var response = await story.AskAsync(StoryClient.Greedy());
        var message = Assert.Single(response.Messages);
        Assert.Equal(ChatRole.Assistant, message.Role);
        Assert.NotEmpty(message.Text);
    }

    [Fact]
    public async Task GetResponseAsync_takes_a_sequence_and_goes_through_it_once()
    {
        var sequence = new OneShot(StoryClient.Question);
        Assert.NotEmpty((await _client.GetResponseAsync(sequence, StoryClient.Greedy(2))).Text);
        Assert.Equal(1, sequence.Enumerated);
    }

    [Fact]
    public async Task GetResponseAsync_monitors_for_cancellation()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.GetResponseAsync(StoryClient.Question, StoryClient.Greedy(), new CancellationToken(canceled: true)));
        using var patience = new CancellationTokenSource();
        var scheduler = await story.SchedulerAsync();
        var asked = _client.GetResponseAsync(StoryClient.Question, StoryClient.Greedy(400), patience.Token);
        while (scheduler.Writing == 0 && !asked.IsCompleted) await Task.Yield();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task GetResponseAsync_throws_ArgumentNullException_if_messages_is_null()
        => Assert.Equal("messages", (await Assert.ThrowsAsync<ArgumentNullException>(() => _client.GetResponseAsync((IEnumerable<ChatMessage>)null!))).ParamName);

    [Fact]
    public async Task GetStreamingResponseAsync_sends_chat_messages_and_streams_the_response()
    {
        var updates = await _client.GetStreamingResponseAsync(StoryClient.Question, StoryClient.Greedy()).ToListAsync();
        Assert.True(updates.Count > 4);
        Assert.Equal(await story.TextAsync(StoryClient.Greedy()), string.Concat(updates.Select(u => u.Text)));
    }

    [Fact]
    public async Task GetStreamingResponseAsync_takes_a_sequence_and_goes_through_it_once_and_a_stream_read_again_asks_again()
    {
        var sequence = new OneShot(StoryClient.Question);
        var stream = _client.GetStreamingResponseAsync(sequence, StoryClient.Greedy(6));
        var (first, second) = (await stream.ToListAsync(), await stream.ToListAsync());
        Assert.Equal(1, sequence.Enumerated);
        Assert.Equal(first.ToChatResponse().Text, second.ToChatResponse().Text);
        Assert.NotEqual(first[0].ResponseId, second[0].ResponseId);
    }

    [Fact]
    public async Task GetStreamingResponseAsync_monitors_for_cancellation_and_whoever_cancels_or_stops_reading_frees_his_slot()
    {
        using var patience = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in _client.GetStreamingResponseAsync(StoryClient.Question, StoryClient.Greedy(400), patience.Token)) await patience.CancelAsync();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in _client.GetStreamingResponseAsync(StoryClient.Question, StoryClient.Greedy(400)).WithCancellation(new CancellationToken(canceled: true))) { }
        });
        await foreach (var update in _client.GetStreamingResponseAsync(StoryClient.Question, StoryClient.Greedy(400))) break;
        var scheduler = await story.SchedulerAsync();
        // Before the next step of whoever is there: another answer, and they are gone.
        await story.AskAsync(StoryClient.Greedy(2));
        while (scheduler.Writing > 0) await Task.Yield();
        Assert.Equal(0, scheduler.Waiting);
    }

    [Fact]
    public void GetStreamingResponseAsync_throws_ArgumentNullException_if_messages_is_null()
        => Assert.Equal("messages", Assert.Throws<ArgumentNullException>(() => { _client.GetStreamingResponseAsync((IEnumerable<ChatMessage>)null!); }).ParamName);

    [Fact]
    public void GetService_gives_an_object_of_the_requested_type_among_them_itself_and_what_it_wraps()
    {
        Assert.Same(_client, _client.GetService(_client.GetType()));
        Assert.Same(_client, _client.GetService<IChatClient>());
        Assert.Same(story.Services.GetRequiredService<ServedModels>(), _client.GetService<ServedModels>());
    }

    [Fact]
    public void GetService_gives_the_metadata_of_the_instance()
    {
        var metadata = _client.GetService<ChatClientMetadata>()!;
        Assert.Equal(("hotplug", null, StoryClient.Story), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId));
    }

    [Fact]
    public void GetService_gives_null_if_nothing_is_found_or_a_key_is_given_that_identifies_nothing()
    {
        Assert.Null(_client.GetService(typeof(string)));
        Assert.Null(_client.GetService(typeof(ChatClientMetadata), "key"));
        Assert.Null(_client.GetService(typeof(IChatClient), "key"));
    }

    [Fact]
    public void GetService_throws_ArgumentNullException_if_the_type_is_null()
        => Assert.Equal("serviceType", Assert.Throws<ArgumentNullException>(() => _client.GetService(null!)).ParamName);

    [Fact]
    public async Task What_a_message_has_that_the_model_cannot_read_is_refused_by_name_and_nothing_is_left_out()
    {
        Assert.Contains("DataContent", Assert.Throws<NotSupportedException>(() => { _client.GetStreamingResponseAsync([new(ChatRole.User, [new DataContent("data:image/png;base64,AAAA")])]); }).Message);
        var response = await story.AskAsync(StoryClient.Greedy(4), new(ChatRole.System, "You tell stories."), new(ChatRole.User, "How old is the cat?"),
            new(ChatRole.Assistant, [new TextReasoningContent("hm"), new FunctionCallContent("1", "age", new Dictionary<string, object?> { ["of"] = "cat" })]),
            new(ChatRole.Tool, [new FunctionResultContent("1", 7)]));
        Assert.True(response.Usage!.InputTokenCount > 20);
    }

    /// <summary>A sequence that can be gone through once.</summary>
    private sealed class OneShot(IReadOnlyList<ChatMessage> messages) : IEnumerable<ChatMessage>
    {
        public int Enumerated { get; private set; }

        public IEnumerator<ChatMessage> GetEnumerator() => Enumerated++ == 0 ? messages.GetEnumerator() : throw new InvalidOperationException("It was gone through already.");

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
