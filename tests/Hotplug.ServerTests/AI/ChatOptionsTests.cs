using System.Text.Json;
using Hotplug.Extensions.AI.Chat;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Sampling;
using Microsoft.Extensions.AI;
using Xunit;

namespace Hotplug.ServerTests.AI;

/// <summary>Each property of <see cref="ChatOptions"/> as its documentation has it.</summary>
public sealed class ChatOptionsTests(StoryClient story) : IClassFixture<StoryClient>
{
    private static readonly JsonElement Pet = JsonElement.Parse(
        """{"type":"object","properties":{"animal":{"enum":["cat","dog"]},"age":{"type":"integer","minimum":1,"maximum":20}},"required":["animal","age"],"additionalProperties":false}""");

    [Fact]
    public async Task ConversationId_associates_a_request_with_a_conversation_and_none_is_kept_here_so_it_is_refused()
        => Assert.Contains("stateless", (await Assert.ThrowsAsync<NotSupportedException>(() => story.AskAsync(new() { ConversationId = "7" }))).Message);

    [Fact]
    public async Task Instructions_are_additional_and_come_before_the_messages()
    {
        var options = StoryClient.Greedy();
        options.Instructions = "You tell stories.";
        var instructed = await story.AskAsync(options);
        var same = await story.AskAsync(StoryClient.Greedy(), new(ChatRole.System, "You tell stories."), StoryClient.Question[0]);
        Assert.Equal((same.Text, same.Usage!.InputTokenCount), (instructed.Text, instructed.Usage!.InputTokenCount));
        Assert.True(instructed.Usage.InputTokenCount > (await story.AskAsync(StoryClient.Greedy(1))).Usage!.InputTokenCount);
    }

    [Fact]
    public async Task Temperature_controls_randomness()
    {
        async Task<int> TextsAsync(float temperature) => (await Task.WhenAll(Enumerable.Range(1, 6).Select(seed => story.TextAsync(new() { Temperature = temperature, Seed = seed, MaxOutputTokens = 12 })))).Distinct().Count();
        Assert.Equal(1, await TextsAsync(0));
        Assert.True(await TextsAsync(1.5f) > 3);
    }

    [Fact]
    public async Task MaxOutputTokens_is_the_maximum_number_of_tokens_in_the_response()
    {
        var response = await story.AskAsync(StoryClient.Greedy(7));
        Assert.Equal((7, ChatFinishReason.Length), (response.Usage!.OutputTokenCount, response.FinishReason));
        // More than the context has room for is as much as there is room for.
        Assert.InRange((await story.AskAsync(new() { Temperature = 0, MaxOutputTokens = 1_000_000 })).Usage!.TotalTokenCount!.Value, 8, 512);
    }

    [Fact]
    public async Task TopP_considers_the_tokens_of_that_probability_mass()
        => Assert.Equal(await story.TextAsync(StoryClient.Greedy()), await story.TextAsync(new() { Temperature = 1.5f, TopP = 1e-6f, Seed = 3, MaxOutputTokens = 16 }));

    [Fact]
    public async Task TopK_considers_that_many_of_the_most_probable_tokens()
        => Assert.Equal(await story.TextAsync(StoryClient.Greedy()), await story.TextAsync(new() { Temperature = 1.5f, TopK = 1, Seed = 3, MaxOutputTokens = 16 }));

