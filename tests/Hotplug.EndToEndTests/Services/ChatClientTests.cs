using System.Text.Json;
using Hotplug.EndToEndTests.Programs;
using Hotplug.Extensions.AI.Hosting;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Placement;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Hotplug.EndToEndTests.Services;

/// <summary>What <see cref="IChatClient"/> says of its members, held by a model that tells stories to whatever it is asked.</summary>
public sealed class ChatClientTests : IAsyncLifetime
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "Once upon a time")];

    private ServiceProvider _services = null!;
    private IChatClient _client = null!;

    public ValueTask InitializeAsync()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddHotplug().AddModel("story", o => (o.Path, o.Backend, o.Sequences, o.Context) = (Repository.StoryModel, "cpu", 3, 512)).AddChatClient("story");
        _services = services.BuildServiceProvider();
        _client = _services.GetRequiredService<IChatClient>();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static ChatOptions Greedy(int tokens = 16) => new() { Temperature = 0, MaxOutputTokens = tokens };

    private Task<ChatResponse> AskAsync(ChatOptions options, params ChatMessage[] messages)
        => _client.GetResponseAsync(messages.Length == 0 ? Question : messages, options, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_response_is_what_the_stream_of_its_updates_adds_up_to()
    {
        var whole = await AskAsync(Greedy());
        var updates = await _client.GetStreamingResponseAsync(Question, Greedy(), TestContext.Current.CancellationToken).ToListAsync();
        Assert.True(updates.Count > 4);
        var streamed = updates.ToChatResponse();
        Assert.Equal((whole.Text, whole.FinishReason, whole.ModelId), (streamed.Text, streamed.FinishReason, streamed.ModelId));
        Assert.NotEmpty(whole.Text);
        Assert.Single(streamed.Messages);
        Assert.All(updates, u => Assert.Equal((ChatRole.Assistant, "story"), (u.Role, u.ModelId)));
        Assert.Single(updates.Select(u => (u.ResponseId, u.MessageId)).Distinct());
    }

    [Fact]
    public async Task Usage_counts_prompt_and_answer()
    {
        var response = await AskAsync(Greedy(7));
        Assert.Equal((7, ChatFinishReason.Length), (response.Usage!.OutputTokenCount, response.FinishReason));
        Assert.Equal(response.Usage.TotalTokenCount, response.Usage.InputTokenCount + 7);
        Assert.True(response.Usage.InputTokenCount > 4);
    }

    [Fact]
    public async Task A_stop_sequence_ends_the_answer_and_is_no_part_of_it()
    {
        var text = (await AskAsync(Greedy(40))).Text;
        var stop = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
        var options = Greedy(40);
        options.StopSequences = [stop];
        var response = await AskAsync(options);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], response.Text);
    }

    [Fact]
    public async Task Neither_messages_nor_options_are_changed()
    {
        var options = Greedy();
        options.StopSequences = ["zebra"];
        options.Instructions = "Tell a story.";
        options.Tools = [AIFunctionFactory.Create(() => 1, "one")];
        var before = (JsonSerializer.Serialize(options, AIJsonUtilities.DefaultOptions), options.Tools[0], options.StopSequences[0]);
        ChatMessage[] messages = [.. Question];
        await AskAsync(options, messages);
        Assert.Equal(before, (JsonSerializer.Serialize(options, AIJsonUtilities.DefaultOptions), options.Tools[0], options.StopSequences[0]));
        Assert.Equal("Once upon a time", Assert.Single(messages).Text);
    }

    [Fact]
    public async Task It_may_be_asked_by_many_at_once_also_while_its_model_is_put_elsewhere()
    {
        var alone = (await AskAsync(Greedy(24))).Text;
        var many = Enumerable.Range(0, 9).Select(_ => AskAsync(Greedy(24))).ToArray();
        var model = await _services.GetRequiredService<IModelHost>().GetAsync("story", TestContext.Current.CancellationToken);
        await model.PlaceAsync(new PlacementOptions { Backend = "cpu" }, new() { ProbationSteps = 0 }, TestContext.Current.CancellationToken);
        foreach (var response in await Task.WhenAll(many)) Assert.Equal(alone, response.Text);
    }

    [Fact]
    public async Task Whoever_cancels_or_stops_reading_frees_his_slot()
    {
        using var patience = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in _client.GetStreamingResponseAsync(Question, Greedy(400), patience.Token)) await patience.CancelAsync();
        });
        await foreach (var update in _client.GetStreamingResponseAsync(Question, Greedy(400), TestContext.Current.CancellationToken)) break;
        var served = await _services.GetRequiredService<ServedModels>().GetAsync("story", TestContext.Current.CancellationToken);
        // Before the next step of whoever is there: another answer, and they are gone.
        await AskAsync(Greedy(2));
        await served.Scheduler.DrainAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, served.Scheduler.Writing);
    }

    [Fact]
    public async Task A_response_format_is_kept_to()
    {
        var options = Greedy(200);
        options.ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonDocument.Parse(
            """{"type":"object","properties":{"animal":{"enum":["cat","dog"]},"age":{"type":"integer","minimum":1,"maximum":20}},"required":["animal","age"],"additionalProperties":false}""").RootElement);
        var response = await AskAsync(options);
        using var answer = JsonDocument.Parse(response.Text);
        Assert.True(answer.RootElement.GetProperty("animal").GetString() is "cat" or "dog");
        Assert.InRange(answer.RootElement.GetProperty("age").GetInt32(), 1, 20);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task A_tool_that_has_to_be_called_is_called()
    {
        var called = new List<string>();
        var client = _client.AsBuilder().UseFunctionInvocation(configure: c => c.MaximumIterationsPerRequest = 1).Build();
        var options = Greedy(200);
        options.Tools = [AIFunctionFactory.Create((bool loud) => called.Add(loud ? "loud" : "soft"), "bark"), AIFunctionFactory.Create(() => called.Add("meow"), "meow")];
        options.ToolMode = ChatToolMode.RequireSpecific("bark");
        var response = await _client.GetResponseAsync(Question, options, TestContext.Current.CancellationToken);
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        var call = Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages.Single().Contents, c => c is not UsageContent));
        Assert.Equal("bark", call.Name);
        Assert.Contains("loud", call.Arguments!.Keys);
        Assert.Null(call.Exception);
        await client.GetResponseAsync(Question, options, TestContext.Current.CancellationToken);
        Assert.NotEmpty(called);
        Assert.DoesNotContain("meow", called);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_text_and_others_give_others()
    {
        async Task<string> TextAsync(long? seed) => (await AskAsync(new() { Temperature = 1.2f, MaxOutputTokens = 24, Seed = seed })).Text;
        Assert.Equal(await TextAsync(7), await TextAsync(7));
        Assert.NotEqual(await TextAsync(7), await TextAsync(8));
    }

    [Fact]
    public async Task Results_of_tools_and_former_answers_are_read()
    {
        var response = await AskAsync(Greedy(4), new(ChatRole.System, "You tell stories."), new(ChatRole.User, "How old is the cat?"),
            new(ChatRole.Assistant, [new TextReasoningContent("hm"), new FunctionCallContent("1", "age", new Dictionary<string, object?> { ["of"] = "cat" })]),
            new(ChatRole.Tool, [new FunctionResultContent("1", 7)]));
        Assert.True(response.Usage!.InputTokenCount > 20);
    }

    [Fact]
    public async Task What_it_cannot_read_is_refused_by_name_and_what_is_too_long_with_numbers()
    {
        Assert.Contains("DataContent", Assert.Throws<NotSupportedException>(() => { _client.GetStreamingResponseAsync([new(ChatRole.User, [new DataContent("data:image/png;base64,AAAA")])]); }).Message);
        Assert.Contains("512", (await Assert.ThrowsAsync<GenerationRefusedException>(() => AskAsync(Greedy(), new ChatMessage(ChatRole.User, string.Concat(Enumerable.Repeat("once upon a time ", 200)))))).Message);
        Assert.Throws<ArgumentNullException>(() => { _client.GetStreamingResponseAsync(null!); });
    }

    [Fact]
    public void Services_are_itself_its_metadata_and_its_models()
    {
        Assert.Equal(("hotplug", "story"), (_client.GetService<ChatClientMetadata>()!.ProviderName, _client.GetService<ChatClientMetadata>()!.DefaultModelId));
        Assert.Same(_services.GetRequiredService<ServedModels>(), _client.GetService<ServedModels>());
        Assert.Null(_client.GetService(typeof(string)));
        Assert.Null(_client.GetService(typeof(ChatClientMetadata), "key"));
        Assert.Same(_client, _services.GetRequiredKeyedService<IChatClient>("story"));
    }
}
