using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.KvCache;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Graphs;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Placement;

/// <summary>
/// Makes load plans: a pure function of the model's metadata, what devices say, and the wishes. Nothing is allocated, opened or read.
/// </summary>
public static class Planner
{
    private static readonly StepBounds One = new() { Tokens = 1, OutputRows = 1, Sequences = 1 };

    /// <summary>Plans a load.</summary>
    /// <exception cref="PlacementException">It cannot be placed.</exception>
    /// <exception cref="MemoryRefusedException">The memory policy refuses it.</exception>
    /// <exception cref="BackendFaultException">A plugin failed while it was asked.</exception>
    public static LoadPlan Plan(PlanRequest request)
    {
        if (request.Devices.Count == 0)
            throw new PlacementException(PlacementFailure.UnknownDevice, "There is no device to run on: no backend plugin was found. `hotplug doctor` says where they are looked for.");
        try
        {
            return new Run(request).Plan();
        }
        catch (Exception e) when (e is not (PlacementException or MemoryRefusedException or BackendFaultException))
        {
            // Only device members can throw anything else here.
            throw BackendCall.Translate("a device", "planning", e);
        }
    }

    private sealed class Run(PlanRequest request)
    {
        private const int Attempts = 6;

        private List<string> _notes = [];
        private readonly Dictionary<PlacementDevice, long> _keptFree = [];

        /// <summary>Plans; where an automatic choice fills a device so far that workspace finds no room, again with less for that device, but no less than needed.</summary>
        public LoadPlan Plan()
        {
            var automatic = string.Equals(request.Placement.Backend, PlacementOptions.Auto, StringComparison.OrdinalIgnoreCase) && request.Placement.OffloadedLayers is null;
            (PlacementDevice Device, long Kept)? tooLittle = null;
            for (var attempt = 1; ; attempt++)
            {
                var plan = PlanOnce();
                if (Excess(plan) is not { } excess) return tooLittle is { } last ? Fill(plan, last.Device, last.Kept) : plan;
                if (!automatic || attempt == Attempts) throw NoRoom(plan, excess.Device);
                tooLittle = (excess.Device, _keptFree.GetValueOrDefault(excess.Device));
                _keptFree[excess.Device] = tooLittle.Value.Kept + excess.Bytes;
            }
        }

        /// <summary>With fewer layers there is less workspace too, so that what was left free may be more than needed: looks for the fullest plan in between.</summary>
        private LoadPlan Fill(LoadPlan plan, PlacementDevice device, long tooLittle)
        {
            var enough = _keptFree[device];
            for (var attempt = 1; attempt < Attempts; attempt++)
            {
                var middle = _keptFree[device] = tooLittle + (enough - tooLittle) / 2;
                var fuller = PlanOnce();
                if (Excess(fuller) is null) (plan, enough) = (fuller, middle);
                else tooLittle = middle;
            }
            return plan;
        }

        private LoadPlan PlanOnce()
        {
            _notes = [];
            var graph = request.Graph;
            var sections = SectionPlacement.Choose(request.Devices, request.Placement, graph.BlockCount, SectionBytes(), _notes, _keptFree);
            var bounds = Bounds(Math.Min(request.BatchTokens, request.Context));
            var nodes = new NodePlacer(request.Devices, sections, request.Placement.Rules, bounds, (d, layer) => Spec(d, [layer])).Place(graph);
            NoteUnusedRules();
            NoteRefused(nodes);
            var groups = new KvGroups(nodes, graph, request.Context, bounds.Tokens);
            var slices = GraphCutter.Cut(nodes, graph.Output, groups);
            var weights = PlaceWeights(nodes, bounds);
            var caches = PlanCaches(nodes, groups);
            var shapes = new ShapePlanner(slices, graph.Output, caches, request.Memory.LargestAllocation).Plan(Bounds(request.Sequences), bounds, _notes);
            var plan = new LoadPlan
            {
                Request = request,
                Nodes = nodes,
                Slices = slices,
                Weights = weights,
                KvCaches = caches,
                Shapes = shapes,
                Composition = Compose(weights, LockedLater(slices, caches, shapes)),
                Notes = _notes,
            };
            return plan;
        }

        private StepBounds Bounds(int tokens) => new()
        {
            Tokens = Math.Max(tokens, request.Sequences),
            OutputRows = Math.Max(request.Sequences, Math.Min(request.BatchOutputs, tokens)),
            Sequences = request.Sequences,
            Context = request.Context,
        };

