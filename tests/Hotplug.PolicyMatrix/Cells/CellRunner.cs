using System.Text;
using Hotplug.Abstractions.Memory;
using Hotplug.Cli;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Models;
using Hotplug.PolicyMatrix.Measuring;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Plugins.Catalog;

namespace Hotplug.PolicyMatrix.Cells;

/// <summary>Loads the model under each cell's policy, lets it write, and takes everything down again.</summary>
/// <param name="catalog">The backends.</param>
/// <param name="model">Path of the model.</param>
/// <param name="writes">Whether the model writes.</param>
/// <param name="after">Gives what else is wrong after a cell; null for nothing.</param>
internal sealed class CellRunner(IBackendCatalog catalog, string model, bool writes = true, Func<Task<IReadOnlyList<string>>>? after = null)
{
    public async Task<CellResult> RunAsync(Cell cell)
    {
        var space = new AddressSpace();
        var faults = new List<string>();
        space.BufferFaulted += fault => faults.Add(fault.Message);
        var before = ProcessLocked.Read();
        var result = await Attempt(cell, space) with { LockedBefore = before };
        // Compared by the value of a space that never held anything.
        var held = space.Usage == default ? "" : space.Usage.ToString();
        return result with
        {
            LockedAfter = ProcessLocked.Read(),
            Held = held,
            ModelMappings = Region.Read("/proc/self/maps").Count(region => region.Path == model),
            Violations = [.. result.Violations, .. faults, .. after is null ? [] : await after()],
        };
    }

    private async Task<CellResult> Attempt(Cell cell, AddressSpace space)
    {
        var nothing = new CellResult { Cell = cell, ExitCode = 0, Held = "", ModelMappings = 0 };
        try
        {
            using var host = new ModelHost(catalog, space);
            using var loaded = await host.LoadAsync(ModelSource.Open(model), cell.ToOptions());
            var result = Look(loaded, space, nothing);
            return writes ? result with { Texts = [.. Prompts.Of(cell).Select(p => Write(loaded, p.Prompt, p.Tokens))] } : result;
        }
        catch (Exception failure)
        {
            var said = new StringWriter();
            var code = Failures.Report(failure, said, verbose: false);
            return nothing with { ExitCode = code, Message = said.ToString(), Refusals = failure is MemoryRefusedException refused ? refused.Refusals : [] };
        }
    }

    /// <summary>Takes down what is in memory before the model has run, so that nothing but the load is measured.</summary>
    private static CellResult Look(LanguageModel loaded, AddressSpace space, CellResult result)
    {
        var weights = loaded.Executor.Weights;
        var root = weights.Buffer.Range;
        var parts = new List<PartFacts>();
        for (var i = 0; i < weights.Buffer.Parts.Count; i++)
        {
            var (buffer, plan) = (weights.Buffer.Parts[i], weights.Plan.Parts[i]);
            parts.Add(new(plan.Device, buffer.Type.Name, plan.Backing.ToString(), buffer.BaseAddress, buffer.Range.Length, buffer.Type.BaseAlignment, plan.FileOffset,
                buffer.TryGetPointer(out var pointer) ? (ulong)pointer : 0));
        }
        var violations = new List<string>();
        for (var i = 0; i < weights.Buffer.Parts.Count; i++) CheckResolve(weights.Buffer.Parts[i], space, violations);
        for (var i = 0; i < weights.Count; i++)
        {
            var (tensor, plan) = (weights[i], weights.Plan.Tensors[i]);
            var address = tensor.Buffer.BaseAddress + tensor.Offset;
            if (!space.TryResolve(address, out var found, out var offset) || found != tensor.Buffer || offset != tensor.Offset)
                violations.Add($"{plan.Spec.Name} at 0x{address:x} does not resolve to its own buffer and offset.");
            if (tensor.Offset + plan.Size > tensor.Buffer.Length)
                violations.Add($"{plan.Spec.Name} ends behind its part.");
        }
        return result with
        {
            Receipt = loaded.Executor.Receipt,
            Parts = parts,
            RangeStart = root.Start,
            RangeLength = root.Length,
            Regions = [.. Region.Read("/proc/self/smaps").Where(region => region.Start < root.End && region.End > root.Start)],
            LockedLoaded = ProcessLocked.Read(),
            Violations = violations,
        };
    }

    private static void CheckResolve(IBuffer part, AddressSpace space, List<string> violations)
    {
        foreach (var at in (nuint[])[0, part.Range.Length / 2, part.Range.Length - 1])
            if (!space.TryResolve(part.BaseAddress + at, out var found, out var offset) || found != part || offset != at)
                violations.Add($"{part.Type.Name} at {part.Range}: byte {at} does not resolve to it.");
        if (space.TryResolve(part.Range.End, out var behind, out _) && behind == part)
            violations.Add($"{part.Type.Name} at {part.Range}: the byte behind it resolves to it.");
    }

    private static Written Write(LanguageModel loaded, string prompt, int tokens)
    {
        var prompted = loaded.Tokenizer.Encode(prompt, addSpecial: true);
        using var generator = new TextGenerator(loaded, prompted, new() { MaxTokens = tokens, Sampler = new() { Temperature = 0 }, IgnoreEndOfGeneration = true });
        var text = new StringBuilder();
        var gaps = new List<float>();
        while (generator.Next(out var piece))
        {
            text.Append(piece);
            if (gaps.Count < generator.GeneratedCount) gaps.Add(Gap(loaded.Executor.Output(0)));
        }
        return new(prompt, text.ToString(), [.. generator.Tokens[prompted.Length..]], gaps);
    }

    private static float Gap(ReadOnlySpan<float> logits)
    {
        float best = float.NegativeInfinity, second = float.NegativeInfinity;
        foreach (var logit in logits)
            if (logit > best) (best, second) = (logit, best);
            else if (logit > second) second = logit;
        return best - second;
    }
}
