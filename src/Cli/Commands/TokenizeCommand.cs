using System.CommandLine;
using System.Text;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Tokenization;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug tokenize MODEL</c>: token ids of a text, or of every line of a file.</summary>
internal sealed class TokenizeCommand : Command
{
    private readonly Argument<string> _model = ModelArgument.Optional();
    private readonly Option<string?> _text = new(LiteralArguments.Text) { Description = "The text, taken literally", HelpName = "TEXT" };
    private readonly Option<string?> _file = new("--file") { Description = "A UTF-8 file; one array per line", HelpName = "FILE" };
    private readonly Option<bool> _noBos = new("--no-bos") { Description = "Add no token that begins or ends a text" };

    public TokenizeCommand() : base("tokenize", "Show the token ids of a text")
    {
        Add(_model);
        Add(_text);
        Add(_file);
        Add(_noBos);
        SetAction(Run);
    }

    private int Run(ParseResult arguments)
    {
        var (text, file) = (LiteralArguments.Read(arguments.GetValue(_text)), arguments.GetValue(_file));
        if (text is null == file is null) throw new UsageException("Give the text to tokenize with --text TEXT, or a file with --file FILE; one of them.");
        var tokenizer = Tokenizer.FromGguf(GgufFile.Open(arguments.GetValue(_model)!));
        var special = !arguments.GetValue(_noBos);
        if (text is not null)
        {
            Write(text.Length == 0 ? [] : tokenizer.Encode(text, special));
            return ExitCode.Done;
        }
        foreach (var line in File.ReadLines(file!, new UTF8Encoding(false))) Write(line.Length == 0 ? [] : tokenizer.Encode(line, special));
        return ExitCode.Done;
    }

    private static void Write(int[] ids) => Console.Out.WriteLine($"[{string.Join(",", ids)}]");
}