        /// <summary>Bytes of each section: its weights, and its share of the KV cache.</summary>
        private Func<GraphSection, long> SectionBytes()
        {
            var bytes = new Dictionary<GraphSection, long>();
            var counted = new HashSet<(GraphSection, GraphValue)>();
            foreach (var node in request.Graph.Nodes)
            {
                foreach (var value in node.Operation.Reads)
                    if (value.IsWeight && counted.Add((node.Section, value)))
                        bytes[node.Section] = bytes.GetValueOrDefault(node.Section) + value.Resolve(One).ByteLength;
                if (node.Operation is Abstractions.Graphs.Operations.KvAppend append)
                {
                    var shape = request.Graph.KvLayers.First(l => l.Layer == append.Layer);
                    var layer = Spec(request.Devices[0], [shape]).Layers[0];
                    bytes[node.Section] = bytes.GetValueOrDefault(node.Section) + (layer.KeyRowBytes + layer.ValueRowBytes) * KvGroups.Cells(shape.Window, request.Context, request.BatchTokens) * request.Sequences;
                }
            }
            return section => bytes.GetValueOrDefault(section);
        }

        private KvCacheSpec Spec(PlacementDevice device, IEnumerable<KvLayerShape> layers) => new()
        {
            PageTokens = device.Device.Info.KvPageTokens,
            Layers = [.. layers.Select(l => new KvLayerSpec
            {
                Layer = l.Layer,
                Heads = l.Heads,
                KeyWidth = l.KeyWidth,
                ValueWidth = l.ValueWidth,
                KeyType = request.KeyType,
                ValueType = request.ValueType,
            })],
        };

        private void NoteUnusedRules()
        {
            foreach (var rule in request.Placement.Rules)
            {
                SectionPlacement.Find(request.Devices, rule.Device);
                if (!request.Graph.Weights.Any(w => rule.Matches(w.Name)))
                    _notes.Add($"--place {rule} matches no tensor. `hotplug inspect` lists their names.");
            }
        }

        /// <summary>What a device would not take is not moved silently.</summary>
        private void NoteRefused(List<NodePlacement> nodes)
        {
            foreach (var moved in nodes.Where(n => n.Refused.Count != 0 && n.Refused[0].Device != n.Device.Name).GroupBy(n => (From: n.Refused[0].Device, To: n.Device)))
                _notes.Add($"{moved.Count()} of {nodes.Count} operations run on {moved.Key.To} because {moved.Key.From} refused them, the first because {moved.First().Refused[0].Reason.TrimEnd('.')}.");
        }

        /// <summary>A weight lies on every device that reads it, in the first buffer type there that suits all its uses.</summary>
        private List<WeightPlacement> PlaceWeights(List<NodePlacement> nodes, StepBounds bounds)
        {
            var uses = new Dictionary<(GraphValue, PlacementDevice), List<NodePlacement>>();
            var order = new List<(GraphValue Weight, PlacementDevice Device)>();
            foreach (var node in nodes)
                foreach (var value in node.Node.Operation.Reads)
                {
                    if (!value.IsWeight) continue;
                    if (!uses.TryGetValue((value, node.Device), out var list))
                    {
                        uses[(value, node.Device)] = list = [];
                        order.Add((value, node.Device));
                    }
                    list.Add(node);
                }

            var placements = new List<WeightPlacement>(order.Count);
            foreach (var (weight, device) in order)
            {
                var users = uses[(weight, device)];
                var refused = new List<RefusedPlace>(users[0].Refused);
                CallTrace.Note(device.Name, "saying what it supports");
                var chosen = device.Device.BufferTypes.FirstOrDefault(type =>
                {
                    foreach (var user in users)
                    {
                        if (Allocation.WhyTooLarge(type, user.Node.Operation) is { } tooLarge)
                        {
                            refused.Add(new(type.Name, tooLarge));
                            return false;
                        }
                        // Attention may read a weight too: its sinks.
                        var cache = user.Node.Operation.KvLayer is { } layer ? Spec(device, [request.Graph.KvLayers.First(l => l.Layer == layer)]) : null;
                        var answer = device.Device.Supports(new() { Operation = user.Node.Operation, Bounds = bounds, WeightBufferType = type, KvCache = cache });
                        if (answer.IsSupported) continue;
                        refused.Add(new(type.Name, answer.Reason));
                        return false;
                    }
                    return true;
                }) ?? throw new PlacementException(PlacementFailure.Unsupported,
                    $"{weight.Name} has no buffer type on {device} that suits all its uses ({string.Join(", ", users.Select(u => u.Node.Operation.GetType().Name).Distinct())}): "
                    + string.Join("; ", refused.Select(r => $"{r.Device}: {r.Reason}")));
                placements.Add(new(weight, device, chosen, users[0].Reason, refused));
            }
            return placements;
        }

