using System.Text.Json;
using Hotplug.Abstractions.Graphs;
using Hotplug.Runtime.Placement;

namespace Hotplug.Cli.Output;

/// <summary>The JSON form of a load plan.</summary>
internal sealed record PlanDocument
{
    public string Schema => "hotplug.plan/1";
    public required string Model { get; init; }
    public required string Architecture { get; init; }
    public required int Context { get; init; }
    public required string Map { get; init; }
    public required string Lock { get; init; }
    public required long AddressBytes { get; init; }
    public required IReadOnlyList<PlanDevice> Devices { get; init; }
    public required IReadOnlyList<PlanPart> Parts { get; init; }
    public required IReadOnlyList<PlanTensor> Tensors { get; init; }
    public required IReadOnlyList<PlanSlice> Slices { get; init; }
    public required IReadOnlyList<PlanShape> Shapes { get; init; }
    public required IReadOnlyList<PlanCopy> CopiesPerToken { get; init; }
    public required IReadOnlyList<string> Notes { get; init; }

    internal sealed record PlanDevice(string Name, string Kind, long WeightBytes, long KvBytes, long WorkspaceBytes, long ExchangeBytes, long? FreeBytes);
    internal sealed record PlanPart(int Index, string Device, string BufferType, string Backing, long Offset, long Length, long LockBytes);
    internal sealed record PlanTensor(string Name, string Type, long[] Shape, long Bytes, string Device, int Part, long Offset, string Map, string MapReason, string Lock, string LockReason, string Reason, IReadOnlyList<RefusedPlace> Refused);
    internal sealed record PlanSlice(string Device, int Operations, int Weights, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);
    internal sealed record PlanCopy(string Value, string From, string To, int BeforeSlice, long Bytes);
    internal sealed record PlanShape(int Tokens, int OutputRows, int Sequences, int Copies, long CopiedBytesPerToken);

    public static PlanDocument From(string path, string architecture, LoadPlan plan)
    {
        var one = new StepBounds { Tokens = 1, OutputRows = 1, Sequences = 1 };
        return new()
        {
            Model = path,
            Architecture = architecture,
            Context = plan.Request.Context,
            Map = Word(plan.Request.Memory.Map ?? Runtime.Memory.Policy.MapPolicy.Auto),
            Lock = Word(plan.Request.Memory.Lock),
            AddressBytes = (long)plan.Composition.Length,
            Devices = [.. plan.Devices.Select(d => (d, t: plan.TotalsOf(d))).Select(x => new PlanDevice(x.d.Name, Word(x.d.Device.Info.Kind), x.t.WeightBytes, x.t.KvBytes, x.t.WorkspaceBytes, x.t.ExchangeBytes, (long?)x.d.Memory.Free))],
            Parts = [.. plan.Composition.Parts.Select(p => new PlanPart(p.Index, p.Device, p.TypeName, Word(p.Backing), (long)p.Offset, (long)p.Length, p.LockBytes))],
            Tensors = [.. plan.Weights.Zip(plan.Composition.Tensors, (w, t) => new PlanTensor(t.Spec.Name, t.Spec.Type.ToString(),
                [.. Enumerable.Range(0, t.Spec.Shape.Rank).Select(i => t.Spec.Shape[i])], t.Bytes, w.Device.Name, t.Part, (long)t.Offset, Word(t.Map), t.MapReason, Word(t.Lock), t.LockReason, w.Reason, w.Refused))],
            Slices = [.. plan.Slices.Select(s => new PlanSlice(s.Device.Name, s.Operations.Count, s.Weights.Count, [.. s.Inputs.Select(v => v.Name)], [.. s.Outputs.Select(v => v.Name)]))],
            Shapes = [.. plan.Shapes.Select(s => new PlanShape(s.Bounds.Tokens, s.Bounds.OutputRows, s.Bounds.Sequences, s.Copies.Count, s.Copies.Sum(c => c.Bytes(one))))],
            CopiesPerToken = [.. plan.Shapes[0].Copies.Select(c => new PlanCopy(c.Value.Name, c.Source.Name, c.Destination.Name, c.BeforeSlice, c.Bytes(one)))],
            Notes = [.. plan.Notes, .. plan.Composition.Notices],
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, CliJson.Default.PlanDocument);

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
