using Hotplug.Cli.Engines;
using Hotplug.Cli.Options;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Cli.Evidence;

/// <summary>
/// Loads the embedded model as others cannot: locked without being mapped, in many small buffers across the processor and a device; and mapped, whole on the device. Every buffer must
/// have a valid address, and the model must write what it writes on the processor.
/// </summary>
internal sealed class LoadCheck(Engine engine, string device, int tokens, CancellationToken cancellation)
{
    private const nuint Largest = 1310720;

    public async Task<IReadOnlyList<LoadEvidence>> RunAsync(Action<string> progress)
    {
        progress("the embedded model on the processor");
        GreedyText reference;
        using (var model = await LoadAsync(new() { Placement = new() { Backend = "cpu" } })) reference = GreedyText.Of(model, tokens, cancellation);
        var layers = ModelSource.Open(EmbeddedModel.Path).Description.BlockCount;
        progress("locked, not mapped, in small buffers of two devices");
        var founding = await RunAsync("founding", $"--backend {device} --gpu-layers {layers / 2} --mlock try --mmap off --max-allocation {Largest}", new()
        {
            Placement = new() { Backend = device, OffloadedLayers = layers / 2 },
            Memory = new() { Map = MapPolicy.Off, Lock = LockPolicy.Try, LargestAllocation = Largest },
        }, reference);
        progress("mapped");
        var mapped = await RunAsync("mapped", $"--backend {device} --mmap require", new() { Placement = new() { Backend = device }, Memory = new() { Map = MapPolicy.Require } }, reference);
        return [founding, mapped];
    }

    private async Task<LoadEvidence> RunAsync(string name, string wishes, ModelOptions options, GreedyText reference)
    {
        var failures = new List<string>();
        try
        {
            using var model = await LoadAsync(options);
            Addresses(model, failures);
            var difference = reference.FirstDifference(GreedyText.Of(model, tokens, cancellation));
            if (difference is { } at) failures.Add($"token {at + 1} is not that of the processor, and no close call");
            return new(name, wishes, null, model.Executor.Receipt, difference is null, failures);
        }
        catch (MemoryRefusedException refused)
        {
            return new(name, wishes, refused.Message, null, null, failures);
        }
        // Whatever it is, it is evidence.
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            failures.Add(failure.Message);
            return new(name, wishes, null, null, null, failures);
        }
    }

    private Task<LanguageModel> LoadAsync(ModelOptions options)
        => engine.Host.LoadAsync(ModelSource.Open(EmbeddedModel.Path), options with { Context = 64, KvType = Abstractions.Tensors.TensorType.F32 }, cancellation: cancellation);

    // The composite and every part of it: an address, in the order of the parts, that leads to the part and to every tensor.
    private void Addresses(LanguageModel model, List<string> failures)
    {
        var weights = model.Executor.Weights;
        var end = weights.Buffer.Range.Start;
        if (end == 0) failures.Add("the composite has no base address");
        foreach (var part in weights.Buffer.Parts)
        {
            if (part.BaseAddress < end || part.BaseAddress % part.Type.BaseAlignment != 0) failures.Add($"the address of {part.Type.Name} at {part.Range} is not aligned, or overlaps another");
            end = part.Range.End;
            if (part.TryGetPointer(out var pointer) && (nuint)pointer != part.BaseAddress) failures.Add($"{part.Type.Name} at {part.Range} hands out the pointer 0x{pointer:x}");
        }
        for (var i = 0; i < weights.Count; i++)
        {
            var tensor = weights[i];
            if (!engine.Host.Space.TryResolve(tensor.Buffer.BaseAddress + tensor.Offset, out var buffer, out var offset) || buffer != tensor.Buffer || offset != tensor.Offset)
                failures.Add($"the address of {weights.Plan.Tensors[i].Spec.Name} does not lead to it");
        }
    }
}
