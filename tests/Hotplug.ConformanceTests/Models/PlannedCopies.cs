using Hotplug.Abstractions.Graphs;
using Xunit;

namespace Hotplug.ConformanceTests.Models;

/// <summary>Copies between devices, as the plan has them and as they are counted.</summary>
internal static class PlannedCopies
{
    /// <summary>Fails unless a token, and a prompt, make as many copies of as many bytes as the plan says.</summary>
    public static async Task AreMade(ConformanceHost host, string placement)
    {
        var reference = ReferenceCase.Read("architectures", "llama.f32");
        using var model = await host.LoadAsync(Material.Path("architectures", "llama.f32.gguf"), placement);
        var (executor, prompt) = (model.Model.Executor, reference.Prompt);
        Assert.NotEmpty(executor.Plan.Shapes[0].Copies);
        Check(1, 1, () => model.Append(prompt.AsSpan(0, 1)));
        Check(7, 7, () => model.Append(prompt.AsSpan(1, 7), 7));
        Check(3, 1, () => model.Append(prompt.AsSpan(8, 3)));

        void Check(int tokens, int outputs, Action step)
        {
            var extents = new StepBounds { Tokens = tokens, OutputRows = outputs, Sequences = 1 };
            var copies = executor.Plan.Shapes.First(s => s.Bounds.Tokens >= tokens && s.Bounds.OutputRows >= outputs).Copies;
            var before = executor.Copies;
            step();
            Assert.Equal((copies.Count, copies.Sum(c => c.Bytes(extents))), (executor.Copies.Count - before.Count, executor.Copies.Bytes - before.Bytes));
        }
    }
}
