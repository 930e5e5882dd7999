using Hotplug.Inference.Chat;
using Hotplug.Inference.Chat.Jinja;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Tokenization;
using Hotplug.UnitTests.Grammars;
using Hotplug.UnitTests.Reference;
using Xunit;

namespace Hotplug.UnitTests.Chat;

/// <summary>Conversations come out as the families of models want them; the templates here are written for the tests, with the constructs of those families.</summary>
public sealed class ChatTemplateTests
{
    private static readonly TemplateMessage[] Conversation = [new("system", "Be brief."), new("user", "Hi"), new("assistant", "Hello!"), new("user", " 2+2? ")];

    private static readonly ToolDefinition Weather = new("weather", "Tells the weather.", """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""");

    // Headers in front of every message, the text trimmed, the beginning written by the template.
    private const string Headers = """
        {{- bos_token }}
        {%- set ns = namespace(system='') %}
        {%- if messages[0]['role'] == 'system' %}
            {%- set ns.system = messages[0]['content'] | trim %}
            {%- set messages = messages[1:] %}
        {%- endif %}
        {{- "<|start|>system<|end|>\n\n" }}
        {{- "Today: " + strftime_now("%d %b %Y") + "\n\n" + ns.system + "<|eot|>" }}
        {%- for message in messages %}
            {%- if not (message.role == 'tool' or 'tool_calls' in message) %}
                {{- '<|start|>' + message['role'] + '<|end|>\n\n' + message['content'] | trim + '<|eot|>' }}
            {%- elif 'tool_calls' in message %}
                {%- if not message.tool_calls | length == 1 %}{{- raise_exception("One call at a time!") }}{%- endif %}
                {%- set call = message.tool_calls[0].function %}
                {{- '<|start|>assistant<|end|>\n\n{"name": "' + call.name + '", "parameters": ' }}
                {{- call.arguments | tojson }}
                {{- "}<|eot|>" }}
            {%- else %}
                {{- "<|start|>ipython<|end|>\n\n" + (message.content | tojson if message.content is mapping or message.content is iterable and message.content is not string else message.content) + "<|eot|>" }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}{{- '<|start|>assistant<|end|>\n\n' }}{%- endif %}
        """;

    // User and assistant take turns, and there is no system.
    private const string Alternating = """
        {{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token }}{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}
        """;

    // Tools in the system message, thinking that can be switched off, answers of tools gathered.
    private const string Thinking = """
        {%- if tools %}
            {{- '<|im_start|>system\n' }}
            {%- if messages[0].role == 'system' %}{{- messages[0].content + '\n\n' }}{%- endif %}
            {{- "# Tools\n<tools>" }}
            {%- for tool in tools %}{{- "\n" }}{{- tool | tojson }}{%- endfor %}
            {{- "\n</tools><|im_end|>\n" }}
        {%- elif messages[0].role == 'system' %}
            {{- '<|im_start|>system\n' + messages[0].content + '<|im_end|>\n' }}
        {%- endif %}
        {%- set ns = namespace(last=messages | length - 1) %}
        {%- for message in messages[::-1] %}
            {%- set index = (messages | length - 1) - loop.index0 %}
            {%- if message.role == "user" and message.content is string and not (message.content.startswith('<tool_response>') and message.content.endswith('</tool_response>')) %}
                {%- set ns.last = index %}{%- break %}
            {%- endif %}
        {%- endfor %}
        {%- for message in messages %}
            {%- if message.role == "user" or (message.role == "system" and not loop.first) %}
                {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
            {%- elif message.role == "assistant" %}
                {%- set content = (message.content or '').split('</think>')[-1].lstrip('\n') %}
                {{- '<|im_start|>assistant\n' }}
                {%- if loop.index0 > ns.last and message.reasoning_content %}{{- '<think>\n' + message.reasoning_content.strip('\n') + '\n</think>\n\n' }}{%- endif %}
                {{- content }}
                {%- for call in message.tool_calls or [] %}
                    {%- if (loop.first and content) or not loop.first %}{{- '\n' }}{%- endif %}
                    {%- if call.function %}{%- set call = call.function %}{%- endif %}
                    {{- '<tool_call>\n{"name": "' ~ call.name ~ '", "arguments": ' ~ (call.arguments if call.arguments is string else call.arguments | tojson) ~ '}\n</tool_call>' }}
                {%- endfor %}
                {{- '<|im_end|>\n' }}
            {%- elif message.role == "tool" %}
                {%- if loop.first or messages[loop.index0 - 1].role != "tool" %}{{- '<|im_start|>user' }}{%- endif %}
                {{- '\n<tool_response>\n' + message.content + '\n</tool_response>' }}
                {%- if loop.last or messages[loop.index0 + 1].role != "tool" %}{{- '<|im_end|>\n' }}{%- endif %}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|im_start|>assistant\n' }}
            {%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\n\n</think>\n\n' }}{%- endif %}
        {%- endif %}
        """;

