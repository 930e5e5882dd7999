using System.CommandLine;
using Hotplug.LoadBench.Servers;

namespace Hotplug.LoadBench;

/// <summary><c>load-bench MODEL</c>: many clients at once, of Hotplug and, if one is given, of a peer in turn.</summary>
internal sealed class LoadCommand
{
    private const int Done = 0, Failed = 1, Usage = 2;

    private readonly Argument<string> _model = new("MODEL") { Description = "The GGUF file that both serve" };
    private readonly Option<string> _hotplug = new("--hotplug") { Description = "The program hotplug", HelpName = "FILE", DefaultValueFactory = _ => DefaultProgram() };
    private readonly Option<string?> _peer = new("--peer") { Description = "A llama-server to measure in turn", HelpName = "FILE" };
    private readonly Option<int> _seconds = Number("--seconds", "How long new requests begin", 60);
    private readonly Option<int?> _requests = new("--requests") { Description = "End after so many requests, if that is sooner", HelpName = "N" };
    private readonly Option<int> _rounds = Number("--rounds", "Rounds: in each every server once", 1);
    private readonly Option<int> _clients = Number("--clients", "Clients at the same time", 32);
    private readonly Option<int> _slots = Number("--slots", "Texts that a server writes at the same time", 8);
    private readonly Option<int> _threads = Number("--threads", "Threads that a server computes with", 2);
    private readonly Option<int> _prompt = Number("--prompt", "Tokens of a prompt", 64);
    private readonly Option<int> _tokens = Number("--tokens", "Tokens of an answer", 64);
    private readonly Option<int> _prompts = Number("--prompts", "Different prompts; every other one begins like the rest of those", 48);
    private readonly Option<int> _swap = new("--swap") { Description = "Seconds between swaps of Hotplug's backend; 0 for none", HelpName = "N", DefaultValueFactory = _ => 20 };
    private readonly Option<string[]> _peerOptions = new("--peer-option") { Description = "A further argument for the peer (repeatable)", HelpName = "WORD" };
    private readonly Option<string?> _json = new("--json") { Description = "Write all figures there", HelpName = "FILE" };

    private LoadCommand() { }

    public static RootCommand Create()
    {
        var command = new LoadCommand();
        var root = new RootCommand("Streams completions from a server on this machine by many clients at once, compares each text with what the prompt gives alone, and reports latencies, throughput and memory. Reaches nothing but this machine, and ends by itself.") { command._model };
        foreach (var option in new Option[]
        {
            command._hotplug, command._peer, command._seconds, command._requests, command._rounds, command._clients, command._slots, command._threads, command._prompt, command._tokens,
            command._prompts, command._swap, command._peerOptions, command._json,
        }) root.Add(option);
        root.SetAction(command.RunAsync);
        return root;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            var options = Read(arguments);
            var reports = await new Rounds(options).RunAsync(cancellation);
            ReportText.Write(Console.Out, options, reports);
            if (arguments.GetValue(_json) is { } path) await LoadJson.WriteAsync(path, reports, cancellation);
            return reports.All(r => r.Failures.Count == 0 && r.Swaps.Failures.Count == 0) ? Done : Failed;
        }
        catch (Exception failure) when (failure is ArgumentException or IOException or ServerFailedException)
        {
            Console.Error.WriteLine($"load-bench: {failure.Message}");
            return failure is ServerFailedException ? Failed : Usage;
        }
    }

    private LoadOptions Read(ParseResult arguments)
    {
        int Positive(Option<int> option) => arguments.GetValue(option) is > 0 and var value ? value : throw new ArgumentException($"{option.Name} {arguments.GetValue(option)} makes no sense. Type a number from 1 on.");
        string Present(string path) => File.Exists(path) ? Path.GetFullPath(path) : throw new ArgumentException($"There is no file {path}.");
        if (arguments.GetValue(_swap) < 0) throw new ArgumentException("--swap makes no sense below 0.");
        return new()
        {
            Model = Present(arguments.GetValue(_model)!),
            Hotplug = Present(arguments.GetValue(_hotplug)!),
            Peer = arguments.GetValue(_peer) is { } peer ? Present(peer) : null,
            PeerOptions = arguments.GetValue(_peerOptions) ?? [],
            Duration = TimeSpan.FromSeconds(Positive(_seconds)),
            Requests = arguments.GetValue(_requests) ?? int.MaxValue,
            Rounds = Positive(_rounds),
            Clients = Positive(_clients),
            Slots = Positive(_slots),
            Threads = Positive(_threads),
            PromptTokens = Positive(_prompt),
            AnswerTokens = Positive(_tokens),
            Prompts = Positive(_prompts),
            SwapInterval = arguments.GetValue(_swap) is > 0 and var swap ? TimeSpan.FromSeconds(swap) : null,
        };
    }

    private static Option<int> Number(string name, string description, int otherwise) => new(name) { Description = $"{description} (default: {otherwise})", HelpName = "N", DefaultValueFactory = _ => otherwise };

    /// <summary>The command line that was built beside this program.</summary>
    private static string DefaultProgram()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Framework.sln"))) return Path.Combine(folder.FullName, "src", "Cli", "bin", "Release", "net10.0", "hotplug.dll");
        return "hotplug.dll";
    }
}
