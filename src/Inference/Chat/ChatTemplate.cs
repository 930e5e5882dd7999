using System.Text.Json;
using System.Text.Json.Nodes;
using Hotplug.Inference.Chat.Jinja;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Tokenization;

namespace Hotplug.Inference.Chat;

/// <summary>
/// Turns conversations into the text that a model was trained to go on with: by the Jinja template in its file, which is followed within limits of steps, depth and size, and can reach
/// nothing but the conversation. Immutable; every member may be called from any thread.
/// </summary>
public sealed class ChatTemplate
{
    private const string Key = "tokenizer.chat_template";

    private const string ChatMl = """
        {%- for message in messages -%}
        {{ '<|im_start|>' ~ message.role ~ '\n' ~ (message.content or '') ~ '<|im_end|>\n' }}
        {%- endfor -%}
        {%- if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif -%}
        """;

    private readonly IReadOnlyList<JinjaStatement> _main;
    private readonly IReadOnlyList<JinjaStatement>? _tools;
    private readonly string _beginning, _end;
    private readonly TimeProvider _time;

    private ChatTemplate(string name, string main, string? tools, string beginning, string end, TimeProvider time)
    {
        (Name, Source, _beginning, _end, _time) = (name, main, beginning, end, time);
        _main = JinjaParser.Parse(main);
        _tools = tools is null ? null : JinjaParser.Parse(tools);
    }

    /// <summary>Where it comes from, for people.</summary>
    public string Name { get; }

    /// <summary>The template.</summary>
    public string Source { get; }

    /// <summary>True if the model brought none, and ChatML is taken in its place.</summary>
    public bool IsFallback { get; private init; }

    /// <summary>Texts that end an answer where the vocabulary has no token for it: those of ChatML for the fallback.</summary>
    public IReadOnlyList<string> StopStrings => IsFallback ? ["<|im_end|>", "<|im_start|>"] : [];

    /// <summary>The template of a model; ChatML if it has none.</summary>
    /// <param name="metadata">Metadata of the file.</param>
    /// <param name="tokenizer">The vocabulary, for the names of the tokens that begin and end a text.</param>
    /// <param name="name">A named template, such as <c>tool_use</c>; null for the default, and for that of tools where tools are offered.</param>
    /// <param name="time">The clock that templates may ask; null for that of the system.</param>
    /// <exception cref="JinjaException">The template is malformed.</exception>
    /// <exception cref="ArgumentException">There is no template of this name.</exception>
    public static ChatTemplate Of(GgufMetadata metadata, Tokenizer tokenizer, string? name = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var (beginning, end) = (NameOf(tokenizer.BeginningOfSequence), NameOf(tokenizer.EndOfSequence));
        if (name is not null)
            return new(name, Text($"{Key}.{name}") ?? throw new ArgumentException($"The model has no chat template '{name}'.", nameof(name)), null, beginning, end, time ?? TimeProvider.System);
        return Text(Key) is { } own
            ? new("the model's own template", own, Text($"{Key}.tool_use"), beginning, end, time ?? TimeProvider.System)
            : new("ChatML", ChatMl, null, beginning, end, time ?? TimeProvider.System) { IsFallback = true };

        string? Text(string key) => metadata.GetString(key, "") is { Length: > 0 } text ? text : null;
        string NameOf(int? token) => token is { } known ? tokenizer.Name(known) : "";
    }

    /// <summary>A template of one's own.</summary>
    /// <param name="template">The template, in Jinja.</param>
    /// <param name="beginningOfSequence">Text of the token that begins a text.</param>
    /// <param name="endOfSequence">Text of the token that ends one.</param>
    /// <param name="time">The clock that templates may ask; null for that of the system.</param>
    /// <exception cref="JinjaException">It is malformed.</exception>
    public static ChatTemplate Parse(string template, string beginningOfSequence = "", string endOfSequence = "", TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        return new("a template that was given", template, null, beginningOfSequence, endOfSequence, time ?? TimeProvider.System);
    }

    /// <summary>Renders a conversation. A template that has no place for a system message gets it as the beginning of the first message of the user.</summary>
    /// <exception cref="JinjaException">The template refuses the conversation, fails, or goes beyond a limit.</exception>
    public string Render(IReadOnlyList<TemplateMessage> messages, ChatTemplateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        options ??= new();
        try
        {
            return RenderAsIs(messages, options);
        }
        catch (JinjaException) when (messages is [{ Role: "system" }, { Role: "user" }, ..])
        {
            List<TemplateMessage> joined = [messages[1] with { Content = $"{messages[0].Content}\n\n{messages[1].Content}" }, .. messages.Skip(2)];
            return RenderAsIs(joined, options);
        }
    }

    /// <summary>The tokens of a rendered conversation. The token that begins a text is added if the model wants one and the template has not written it.</summary>
    public static int[] Encode(Tokenizer tokenizer, string rendered)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(rendered);
        var written = tokenizer.BeginningOfSequence is { } first && tokenizer.Name(first) is { Length: > 0 } name && rendered.StartsWith(name, StringComparison.Ordinal);
        var tokens = tokenizer.Encode(rendered, addSpecial: !written);
        // An answer follows: the text has not ended.
        return tokenizer.AddsEndOfSequence && tokens is [.. var most, var last] && last == tokenizer.EndOfSequence ? most : tokens;
    }

    private string RenderAsIs(IReadOnlyList<TemplateMessage> messages, ChatTemplateOptions options)
    {
        var variables = new JinjaMap();
        if (options.Variables is { } more)
            foreach (var (name, value) in more) variables[name] = JinjaJson.Read(value);
        variables["messages"] = messages.Select(Message).ToList();
        variables["tools"] = options.Tools.Count == 0 ? null : options.Tools.Select(Tool).ToList();
        variables["add_generation_prompt"] = options.AddGenerationPrompt;
        variables["bos_token"] = _beginning;
        variables["eos_token"] = _end;
        if (options.EnableThinking is { } thinking) variables["enable_thinking"] = thinking;
        return JinjaInterpreter.Render(options.Tools.Count > 0 && _tools is not null ? _tools : _main, variables, _time);
    }

    private static object? Message(TemplateMessage message)
    {
        var map = new JinjaMap { ["role"] = message.Role, ["content"] = message.Content };
        if (message.Reasoning is { } reasoning) map["reasoning_content"] = reasoning;
        if (message.Name is { } name) map["name"] = name;
        if (message.ToolCallId is { } id) map["tool_call_id"] = id;
        if (message.ToolCalls.Count > 0)
            map["tool_calls"] = message.ToolCalls.Select(call => (object?)new JinjaMap
            {
                ["id"] = call.Id,
                ["type"] = "function",
                ["function"] = new JinjaMap { ["name"] = call.Name, ["arguments"] = Json(call.ArgumentsJson) },
            }).ToList();
        return map;
    }

    private static object? Tool(ToolDefinition tool)
    {
        var function = new JinjaMap { ["name"] = tool.Name };
        if (tool.Description is { } description) function["description"] = description;
        function["parameters"] = Json(tool.ParametersJson);
        return new JinjaMap { ["type"] = "function", ["function"] = function };
    }

    // What a model wrote may be no JSON; then it is a text.
    private static object? Json(string text)
    {
        try
        {
            return JinjaJson.Read(JsonNode.Parse(text, documentOptions: new() { MaxDepth = JinjaBudget.Depth - 10 }));
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
