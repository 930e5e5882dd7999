using Hotplug.Inference.Generation.Scheduling;
using Microsoft.Extensions.AI;
using Xunit;

namespace Hotplug.ServerTests.AI;

/// <summary>Each property of <see cref="ChatResponse"/> and <see cref="ChatResponseUpdate"/> as its documentation has it.</summary>
public sealed class ChatResponseTests(StoryClient story) : IClassFixture<StoryClient>
{
    private async Task<List<ChatResponseUpdate>> UpdatesAsync(int tokens = 12) => await story.Client.GetStreamingResponseAsync(StoryClient.Question, StoryClient.Greedy(tokens)).ToListAsync();

    [Fact]
    public async Task Updates_layer_on_each_other_to_form_a_single_response()
    {
        var whole = await story.AskAsync(StoryClient.Greedy(12));
        var streamed = (await UpdatesAsync()).ToChatResponse();
        Assert.Equal((whole.Text, whole.FinishReason, whole.ModelId, whole.Usage!.TotalTokenCount), (streamed.Text, streamed.FinishReason, streamed.ModelId, streamed.Usage!.TotalTokenCount));
        Assert.Single(streamed.Messages);
    }

    [Fact]
    public async Task A_response_converts_to_updates_and_back()
    {
        var whole = await story.AskAsync(StoryClient.Greedy(12));
        var back = whole.ToChatResponseUpdates().ToChatResponse();
        Assert.Equal((whole.Text, whole.ResponseId, whole.FinishReason, whole.Usage!.OutputTokenCount), (back.Text, back.ResponseId, back.FinishReason, back.Usage!.OutputTokenCount));
    }

    [Fact]
    public async Task Text_concatenates_the_text_of_all_messages()
    {
        var response = await story.AskAsync(StoryClient.Greedy(12));
        Assert.Equal(string.Concat(response.Messages.Select(m => m.Text)), response.Text);
    }

    [Fact]
    public async Task ResponseId_is_that_of_the_response_of_which_each_update_is_a_part_and_another_each_time()
    {
        var (first, second) = (await UpdatesAsync(), await UpdatesAsync());
        Assert.Single(first.Select(u => u.ResponseId).Distinct());
        Assert.NotNull(first[0].ResponseId);
        Assert.NotEqual(first[0].ResponseId, second[0].ResponseId);
    }

    [Fact]
    public async Task MessageId_is_unique_to_each_call_and_shared_by_all_updates_of_the_same_message()
    {
        var (first, second) = (await UpdatesAsync(), await UpdatesAsync());
        Assert.Single(first.Select(u => u.MessageId).Distinct());
        Assert.NotNull(first[0].MessageId);
        Assert.NotEqual(first[0].MessageId, second[0].MessageId);
    }

    [Fact]
    public async Task Role_is_that_of_the_author_of_the_update() => Assert.All(await UpdatesAsync(), u => Assert.Equal(ChatRole.Assistant, u.Role));

    [Fact]
    public async Task ConversationId_is_null_since_no_state_of_the_conversation_is_kept()
    {
        Assert.Null((await story.AskAsync(StoryClient.Greedy(2))).ConversationId);
        Assert.All(await UpdatesAsync(), u => Assert.Null(u.ConversationId));
    }

    [Fact]
    public async Task ModelId_is_that_of_the_model_used_in_the_creation_of_the_response()
    {
        Assert.Equal(StoryClient.Story, (await story.AskAsync(StoryClient.Greedy(2))).ModelId);
        Assert.All(await UpdatesAsync(), u => Assert.Equal(StoryClient.Story, u.ModelId));
    }

    [Fact]
    public async Task CreatedAt_is_when_the_response_was_created()
    {
        var before = DateTimeOffset.UtcNow;
        var response = await story.AskAsync(StoryClient.Greedy(2));
        Assert.InRange(response.CreatedAt!.Value, before.AddSeconds(-1), DateTimeOffset.UtcNow.AddSeconds(1));
    }

    [Fact]
    public async Task FinishReason_comes_with_the_last_update_alone()
    {
        var updates = await UpdatesAsync();
        Assert.Equal(ChatFinishReason.Length, updates[^1].FinishReason);
        Assert.All(updates.SkipLast(1), u => Assert.Null(u.FinishReason));
    }

    [Fact]
    public async Task Usage_counts_the_tokens_of_the_messages_and_of_the_response()
    {
        var response = await story.AskAsync(StoryClient.Greedy(7));
        Assert.Equal(7, response.Usage!.OutputTokenCount);
        Assert.Equal(response.Usage.TotalTokenCount, response.Usage.InputTokenCount + 7);
        Assert.True(response.Usage.InputTokenCount > 4);
    }

    [Fact]
    public async Task ContinuationToken_is_null_since_a_response_is_whole_when_it_is_returned()
    {
        Assert.Null((await story.AskAsync(StoryClient.Greedy(2))).ContinuationToken);
        Assert.All(await UpdatesAsync(), u => Assert.Null(u.ContinuationToken));
    }

    [Fact]
    public async Task RawRepresentation_is_how_the_generation_ended()
        => Assert.Equal(12, Assert.IsType<GenerationOutcome>((await UpdatesAsync())[^1].RawRepresentation).GeneratedTokens);
}
