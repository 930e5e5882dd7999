using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Adapters;
using Hotplug.Inference.Deployment;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Hosting;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Placement;

namespace Hotplug.Inference.Hosting;

/// <summary>A named model as configured: section <c>Hotplug:Models:NAME</c>, or code. What is left out comes from <see cref="HotplugOptions"/>.</summary>
public sealed class HotplugModelOptions
{
    /// <summary>A GGUF file, or the first of several; a relative path lies beside the program.</summary>
    public string Path { get; set; } = "";

    /// <summary>A backend or device, or <c>auto</c>; null for that of the runtime.</summary>
    public string? Backend { get; set; }

    /// <summary>Layers to place on the backend, counted from the end; null for all.</summary>
    public int? GpuLayers { get; set; }

    /// <summary>Places by tensor name, as <c>PATTERN=DEVICE</c>.</summary>
    public IList<string> Place { get; set; } = [];

    /// <summary>LoRA adapters, each as <c>FILE[:MULTIPLIER]</c>; a relative path lies beside the program.</summary>
    public IList<string> Lora { get; set; } = [];

    /// <summary>Tokens of context; null for the model's own.</summary>
    public int? Context { get; set; }

    /// <summary>Sequences that may run at the same time.</summary>
    public int Sequences { get; set; } = 1;

    /// <summary>Element type of the KV cache.</summary>
    public TensorType KvType { get; set; } = TensorType.F16;

    /// <summary>Who takes over when a backend fails in a step.</summary>
    public FailoverPolicy Failover { get; set; }

    /// <summary>Backends or devices that take over, in this order; none for what an automatic choice takes.</summary>
    public IList<string> FailoverBackends { get; set; } = [];

    /// <summary>Memory policy; what is not said here is that of the runtime.</summary>
    public HotplugModelMemory Memory { get; set; } = new();

    /// <summary>The options for the loader.</summary>
    internal ConfiguredModel ToModel(HotplugOptions runtime)
    {
        var memory = runtime.Memory.ToPolicy();
        return new(System.IO.Path.Combine(AppContext.BaseDirectory, Path), new ModelOptions
        {
            Placement = new PlacementOptions { Backend = Backend ?? runtime.Backend, OffloadedLayers = GpuLayers, Rules = [.. Place.Select(PlacementRule.Parse)] },
            Context = Context,
            Failover = new FailoverOptions { Policy = Failover, Backends = [.. FailoverBackends] },
            Sequences = Sequences,
            BatchOutputs = Sequences,
            KvType = KvType,
            Memory = memory with { Map = Memory.Map ?? memory.Map, Lock = Memory.Lock ?? memory.Lock, Scope = Memory.LockScope ?? memory.Scope },
        })
        {
            Adapters = [.. Lora.Select(LoraReference.Parse).Select(a => a with { Path = System.IO.Path.Combine(AppContext.BaseDirectory, a.Path) })],
        };
    }
}
