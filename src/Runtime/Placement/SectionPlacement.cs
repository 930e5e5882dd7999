using Hotplug.Abstractions.Devices;
using Hotplug.Runtime.Graphs;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.Runtime.Placement;

/// <summary>Where the sections of a model go before rules by tensor name and lack of support have their say.</summary>
internal sealed class SectionPlacement
{
    private readonly PlacementDevice[] _blocks;

    private SectionPlacement(PlacementDevice host, PlacementDevice input, PlacementDevice[] blocks, PlacementDevice output, Func<GraphSection, string> reason)
        => (Host, Input, _blocks, Output, Reason) = (host, input, blocks, output, reason);

    /// <summary>The device that takes what others cannot.</summary>
    public PlacementDevice Host { get; }

    public PlacementDevice Input { get; }

    public PlacementDevice Output { get; }

    /// <summary>Why a section lies where it lies.</summary>
    public Func<GraphSection, string> Reason { get; }

    public PlacementDevice this[GraphSection section] => section.Kind switch
    {
        SectionKind.Input => Input,
        SectionKind.Output => Output,
        _ => _blocks[section.Block],
    };

    /// <summary>Chooses places for sections.</summary>
    /// <param name="devices">All devices, in order of preference.</param>
    /// <param name="options">The wishes.</param>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="bytesOf">Device bytes that a section takes: weights and KV.</param>
    /// <param name="notes">Receives what people should know.</param>
    /// <param name="keptFree">Bytes that an automatic choice leaves free on a device besides the headroom, because an earlier plan did not fit; null for none.</param>
    public static SectionPlacement Choose(IReadOnlyList<PlacementDevice> devices, PlacementOptions options, int blocks,
        Func<GraphSection, long> bytesOf, List<string> notes, IReadOnlyDictionary<PlacementDevice, long>? keptFree = null)
    {
        var automatic = string.Equals(options.Backend, PlacementOptions.Auto, StringComparison.OrdinalIgnoreCase);
        var host = devices.FirstOrDefault(d => d.Device.Info.Kind == DeviceKind.Cpu)
            ?? (automatic ? devices.FirstOrDefault(d => d.Device.Info.Kind is not (DeviceKind.Emulation or DeviceKind.Remote)) : Find(devices, options.Backend))
            ?? throw new PlacementException(PlacementFailure.UnknownDevice,
                $"There is no device that is used without being named. To use one, name it with --backend: {string.Join(", ", devices)}.");
        if (!automatic)
        {
            var named = Find(devices, options.Backend);
            if (options.OffloadedLayers is not { } layers)
                return new(host, named, Fill(blocks, _ => named), named, _ => $"--backend {options.Backend}");
            return ByLayers(host, named, blocks, layers, $"--backend {options.Backend} --gpu-layers {layers}");
        }

        var accelerators = AutomaticDevices.Choose(devices, notes);
        if (options.OffloadedLayers is { } count && accelerators.Count > 0)
            return ByLayers(host, accelerators[0], blocks, count, $"--gpu-layers {count}");
        if (options.OffloadedLayers is > 0)
            notes.Add($"--gpu-layers {options.OffloadedLayers} has no effect: no accelerator was found. All layers stay on {host}.");
        foreach (var unknown in accelerators.Where(a => a.Memory.Free is null))
            notes.Add($"{unknown} does not say how much memory it has free: it is taken to be enough. If the load fails for lack of it, give it fewer layers with --gpu-layers.");
        return ByFreeMemory(host, accelerators, blocks, bytesOf, options.Headroom, keptFree);
    }

    /// <summary>The device a selector names.</summary>
    /// <exception cref="PlacementException">There is none, or only emulations, which have to be named one by one.</exception>
    public static PlacementDevice Find(IReadOnlyList<PlacementDevice> devices, string selector)
    {
        var address = DeviceAddress.Parse(selector);
        var ofBackend = devices.Where(d => string.Equals(d.Backend, address.Backend, StringComparison.OrdinalIgnoreCase)).ToList();
        var infos = ofBackend.ConvertAll(d => d.Device.Info);
        if (address.Select(infos) is { } chosen) return ofBackend[infos.IndexOf(chosen)];
        throw new PlacementException(PlacementFailure.UnknownDevice, infos.Count != 0 ? address.WhyNone(infos, [])
            : $"There is no device '{selector}'. Available: {string.Join(", ", devices)}. `hotplug devices` lists them and says why others are missing.");
    }

    private static SectionPlacement ByLayers(PlacementDevice host, PlacementDevice target, int blocks, int layers, string wish)
    {
        var first = Math.Max(blocks + 1 - Math.Max(layers, 0), 0);
        PlacementDevice At(int layer) => layer >= first ? target : host;
        // With every layer offloaded the embedding goes along, so that no step has to cross.
        var input = first == 0 ? target : host;
        return new(host, input, Fill(blocks, At), At(blocks),
            s => (s.Kind == SectionKind.Output ? blocks : s.Block) >= first || first == 0 ? wish : $"{wish}: the other layers stay on {host}");
    }

    private static SectionPlacement ByFreeMemory(PlacementDevice host, IReadOnlyList<PlacementDevice> accelerators, int blocks,
        Func<GraphSection, long> bytesOf, double headroom, IReadOnlyDictionary<PlacementDevice, long>? keptFree)
    {
        var order = Enumerable.Range(0, blocks).Reverse().Select(GraphSection.OfBlock).Prepend(GraphSection.Output).Append(GraphSection.Input).ToList();
        var places = new Dictionary<GraphSection, PlacementDevice>();
        var next = 0;
        foreach (var accelerator in accelerators)
        {
            var room = accelerator.Memory.Free is { } free ? (long)Math.Min(free * (1 - headroom), long.MaxValue) - (keptFree?.GetValueOrDefault(accelerator) ?? 0) : long.MaxValue;
            while (next < order.Count && bytesOf(order[next]) <= room)
            {
                if (room != long.MaxValue) room -= bytesOf(order[next]);
                places[order[next++]] = accelerator;
            }
        }
        PlacementDevice At(GraphSection s) => places.GetValueOrDefault(s, host);
        return new(host, At(GraphSection.Input), Fill(blocks, i => At(GraphSection.OfBlock(i))), At(GraphSection.Output),
            s => accelerators.Count == 0 ? $"automatic: {host} is the only device to choose"
                : places.ContainsKey(s) ? "automatic: fits the free memory" : $"automatic: no room left on {string.Join(", ", accelerators)}");
    }

    private static PlacementDevice[] Fill(int count, Func<int, PlacementDevice> place) => [.. Enumerable.Range(0, count).Select(place)];
}
