using System.CommandLine;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;

namespace Hotplug.ModelForge;

/// <summary><c>model-forge FILE</c>: writes a model of random weights, of a known shape or any other.</summary>
internal sealed class ForgeCommand
{
    private const int Done = 0, Usage = 2;

    private readonly Argument<string> _file = new("FILE") { Description = "The GGUF file to write" };
    private readonly Option<string?> _shape = new("--shape", "-s") { Description = $"Shape to start from: {string.Join(", ", Presets.Names)}", HelpName = "NAME" };
    private readonly Option<string> _type = new("--type", "-t") { Description = "Type of the matrices and the embedding", HelpName = "T", DefaultValueFactory = _ => "Q8_0" };
    private readonly Option<string?> _embedding = new("--embedding-type") { Description = "Type of the embedding, if another", HelpName = "T" };
    private readonly Option<string?> _output = new("--output-type") { Description = "Type of an output matrix of its own, if another", HelpName = "T" };
    private readonly Option<string?> _expert = new("--expert-type") { Description = "Type of the experts, if another", HelpName = "T" };
    private readonly Option<string?> _architecture = new("--architecture", "-a") { Description = "Architecture, as in general.architecture", HelpName = "NAME" };
    private readonly Option<int?> _width = Number("--width", "Width of the residual");
    private readonly Option<int?> _blocks = Number("--blocks", "Blocks");
    private readonly Option<int?> _heads = Number("--heads", "Query heads");
    private readonly Option<int?> _kvHeads = Number("--kv-heads", "Heads of keys and values");
    private readonly Option<int?> _headWidth = Number("--head-width", "Elements per head (default: width by heads)");
    private readonly Option<int?> _feedForward = Number("--feed-forward", "Width of the hidden layer, or of an expert");
    private readonly Option<int?> _experts = Number("--experts", "Experts per block");
    private readonly Option<int?> _expertsUsed = Number("--experts-used", "Experts per token");
    private readonly Option<int?> _vocabulary = Number("--vocabulary", "Tokens of the vocabulary, 320 or more");
    private readonly Option<int?> _context = Number("--context", "Tokens of context");
    private readonly Option<int?> _seed = Number("--seed", "Seed of the weights");
    private readonly Option<bool> _tied = new("--tied") { Description = "The output matrix is that of the embedding" };
    private readonly Option<bool> _untied = new("--untied") { Description = "The output matrix is one of its own" };
    private readonly Option<int> _rows = new("--distinct-rows")
    {
        Description = "Different rows of a tensor; more rows repeat them in random order, which makes large files quickly. 0: all are different.", HelpName = "N", DefaultValueFactory = _ => 256,
    };

    private ForgeCommand() { }

    public static RootCommand Create()
    {
        var command = new ForgeCommand();
        var root = new RootCommand("Writes a GGUF file of random weights with a vocabulary: for measurements of models that need not make sense.") { command._file };
        foreach (var option in new Option[]
        {
            command._shape, command._type, command._embedding, command._output, command._expert, command._architecture, command._width, command._blocks, command._heads, command._kvHeads,
            command._headWidth, command._feedForward, command._experts, command._expertsUsed, command._vocabulary, command._context, command._seed, command._tied, command._untied, command._rows,
        }) root.Add(option);
        root.SetAction(command.Run);
        return root;
    }

    private int Run(ParseResult arguments)
    {
        try
        {
            var path = arguments.GetValue(_file)!;
            var recipe = Recipe(arguments);
            // Under another name until it is whole: what measures finds a complete file or none.
            var partial = path + ".partial";
            Forge.Write(recipe, partial);
            File.Move(partial, path, overwrite: true);
            Console.Error.WriteLine($"{path}: {new FileInfo(path).Length} bytes, {recipe.Architecture}, {recipe.Blocks} blocks of {recipe.Width}, {recipe.Type}");
            return Done;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"model-forge: {e.Message}");
            return Usage;
        }
    }

    private ModelRecipe Recipe(ParseResult arguments)
    {
        var name = arguments.GetValue(_shape);
        var shape = name is null ? new ModelRecipe { Architecture = "llama" }
            : Presets.Find(name) ?? throw new ArgumentException($"There is no shape '{name}'. There are: {string.Join(", ", Presets.Names)}.");
        if (arguments.GetValue(_tied) && arguments.GetValue(_untied)) throw new ArgumentException("--tied contradicts --untied. Give one of them.");
        return shape with
        {
            Architecture = arguments.GetValue(_architecture) ?? shape.Architecture,
            Type = Type(arguments.GetValue(_type)!),
            EmbeddingType = Type(arguments, _embedding),
            OutputType = Type(arguments, _output),
            ExpertType = Type(arguments, _expert),
            Width = Positive(arguments, _width) ?? shape.Width,
            Blocks = Positive(arguments, _blocks) ?? shape.Blocks,
            Heads = Positive(arguments, _heads) ?? shape.Heads,
            KvHeads = Positive(arguments, _kvHeads) ?? shape.KvHeads,
            HeadWidth = Positive(arguments, _headWidth) ?? shape.HeadWidth,
            FeedForward = Positive(arguments, _feedForward) ?? shape.FeedForward,
            Experts = Positive(arguments, _experts) ?? shape.Experts,
            ExpertsUsed = Positive(arguments, _expertsUsed) ?? shape.ExpertsUsed,
            Vocabulary = Positive(arguments, _vocabulary) ?? shape.Vocabulary,
            Context = Positive(arguments, _context) ?? shape.Context,
            Seed = arguments.GetValue(_seed) ?? shape.Seed,
            TiedOutput = arguments.GetValue(_tied) || (shape.TiedOutput && !arguments.GetValue(_untied)),
            DistinctRows = arguments.GetValue(_rows),
        };
    }

    private static Option<int?> Number(string name, string description) => new(name) { Description = description, HelpName = "N" };

    private static int? Positive(ParseResult arguments, Option<int?> option)
        => arguments.GetValue(option) is not { } value ? null
            : value > 0 ? value : throw new ArgumentException($"{option.Name} {value} is out of range: 1 or more.");

    private static TensorType? Type(ParseResult arguments, Option<string?> option) => arguments.GetValue(option) is { } word ? Type(word) : null;

    private static TensorType Type(string word)
    {
        foreach (var type in Dequantizer.Types)
            if (string.Equals(type.ToString(), word, StringComparison.OrdinalIgnoreCase)) return type;
        throw new ArgumentException($"'{word}' is no type of weights. Type one of {string.Join(", ", Dequantizer.Types)}.");
    }
}