    [Fact]
    public async Task FrequencyPenalty_and_PresencePenalty_reduce_repetition()
    {
        static double Repetition(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words ? 1 - words.Distinct().Count() / (double)words.Length : 0;
        var free = Repetition(await story.TextAsync(StoryClient.Greedy(160)));
        Assert.True(Repetition(await story.TextAsync(new() { Temperature = 0, FrequencyPenalty = 2, MaxOutputTokens = 160 })) < free);
        Assert.True(Repetition(await story.TextAsync(new() { Temperature = 0, PresencePenalty = 2, MaxOutputTokens = 160 })) < free);
    }

    [Fact]
    public async Task Seed_makes_results_reproducible()
    {
        async Task<string> TextAsync(long seed) => await story.TextAsync(new() { Temperature = 1.2f, MaxOutputTokens = 24, Seed = seed });
        Assert.Equal(await TextAsync(7), await TextAsync(7));
        Assert.NotEqual(await TextAsync(7), await TextAsync(8));
    }

    [Fact]
    public void Reasoning_effort_decides_whether_the_template_lets_the_model_think_and_its_output_whether_that_is_told()
    {
        Assert.False(RequestOptions.Template(new() { Reasoning = new() { Effort = ReasoningEffort.None } }).EnableThinking);
        Assert.True(RequestOptions.Template(new() { Reasoning = new() { Effort = ReasoningEffort.High } }).EnableThinking);
        Assert.Null(RequestOptions.Template(new()).EnableThinking);
        Assert.False(RequestOptions.TellsThoughts(new() { Reasoning = new() { Output = ReasoningOutput.None } }));
        Assert.True(RequestOptions.TellsThoughts(new() { Reasoning = new() { Output = ReasoningOutput.Full } }));
    }

    [Fact]
    public async Task ResponseFormat_null_and_text_are_unstructured_text()
    {
        var options = StoryClient.Greedy();
        options.ResponseFormat = ChatResponseFormat.Text;
        Assert.Equal(await story.TextAsync(StoryClient.Greedy()), await story.TextAsync(options));
    }

    [Fact]
    public async Task ResponseFormat_Json_is_structured_JSON_data()
    {
        var options = StoryClient.Greedy(400);
        options.ResponseFormat = ChatResponseFormat.Json;
        var response = await story.AskAsync(options);
        if (response.FinishReason == ChatFinishReason.Stop) Assert.Equal(JsonValueKind.Object, JsonElement.Parse(response.Text).ValueKind);
        else Assert.StartsWith("{", response.Text.TrimStart());
    }

    [Fact]
    public async Task ResponseFormat_with_a_schema_is_data_according_to_that_schema()
    {
        var options = StoryClient.Greedy(200);
        options.ResponseFormat = ChatResponseFormat.ForJsonSchema(Pet);
        var response = await story.AskAsync(options);
        var answer = JsonElement.Parse(response.Text);
        Assert.True(answer.GetProperty("animal").GetString() is "cat" or "dog");
        Assert.InRange(answer.GetProperty("age").GetInt32(), 1, 20);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task ModelId_overrides_the_default_model_of_the_client_for_a_request()
    {
        var options = StoryClient.Greedy(4);
        options.ModelId = StoryClient.Other;
        var response = await story.AskAsync(options);
        Assert.Equal(StoryClient.Other, response.ModelId);
        options.ModelId = "nothing";
        Assert.Contains(StoryClient.Other, (await Assert.ThrowsAsync<KeyNotFoundException>(() => story.AskAsync(options))).Message);
        options.ModelId = StoryClient.Vectors;
        Assert.Contains("embeddings", (await Assert.ThrowsAsync<ArgumentException>(() => story.AskAsync(options))).Message);
    }

    [Fact]
    public async Task StopSequences_stop_the_model_from_generating_further_tokens()
    {
        var text = await story.TextAsync(StoryClient.Greedy(40));
        var stop = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
        var options = StoryClient.Greedy(40);
        options.StopSequences = [stop];
        var response = await story.AskAsync(options);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], response.Text);
        Assert.True(response.Usage!.OutputTokenCount < 40);
    }

    [Fact]
    public async Task AllowMultipleToolCalls_false_is_honoured_where_a_call_has_to_be_made()
        => Assert.Single((await CallAsync(ChatToolMode.RequireSpecific("bark"), allowMultiple: false)).Messages.Single().Contents.OfType<FunctionCallContent>());

