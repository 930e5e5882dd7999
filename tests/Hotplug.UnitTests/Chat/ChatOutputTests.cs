using Hotplug.Inference.Chat;
using Xunit;

namespace Hotplug.UnitTests.Chat;

/// <summary>Answers are taken apart the same however they are cut.</summary>
public sealed class ChatOutputTests
{
    [Theory]
    [InlineData("Hello <b>!", false, false, "C:Hello <b>!")]
    [InlineData("<think>\nHm.\n</think>\n\nYes.", false, false, "R:\nHm.\n|C:\n\nYes.")]
    [InlineData("Hm.</think>Yes.", false, true, "R:Hm.|C:Yes.")]
    [InlineData("Hm.", false, true, "R:Hm.")]
    [InlineData("I look. <tool_call>\n{\"name\": \"w\", \"arguments\": {\"c\": 1}}\n</tool_call>\n<tool_call>{\"name\":\"v\"}</tool_call>", true, false, "C:I look. |T:w{\"c\":1}|C:\n|T:v{}")]
    [InlineData("<tool_call>no call</tool_call>!", true, false, "C:<tool_call>no call</tool_call>!")]
    [InlineData("<tool_call>{\"name\": \"w\", \"arguments\": {}}", true, false, "T:w{}")]
    [InlineData("<tool_call>{\"name\": \"w\"}</tool_call>", false, false, "C:<tool_call>{\"name\": \"w\"}</tool_call>")]
    [InlineData("{\"name\": \"w\", \"parameters\": {\"c\": \"x\"}}", true, false, "T:w{\"c\":\"x\"}")]
    [InlineData("{\"name\": \"w\", \"parameters\": {\"c\": \"x\"}}", false, false, "C:{\"name\": \"w\", \"parameters\": {\"c\": \"x\"}}")]
    [InlineData("{ is a brace", true, false, "C:{ is a brace")]
    [InlineData("[1] says it all", true, false, "C:[1] says it all")]
    [InlineData("[TOOL_CALLS][{\"name\": \"w\", \"arguments\": {}, \"id\": \"9\"}, {\"name\": \"v\", \"arguments\": \"{}\"}]", true, false, "T:w{}|T:v{}")]
    [InlineData("<|python_tag|>{\"name\": \"w\", \"parameters\": {}}", true, false, "T:w{}")]
    [InlineData("<think>x</think>{\"name\": \"w\", \"parameters\": {}}", true, false, "R:x|T:w{}")]
    public void Is_taken_apart(string text, bool tools, bool thinking, string expected)
    {
        for (var cut = 1; cut <= text.Length; cut++)
        {
            var parser = new ChatOutputParser(tools, thinking);
            var parts = new List<ChatOutput>();
            for (var at = 0; at < text.Length; at += cut) parts.AddRange(parser.Append(text.AsSpan(at, Math.Min(cut, text.Length - at))));
            parts.AddRange(parser.End());
            Assert.Equal(expected, Show(parts));
        }
    }

    private static string Show(List<ChatOutput> parts)
    {
        var shown = new List<(ChatOutputKind Kind, string Text)>();
        foreach (var part in parts)
            if (part.Call is { } call) shown.Add((part.Kind, call.Name + call.ArgumentsJson));
            else if (shown.Count > 0 && shown[^1].Kind == part.Kind) shown[^1] = (part.Kind, shown[^1].Text + part.Text);
            else shown.Add((part.Kind, part.Text));
        return string.Join('|', shown.Select(s => $"{(s.Kind == ChatOutputKind.Content ? 'C' : s.Kind == ChatOutputKind.Reasoning ? 'R' : 'T')}:{s.Text}"));
    }
}
