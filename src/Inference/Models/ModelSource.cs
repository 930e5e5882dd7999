using Hotplug.Inference.Architectures;
using Hotplug.Inference.Gguf;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Placement;

namespace Hotplug.Inference.Models;

/// <summary>A model on disk, read but not loaded: its metadata and its graph. Immutable.</summary>
public sealed class ModelSource
{
    private ModelSource(GgufFile file, ModelDescription description) => (File, Description, Name) = (file, description, Path.GetFileName(file.Paths[0]));

    /// <summary>The file, or the first of several.</summary>
    public GgufFile File { get; }

    /// <summary>Name of the file, for people.</summary>
    public string Name { get; }

    /// <summary>The model.</summary>
    public ModelDescription Description { get; }

    /// <summary>Reads the metadata of a model; the weights stay untouched.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="GgufException">The file is damaged or not supported.</exception>
    public static ModelSource Open(string path, ArchitectureCatalog? architectures = null)
    {
        var file = GgufFile.Open(path);
        return new ModelSource(file, (architectures ?? ArchitectureCatalog.Default).Describe(file));
    }

    /// <summary>The context a load with these options has.</summary>
    public int ContextOf(ModelOptions options) => options.Context ?? Math.Min(Description.TrainedContext, ModelOptions.DefaultContext);

    /// <summary>Plans a load on devices.</summary>
    /// <exception cref="PlacementException">It cannot be placed.</exception>
    /// <exception cref="MemoryRefusedException">The memory policy refuses it.</exception>
    public LoadPlan Plan(IReadOnlyList<PlacementDevice> devices, ModelOptions options, HostLimits? limits = null)
    {
        if (options.Validate().FirstOrDefault() is { } problem) throw new ArgumentException(problem, nameof(options));
        return Planner.Plan(new PlanRequest
        {
            Graph = Description.Graph,
            Weights = Description.Weights,
            FileLengths = File.FileLengths,
            Devices = devices,
            Limits = limits ?? HostLimits.Query(),
            Placement = options.Placement,
            Memory = options.Memory,
            Context = ContextOf(options),
            Sequences = options.Sequences,
            BatchTokens = options.BatchTokens,
            BatchOutputs = options.BatchOutputs,
            KeyType = options.KvType,
            ValueType = options.KvType,
        });
    }
}