    [Fact]
    public async Task ToolMode_null_is_treated_as_Auto()
    {
        var (unsaid, auto) = (await CallAsync(null, tokens: 8), await CallAsync(ChatToolMode.Auto, tokens: 8));
        Assert.Equal((auto.Text, auto.Usage!.InputTokenCount), (unsaid.Text, unsaid.Usage!.InputTokenCount));
    }

    [Fact]
    public async Task ToolMode_None_offers_no_tools()
        => Assert.Equal((await story.AskAsync(StoryClient.Greedy(8))).Usage!.InputTokenCount, (await CallAsync(ChatToolMode.None, tokens: 8)).Usage!.InputTokenCount);

    [Fact]
    public async Task Tools_are_included_with_the_request_and_one_that_has_to_be_called_is_called()
    {
        var called = new List<string>();
        var response = await CallAsync(ChatToolMode.RequireSpecific("bark"), called: called);
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        var call = Assert.IsType<FunctionCallContent>(Assert.Single(response.Messages.Single().Contents, c => c is not UsageContent));
        Assert.Equal("bark", call.Name);
        Assert.Contains("loud", call.Arguments!.Keys);
        Assert.Null(call.Exception);
        Assert.Empty(called);
        // The middleware for it calls it.
        await CallAsync(ChatToolMode.RequireSpecific("bark"), called: called, client: story.Client.AsBuilder().UseFunctionInvocation(configure: c => c.MaximumIterationsPerRequest = 1).Build());
        Assert.NotEmpty(called);
        Assert.DoesNotContain("meow", called);
    }

    [Fact]
    public async Task AllowBackgroundResponses_is_ignored_where_they_are_not_supported()
    {
        var options = StoryClient.Greedy(4);
        options.AllowBackgroundResponses = true;
        var response = await story.AskAsync(options);
        Assert.Null(response.ContinuationToken);
        Assert.NotEmpty(response.Text);
    }

    [Fact]
    public async Task ContinuationToken_resumes_a_response_and_none_is_handed_out_here_so_it_is_refused()
        => await Assert.ThrowsAsync<NotSupportedException>(() => story.AskAsync(new() { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) }));

    [Fact]
    public async Task RawRepresentationFactory_gives_options_of_the_implementation_that_stand_where_none_are_set()
    {
        var asked = new List<IChatClient>();
        var raw = new GenerationOptions { MaxTokens = 5, Sampler = new SamplerOptions { Temperature = 0 } };
        var response = await story.AskAsync(new()
        {
            RawRepresentationFactory = client =>
            {
                asked.Add(client);
                return raw;
            },
        });
        Assert.Equal((5, (await story.AskAsync(StoryClient.Greedy(5))).Text), (response.Usage!.OutputTokenCount, response.Text));
        Assert.Same(story.Client, Assert.Single(asked));
        Assert.Equal(new GenerationOptions { MaxTokens = 5, Sampler = raw.Sampler }.MaxTokens, raw.MaxTokens);
        Assert.Equal(3, (await story.AskAsync(new() { RawRepresentationFactory = _ => raw, MaxOutputTokens = 3 })).Usage!.OutputTokenCount);
    }

    [Fact]
    public void AdditionalProperties_may_say_enable_thinking()
        => Assert.True(RequestOptions.Template(new() { AdditionalProperties = new() { ["enable_thinking"] = true }, Reasoning = new() { Effort = ReasoningEffort.None } }).EnableThinking);

    private async Task<ChatResponse> CallAsync(ChatToolMode? mode, bool? allowMultiple = null, int tokens = 200, List<string>? called = null, IChatClient? client = null)
    {
        called ??= [];
        var options = StoryClient.Greedy(tokens);
        options.Tools = [AIFunctionFactory.Create((bool loud) => called.Add(loud ? "loud" : "soft"), "bark"), AIFunctionFactory.Create(() => called.Add("meow"), "meow")];
        (options.ToolMode, options.AllowMultipleToolCalls) = (mode, allowMultiple);
        return await (client ?? story.Client).GetResponseAsync(StoryClient.Question, options);
    }
}