    [Fact]
    public void Messages_with_headers()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2025, 3, 7, 0, 0, 0, TimeSpan.Zero));
        var template = ChatTemplate.Parse(Headers, "<bos>", "<eos>", clock);
        Assert.Equal("<bos><|start|>system<|end|>\n\nToday: 07 Mar 2025\n\nBe brief.<|eot|><|start|>user<|end|>\n\nHi<|eot|><|start|>assistant<|end|>\n\nHello!<|eot|><|start|>user<|end|>\n\n2+2?<|eot|><|start|>assistant<|end|>\n\n",
            template.Render(Conversation));
        var called = new TemplateMessage("assistant", null) { ToolCalls = [new("1", "weather", """{"city": "Oslo"}""")] };
        Assert.EndsWith("<|start|>assistant<|end|>\n\n{\"name\": \"weather\", \"parameters\": {\"city\": \"Oslo\"}}<|eot|><|start|>ipython<|end|>\n\n4 °C<|eot|>",
            template.Render([new("user", "?"), called, new("tool", "4 °C") { ToolCallId = "1" }], new() { AddGenerationPrompt = false }));
        Assert.Contains("One call", Assert.Throws<JinjaException>(() => template.Render([called with { ToolCalls = [.. called.ToolCalls, .. called.ToolCalls] }])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Turns_without_a_system_message_get_it_in_the_first()
    {
        var template = ChatTemplate.Parse(Alternating, "<s>", "</s>");
        Assert.Equal("<s>[INST] Be brief.\n\nHi [/INST]Hello!</s>[INST]  2+2?  [/INST]", template.Render(Conversation));
        Assert.Contains("Roles must alternate", Assert.Throws<JinjaException>(() => template.Render([new("user", "a"), new("user", "b")])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tools_and_thinking()
    {
        var template = ChatTemplate.Parse(Thinking);
        Assert.Equal("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\n 2+2? <|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
            template.Render(Conversation, new() { EnableThinking = false }));

        TemplateMessage[] conversation =
        [
            new("user", "Oslo?"),
            new("assistant", "") { Reasoning = "I look.", ToolCalls = [new("1", "weather", """{"city":"Oslo"}"""), new("2", "weather", "no json")] },
            new("tool", "4"), new("tool", "5"),
        ];
        Assert.Equal("""
            <|im_start|>system
            # Tools
            <tools>
            {"type": "function", "function": {"name": "weather", "description": "Tells the weather.", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}
            </tools><|im_end|>
            <|im_start|>user
            Oslo?<|im_end|>
            <|im_start|>assistant
            <think>
            I look.
            </think>

            <tool_call>
            {"name": "weather", "arguments": {"city": "Oslo"}}
            </tool_call>
            <tool_call>
            {"name": "weather", "arguments": no json}
            </tool_call><|im_end|>
            <|im_start|>user
            <tool_response>
            4
            </tool_response>
            <tool_response>
            5
            </tool_response><|im_end|>
            <|im_start|>assistant

            """.ReplaceLineEndings("\n"), template.Render(conversation, new() { Tools = [Weather] }));
    }

    [Fact]
    public void A_model_without_a_template_gets_chatml_and_says_so()
    {
        var file = GgufFile.Open(Path.Combine(SharedMaterial.Root, "models", "hotplug-story-5m.Q8_0.gguf"));
        var template = ChatTemplate.Of(file.Metadata, StoryVocabulary.Tokenizer);
        Assert.True(template.IsFallback);
        Assert.Equal("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\n 2+2? <|im_end|>\n<|im_start|>assistant\n", template.Render(Conversation));
        Assert.Throws<ArgumentException>(() => ChatTemplate.Of(file.Metadata, StoryVocabulary.Tokenizer, "tool_use"));
    }

    [Fact]
    public void The_template_of_a_real_model()
    {
        var file = GgufFile.Open(SharedMaterial.File("models", "SmolLM2-135M-Instruct.Q4_1.gguf"));
        var tokenizer = Tokenizer.FromGguf(file);
        var template = ChatTemplate.Of(file.Metadata, tokenizer);
        Assert.False(template.IsFallback);
        Assert.Equal("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello!<|im_end|>\n<|im_start|>user\n 2+2? <|im_end|>\n<|im_start|>assistant\n", template.Render(Conversation));
        Assert.StartsWith("<|im_start|>system\nYou are a helpful AI assistant named SmolLM", template.Render([new("user", "Hi")]), StringComparison.Ordinal);
        var tokens = ChatTemplate.Encode(tokenizer, template.Render(Conversation));
        Assert.Equal(1, tokens[0]);
        Assert.Equal(5, tokens.Count(token => token == 1));
    }
}
