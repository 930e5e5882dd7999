using System.Text.Json;
using Hotplug.Abstractions.Graphs;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Placement;

namespace Hotplug.Runtime.Reports;

/// <summary>A load plan as plain data, with a JSON form: what goes where, and why. Keeps no plugin alive. Bytes throughout.</summary>
public sealed record PlanDocument
{
    /// <summary>Name and version of the JSON form.</summary>
    public string Schema => "hotplug.plan/1";

    /// <summary>Path or name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Its architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>Cells that one sequence may have.</summary>
    public required int Context { get; init; }

    /// <summary>The map policy.</summary>
    public required string Map { get; init; }

    /// <summary>The lock policy.</summary>
    public required string Lock { get; init; }

    /// <summary>Length of the one range of addresses in which the weights lie.</summary>
    public required long AddressBytes { get; init; }

    /// <summary>The devices that take part, in order of first use.</summary>
    public required IReadOnlyList<PlanDevice> Devices { get; init; }

    /// <summary>The physical buffers, in order of address.</summary>
    public required IReadOnlyList<PlanPart> Parts { get; init; }

    /// <summary>The weights, in order of first use.</summary>
    public required IReadOnlyList<PlanTensor> Tensors { get; init; }

    /// <summary>The runs of operations on one device, in order.</summary>
    public required IReadOnlyList<PlanSlice> Slices { get; init; }

    /// <summary>Step shapes, smallest first.</summary>
    public required IReadOnlyList<PlanShape> Shapes { get; init; }

    /// <summary>What crosses between devices for every token.</summary>
    public required IReadOnlyList<PlanCopy> CopiesPerToken { get; init; }

    /// <summary>What people should know.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Memory on a device.</summary>
    public sealed record PlanDevice(string Name, string Kind, long WeightBytes, long KvBytes, long WorkspaceBytes, long ExchangeBytes, long? FreeBytes);

    /// <summary>A physical buffer: <paramref name="Offset"/> from the start of the range; <paramref name="Backing"/> is fileMapping, committed or device.</summary>
    public sealed record PlanPart(int Index, string Device, string BufferType, string Backing, long Offset, long Length, long LockBytes);

    /// <summary>A weight: <paramref name="Offset"/> from the start of its part, <paramref name="Size"/> with the padding of its buffer, <paramref name="Bytes"/> without.</summary>
    public sealed record PlanTensor(string Name, string Type, long[] Shape, long Bytes, long Size, string Device, int Part, long Offset, string Map, string MapReason, string Lock, string LockReason, string Reason,
        IReadOnlyList<RefusedPlace> Refused);

    /// <summary>A run of operations on one device.</summary>
    public sealed record PlanSlice(string Device, int Operations, int Weights, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);

    /// <summary>A value that crosses between devices.</summary>
    public sealed record PlanCopy(string Value, string From, string To, int BeforeSlice, long Bytes);

    /// <summary>A size of steps.</summary>
    public sealed record PlanShape(int Tokens, int OutputRows, int Sequences, int Copies, long CopiedBytesPerToken);

    /// <summary>Writes a plan down. Asks the devices of the plan, which have to be open.</summary>
    /// <param name="model">Path or name of the model.</param>
    /// <param name="architecture">Its architecture.</param>
    /// <param name="plan">The plan.</param>
    public static PlanDocument From(string model, string architecture, LoadPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var one = new StepBounds { Tokens = 1, OutputRows = 1, Sequences = 1 };
        return new()
        {
            Model = model,
            Architecture = architecture,
            Context = plan.Request.Context,
            Map = Word(plan.Request.Memory.Map ?? MapPolicy.Auto),
            Lock = Word(plan.Request.Memory.Lock),
            AddressBytes = (long)plan.Composition.Length,
            Devices = [.. plan.Devices.Select(d => (d, t: plan.TotalsOf(d))).Select(x => new PlanDevice(x.d.Name, Word(x.d.Device.Info.Kind), x.t.WeightBytes, x.t.KvBytes, x.t.WorkspaceBytes, x.t.ExchangeBytes, (long?)x.d.Memory.Free))],
            Parts = [.. plan.Composition.Parts.Select(p => new PlanPart(p.Index, p.Device, p.TypeName, Word(p.Backing), (long)p.Offset, (long)p.Length, p.LockBytes))],
            Tensors = [.. plan.Weights.Zip(plan.Composition.Tensors, (w, t) => new PlanTensor(t.Spec.Name, t.Spec.Type.ToString(),
                [.. Enumerable.Range(0, t.Spec.Shape.Rank).Select(i => t.Spec.Shape[i])], t.Bytes, (long)t.Size, w.Device.Name, t.Part, (long)t.Offset, Word(t.Map), t.MapReason, Word(t.Lock), t.LockReason, w.Reason, w.Refused))],
            Slices = [.. plan.Slices.Select(s => new PlanSlice(s.Device.Name, s.Operations.Count, s.Weights.Count, [.. s.Inputs.Select(v => v.Name)], [.. s.Outputs.Select(v => v.Name)]))],
            Shapes = [.. plan.Shapes.Select(s => new PlanShape(s.Bounds.Tokens, s.Bounds.OutputRows, s.Bounds.Sequences, s.Copies.Count, s.Copies.Sum(c => c.Bytes(one))))],
            CopiesPerToken = [.. plan.Shapes[0].Copies.Select(c => new PlanCopy(c.Value.Name, c.Source.Name, c.Destination.Name, c.BeforeSlice, c.Bytes(one)))],
            Notes = [.. plan.Notes, .. plan.Composition.Notices],
        };
    }

    /// <summary>The document as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.PlanDocument);

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
