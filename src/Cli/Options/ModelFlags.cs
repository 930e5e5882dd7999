using System.CommandLine;
using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Adapters;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Hosting;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Placement;

namespace Hotplug.Cli.Options;

/// <summary>The flags that mean the same in every command that loads or plans a model, with KoboldCPP's spellings.</summary>
internal sealed class ModelFlags
{
    private readonly Option<string> _backend = new("--backend") { Description = "Backend or device to run on: auto, cpu, gpu, …", HelpName = "ID", DefaultValueFactory = _ => PlacementOptions.Auto };
    private readonly Option<int?> _layers = new("--gpu-layers", "--gpulayers", "-ngl") { Description = "Layers to place on the backend, counted from the end with the output as the last; the others stay on the CPU", HelpName = "N" };
    private readonly Option<string[]> _place = new("--place") { Description = "Place tensors by name, for example 'blk.*.ffn_*=gpu'; the first rule that matches wins (repeatable)", HelpName = "PATTERN=DEVICE" };
    private readonly Option<string?> _map = new("--mmap") { Description = "Map weights from the file: auto, require or off (default: auto)", HelpName = "POLICY" };
    private readonly Option<string?> _lock = new("--mlock") { Description = "Lock weights in memory: off, try or require (default: off)", HelpName = "POLICY" };
    private readonly Option<string[]> _lockScope = new("--mlock-scope") { Description = "What to lock: weights, kv, workspace (repeatable; default: weights)", HelpName = "PART" };
    private readonly Option<bool> _useMap = new("--usemmap") { Description = "Same as --mmap auto" };
    private readonly Option<bool> _noMap = new("--nommap") { Description = "Same as --mmap off" };
    private readonly Option<bool> _useLock = new("--usemlock") { Description = "Same as --mlock try" };
    private readonly Option<string?> _largest = new("--max-allocation") { Description = "Largest single allocation, below that of the backend; larger buffers are composed of several", HelpName = "SIZE" };
    private readonly Option<int?> _context = new("--context", "--contextsize", "-c") { Description = $"Tokens of context (default: what the model was trained with, at most {ModelOptions.DefaultContext})", HelpName = "N" };
    private readonly Option<int> _batch = new("--batch") { Description = "Tokens of a prompt evaluated in one step", HelpName = "N", DefaultValueFactory = _ => 512 };
    private readonly Option<string?> _kvType = new("--kv-type") { Description = "Element type of the KV cache: f16, f32, bf16, q8_0, q4_0 (default: f16)", HelpName = "T" };

    private readonly Option<string[]> _lora = new("--lora") { Description = "LoRA adapter to load the model with, and a factor on it (repeatable)", HelpName = "FILE[:MULTIPLIER]" };

    public EngineFlags Engine { get; } = new();

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _backend, _layers, _place, _map, _lock, _lockScope, _useMap, _noMap, _useLock, _largest, _context, _batch, _kvType, _lora }) command.Add(option);
        Engine.AddTo(command);
    }

    /// <summary>Reads the metadata of a model, with the adapters that the flags name.</summary>
    public ModelSource Open(ParseResult arguments, string path) => ModelSource.Open(path, [.. (arguments.GetValue(_lora) ?? []).Select(LoraReference.Parse)]);

    /// <summary>The flags as options of the library.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="kvType">Element type of the KV cache where none is given.</param>
    public ModelOptions Read(ParseResult arguments, TensorType kvType = TensorType.F16) => new()
    {
        Placement = new()
        {
            Backend = arguments.GetValue(_backend)!,
            OffloadedLayers = arguments.GetValue(_layers),
            Rules = [.. (arguments.GetValue(_place) ?? []).Select(PlacementRule.Parse)],
        },
        Memory = new()
        {
            Map = Map(arguments),
            Lock = Lock(arguments),
            Scope = Scope(arguments),
            LargestAllocation = arguments.GetValue(_largest) is { } size ? Size(size) : null,
        },
        Context = arguments.GetValue(_context),
        BatchTokens = arguments.GetValue(_batch),
        KvType = arguments.GetValue(_kvType) is { } type ? Type(type) : kvType,
    };

    private MapPolicy? Map(ParseResult arguments)
    {
        MapPolicy? policy = arguments.GetValue(_map) is { } word ? Word<MapPolicy>("--mmap", word) : null;
        if (arguments.GetValue(_useMap)) policy = Agree(policy, MapPolicy.Auto, "--usemmap", "--mmap");
        if (arguments.GetValue(_noMap)) policy = Agree(policy, MapPolicy.Off, "--nommap", "--mmap or --usemmap");
        return policy;
    }

    private LockPolicy Lock(ParseResult arguments)
    {
        LockPolicy? policy = arguments.GetValue(_lock) is { } word ? Word<LockPolicy>("--mlock", word) : null;
        if (arguments.GetValue(_useLock)) policy = Agree(policy, LockPolicy.Try, "--usemlock", "--mlock");
        return policy ?? LockPolicy.Off;
    }

    private LockScope Scope(ParseResult arguments)
    {
        var words = arguments.GetValue(_lockScope) ?? [];
        if (words.Length == 0) return LockScope.Weights;
        var scope = LockScope.None;
        foreach (var word in words.SelectMany(w => w.Split(',')))
            scope |= word.ToLowerInvariant() switch
            {
                "weights" => LockScope.Weights,
                "kv" or "kvcache" => LockScope.KvCache,
                "workspace" => LockScope.Workspace,
                "all" => LockScope.All,
                _ => throw new UsageException($"'{word}' is nothing that --mlock-scope knows. Type weights, kv, workspace or all."),
            };
        return scope;
    }

    private static T Agree<T>(T? said, T meant, string flag, string other) where T : struct
        => said is null || EqualityComparer<T>.Default.Equals(said.Value, meant) ? meant
            : throw new UsageException($"{flag} contradicts {other}. Give one of them.");

    private static T Word<T>(string flag, string word) where T : struct, Enum
        => Enum.TryParse<T>(word, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsDigit(word[0]) ? value
            : throw new UsageException($"'{word}' is no value of {flag}. Type {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}.");

    private static nuint Size(string text)
        => ByteSize.TryParse(text, out var bytes) && bytes is > 0 and <= 1UL << 60 ? (nuint)bytes
            : throw new UsageException($"'{text}' is no size. Type bytes or a unit: 1310720, 512K, 1.25MiB, 8G.");

    private static TensorType Type(string word) => word.ToLowerInvariant() switch
    {
        "f32" => TensorType.F32,
        "f16" => TensorType.F16,
        "bf16" => TensorType.BF16,
        "q8_0" => TensorType.Q8_0,
        "q4_0" => TensorType.Q4_0,
        _ => throw new UsageException($"'{word}' is no type of a KV cache. Type f16, f32, bf16, q8_0 or q4_0; `hotplug devices` says what each device has."),
    };
}
