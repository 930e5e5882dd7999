using System.Collections.Concurrent;
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

    private ModelSource(GgufFile file, ArchitectureCatalog architectures)
        => (File, _architectures, Description, Name) = (file, architectures, architectures.Describe(file), Path.GetFileName(file.Paths[0]));

    /// <summary>The file, or the first of several.</summary>
    public GgufFile File { get; }

    /// <summary>Name of the file, for people.</summary>
    public string Name { get; }

    /// <summary>The model, as for the context it was trained with.</summary>
    public ModelDescription Description { get; }

    /// <summary>Reads the metadata of a model; the weights stay untouched.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="GgufException">The file is damaged or not supported.</exception>
    public static ModelSource Open(string path, ArchitectureCatalog? architectures = null)
        => new(GgufFile.Open(path), architectures ?? ArchitectureCatalog.Default);

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
        var description = Description.DependsOnContext ? _byContext.GetOrAdd(context, c => _architectures.Describe(File, c)) : Description;
        return Planner.Plan(new PlanRequest
        {
            Graph = description.Graph,
            Weights = description.Weights,
            FileLengths = File.FileLengths,
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