        private List<KvPlan> PlanCaches(List<NodePlacement> nodes, KvGroups groups)
        {
            var plans = new List<KvPlan>();
            var layers = request.Graph.KvLayers.ToDictionary(l => l.Layer);
            foreach (var group in nodes.Where(n => n.Node.Operation is Abstractions.Graphs.Operations.KvAppend).GroupBy(n => (n.Device, Window: groups.WindowOf(n) ?? 0)))
            {
                var (device, window) = group.Key;
                var spec = Spec(device, group.Select(n => layers[n.Node.Operation.KvLayer!.Value]).OrderBy(l => l.Layer));
                CallTrace.Note(device.Name, "preparing a KV cache");
                var layout = device.Device.PrepareKvCache(spec);
                // One page more than the tokens need, so that a shared page can be copied while all others are taken.
                var perSequence = groups.PagesPerSequence(window, spec.PageTokens);
                var pages = checked(request.Sequences * perSequence + 1);
                var largest = Allocation.Largest(layout.BufferType, request.Memory.LargestAllocation);
                if (layout.PageBytes > largest)
                    throw new PlacementException(PlacementFailure.TooLarge,
                        $"One page of the KV cache on {device} takes {layout.PageBytes} bytes, and {layout.BufferType.Name} allocates at most {largest}. Keep fewer layers there, or use a smaller --kv-type.");
                plans.Add(new()
                {
                    Device = device, Layout = layout, Pages = pages, PagesPerBuffer = (int)nuint.Min(largest / layout.PageBytes, (nuint)pages),
                    Window = window, Windows = spec.Layers.ToDictionary(l => l.Layer, l => groups.WindowOf(l.Layer)), PagesPerSequence = perSequence,
                });
            }
            return plans;
        }

        private CompositionPlan Compose(List<WeightPlacement> weights, nuint lockedLater)
        {
            var requests = weights.Select((w, i) => new WeightRequest
            {
                Spec = w.Weight.Resolve(One),
                File = request.Weights[w.Weight].File,
                FileOffset = request.Weights[w.Weight].Offset,
                BufferType = w.BufferType,
                Device = w.Device.Name,
                UseOrder = i,
            }).ToList();
            return CompositionPlanner.Plan(requests, request.FileLengths, request.Memory, request.Limits with { LockedLater = lockedLater }).Required();
        }

        /// <summary>Host bytes besides the weights that will be locked, so that the limit is checked for all of them before anything is loaded.</summary>
        private nuint LockedLater(List<CutSlice> slices, List<KvPlan> caches, List<ShapePlan> shapes)
        {
            if (request.Memory.Lock == LockPolicy.Off) return 0;
            nuint bytes = 0;
            if (request.Memory.Scope.HasFlag(LockScope.KvCache))
                foreach (var cache in caches)
                    if (cache.Layout.BufferType.Traits.HostVisible) bytes += Pages(cache.Buffers);
            if (request.Memory.Scope.HasFlag(LockScope.Workspace))
                foreach (var device in slices.Select(s => s.Device).Distinct())
                    if (shapes[0].Exchanges[device].BufferType.Traits.HostVisible)
                        bytes += Pages(LoadPlan.WorkspaceBlocks(device, slices, shapes)) + Pages(LoadPlan.ExchangeBlocks(device, shapes));
            return bytes;
        }

        private nuint Pages(IEnumerable<nuint> buffers)
            => buffers.Aggregate((nuint)0, (sum, bytes) => sum + ((bytes + request.Limits.PageSize - 1) & ~(request.Limits.PageSize - 1)));

        /// <summary>The first device with less memory than the plan puts there, and the bytes that are missing; null if all fits as far as devices say.</summary>
        private static (PlacementDevice Device, long Bytes)? Excess(LoadPlan plan)
        {
            foreach (var device in plan.Devices)
            {
                // The CPU's memory is paged: what is mapped costs nothing until it is touched.
                if (device.Device.Info.Kind == Abstractions.Devices.DeviceKind.Cpu || device.Memory.Free is not { } free) continue;
                var needed = plan.TotalsOf(device).TotalBytes;
                if ((ulong)needed > free) return (device, needed - (long)free);
            }
            return null;
        }

        private static PlacementException NoRoom(LoadPlan plan, PlacementDevice device) => new(PlacementFailure.OutOfMemory,
            $"{device} has {device.Memory.Free} bytes free, and the plan needs {plan.TotalsOf(device).TotalBytes} there. Give it fewer layers with --gpu-layers, shorten --context, or run on the processor with --backend cpu.");
    }
}
