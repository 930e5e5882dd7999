using System.Collections.Concurrent;
using Hotplug.Inference.Adapters;
using Hotplug.Inference.Architectures;
using Hotplug.Inference.Gguf;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Placement;

namespace Hotplug.Inference.Models;

/// <summary>A model on disk, read but not loaded: its metadata and its graph. Immutable.</summary>
public sealed class ModelSource
{
    private readonly ArchitectureCatalog _architectures;
    private readonly ConcurrentDictionary<int, ModelDescription> _byContext = new();

    private ModelSource(GgufFile file, IReadOnlyList<LoraAdapter> adapters, ArchitectureCatalog architectures)
    {
        (File, Adapters, _architectures, Name) = (file, adapters, architectures, Path.GetFileName(file.Paths[0]));
        Paths = [.. file.Paths, .. adapters.SelectMany(a => a.File.Paths)];
        FileLengths = [.. file.FileLengths, .. adapters.SelectMany(a => a.File.FileLengths)];
        Description = architectures.Describe(new ModelInput { File = file, Adapters = adapters });
    }

    /// <summary>The file, or the first of several.</summary>
    public GgufFile File { get; }

    /// <summary>Adapters that are computed beside the model's matrices.</summary>
    public IReadOnlyList<LoraAdapter> Adapters { get; }

    /// <summary>All files that weights lie in: the model's and then those of the adapters.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Bytes of each of <see cref="Paths"/> when it was opened.</summary>
    public IReadOnlyList<long> FileLengths { get; }

    /// <summary>Name of the file, for people.</summary>
    public string Name { get; }

    /// <summary>The model, as for the context it was trained with.</summary>
    public ModelDescription Description { get; }

    /// <summary>Reads the metadata of a model; the weights stay untouched.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="GgufException">The file is damaged or not supported.</exception>
    public static ModelSource Open(string path, ArchitectureCatalog? architectures = null) => Open(path, [], architectures);

    /// <summary>Reads the metadata of a model and of adapters for it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="GgufException">A file is damaged or not supported, or an adapter does not fit the model.</exception>
    public static ModelSource Open(string path, IReadOnlyList<LoraReference> adapters, ArchitectureCatalog? architectures = null)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        return new(GgufFile.Open(path), [.. adapters.Select(LoraAdapter.Open)], architectures ?? ArchitectureCatalog.Default);
    }

    /// <summary>The context a load with these options has.</summary>
    public int ContextOf(ModelOptions options) => options.Context ?? Math.Min(Description.TrainedContext, ModelOptions.DefaultContext);

    /// <summary>Plans a load on devices.</summary>
    /// <exception cref="ArgumentException">An option makes no sense, or the context is longer than the model can be.</exception>
    /// <exception cref="PlacementException">It cannot be placed.</exception>
    /// <exception cref="MemoryRefusedException">The memory policy refuses it.</exception>
    public LoadPlan Plan(IReadOnlyList<PlacementDevice> devices, ModelOptions options, HostLimits? limits = null)
    {
        if (options.Validate().FirstOrDefault() is { } problem) throw new ArgumentException(problem, nameof(options));
        var context = ContextOf(options);
        if (Description.LongestContext < context)
            throw new ArgumentException($"A context of {context} tokens is longer than the {Description.LongestContext} positions of the model; give --context {Description.LongestContext} or less.", nameof(options));
        var description = Description.DependsOnContext ? _byContext.GetOrAdd(context, c => _architectures.Describe(new ModelInput { File = File, Context = c, Adapters = Adapters })) : Description;
        return Planner.Plan(new PlanRequest
        {
            Graph = description.Graph,
            Weights = description.Weights,
            FileLengths = FileLengths,
            Devices = devices,
            Limits = limits ?? HostLimits.Query(),
            Placement = options.Placement,
            Memory = options.Memory,
            Context = context,
            Sequences = options.Sequences,
            BatchTokens = options.BatchTokens,
            BatchOutputs = options.BatchOutputs,
            KeyType = options.KvType,
            ValueType = options.KvType,
        });
    }
}
