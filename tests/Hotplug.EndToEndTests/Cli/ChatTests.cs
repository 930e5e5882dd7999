using System.Text.Json;
using Hotplug.EndToEndTests.Programs;
using Xunit;

namespace Hotplug.EndToEndTests.Cli;

/// <summary><c>hotplug chat</c> with piped input, and the flags of <c>run</c> that shape the text.</summary>
public sealed class ChatTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Fact]
    public async Task A_conversation_with_commands_is_saved_and_gone_on_with()
    {
        var file = Path.Combine(command.Workplace.Folder, "conversation.json");
        var result = await ChatAsync($"Once\n/system Be brief.\n/save {file}\n/nonsense\n/clear\n/history\n/load {file}\n\"\"\"\ntwo\n/lines\n\"\"\"\nthree \\\nlines\n/save {file}\n/save {Repository.StoryModel}\n/swap nothing\n/help\n/exit\nnot read\n",
            "--temp", "0", "-n", "4");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("ChatML", result.Error, StringComparison.Ordinal);
        Assert.Contains("no command '/nonsense'", result.Error, StringComparison.Ordinal);
        Assert.Contains("is no saved conversation", result.Error, StringComparison.Ordinal);
        Assert.Contains("nothing", result.Error, StringComparison.Ordinal);
        Assert.Contains("/retry", result.Error, StringComparison.Ordinal);
        // The answers and nothing else.
        Assert.DoesNotContain("/retry", result.Output, StringComparison.Ordinal);
        Assert.InRange(result.Output.Count(c => c == '\n'), 3, 12);
        var saved = JsonElement.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).GetProperty("messages").EnumerateArray().ToList();
        Assert.Equal(["system", "user", "assistant", "user", "assistant", "user", "assistant"], saved.Select(m => m.GetProperty("role").GetString()));
        Assert.Equal(["Be brief.", "Once", "two\n/lines", "three \nlines"], new[] { 0, 1, 3, 5 }.Select(i => saved[i].GetProperty("content").GetString()));
    }

    [Fact]
    public async Task Ctrl_C_stops_the_answer_and_not_the_program()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent in the manner of Unix.");
        var result = await ChildProcess.RunAsync(Path.Combine(Repository.Matrix, "Hotplug.PolicyMatrix.dll"),
            ["interruptible", ChildProcess.DotNet, CommandLine.Program, "chat", "-n", "100000", "--slide", "--ignore-eos"], command.Environment, ChildProcess.Interrupt, input: "Once upon a time\n/history\n");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("(stopped)", result.Error, StringComparison.Ordinal);
        Assert.Contains("assistant: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_question_evaluates_only_what_is_new()
    {
        var model = Repository.FindShared("models", "SmolLM2-135M-Instruct.Q4_1.gguf");
        Assert.SkipWhen(model is null, "There is no SmolLM2-135M-Instruct.Q4_1.gguf in the shared folder.");
        var result = await ChildProcess.RunAsync(CommandLine.Program, ["chat", model!, "--temp", "0", "-n", "20", "-v"], command.Environment, input: "What is the capital of France?\nAnd of Italy?\n");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Paris", result.Output, StringComparison.Ordinal);
        var counts = result.Error.Split('\n').Where(line => line.StartsWith("prompt of", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();
        Assert.Equal(2, counts.Count);
        // prompt of 59 tokens, 8 written, 22 evaluated
        var (prompt, written, evaluated) = (int.Parse(counts[1][2]), int.Parse(counts[1][4]), int.Parse(counts[1][6]));
        Assert.True(evaluated < prompt / 2 + written, $"{evaluated} evaluated of a prompt of {prompt}");
    }

    [Fact]
    public async Task Run_keeps_to_schemas_and_grammars()
    {
        var (schema, grammar) = (Path.Combine(command.Workplace.Folder, "schema.json"), Path.Combine(command.Workplace.Folder, "bad.gbnf"));
        await File.WriteAllTextAsync(schema, """{"type":"object","properties":{"n":{"type":"integer","minimum":3,"maximum":5}},"required":["n"]}""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(grammar, "root ::= root \"x\"", TestContext.Current.CancellationToken);
        var document = await command.JsonAsync("run", "Once", "--json-schema", schema, "--json", "--samplers", "6,0,1,3,4,2,5", "--dry-multiplier", "0.5", "--xtc-probability", "0.5", "--logit-bias", "3=-1", "--seed", "1");
        Assert.InRange(JsonElement.Parse(document.GetProperty("text").GetString()!).GetProperty("n").GetInt32(), 3, 5);
        Assert.Equal("endOfGeneration", document.GetProperty("finish").GetString());
        var refused = await command.RunAsync("run", "Once", "--grammar", grammar);
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains("left recursive", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await command.RunAsync("run", "Once", "--grammar", grammar, "--json-schema", schema)).ExitCode);
        Assert.Equal(2, (await command.RunAsync("run", "Once", "--samplers", "topK,nonsense")).ExitCode);
    }

    private Task<ChildProcess.Result> ChatAsync(string input, params string[] arguments) => ChildProcess.RunAsync(CommandLine.Program, ["chat", .. arguments], command.Environment, input: input);
}
