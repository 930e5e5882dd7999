using Hotplug.EndToEndTests.Programs;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.KvCache;
using Hotplug.Runtime.Plugins.Catalog;
using Xunit;

namespace Hotplug.EndToEndTests.Hosting;

/// <summary>Several sequences in one step.</summary>
public sealed class SequencesTests
{
    private static readonly int[] First = [1, 2034, 722, 262, 524, 444, 311];
    private static readonly int[] Second = [1, 262, 559];

    [Fact]
    public async Task Sequences_in_one_step_write_what_each_writes_alone()
    {
        await using var catalog = new BackendCatalog(new());
        using var host = new ModelHost(catalog);
        using var model = await host.LoadAsync(ModelSource.Open(Repository.StoryModel), new() { Placement = new() { Backend = "cpu" }, Sequences = 3, BatchOutputs = 3, Context = 64 },
            cancellation: TestContext.Current.CancellationToken);
        var executor = model.Executor;
        var alone = new[] { Alone(executor, First), Alone(executor, Second) };

        using var a = executor.NewSequence();
        using var b = executor.NewSequence();
        var batch = new StepBatch();
        // Prompts together, of different lengths, and then a token of each; a fork shares the first one's cells and leaves them alone.
        batch.Add(a, First.AsSpan(0, 6), 0);
        batch.Add(b, Second.AsSpan(0, 2), 0);
        executor.Run(batch, TestContext.Current.CancellationToken);
        using var fork = a.Fork(5);
        batch.Clear();
        batch.Add(b, Second.AsSpan(2), 1);
        batch.Add(fork, [7], 1);
        batch.Add(a, First.AsSpan(6), 1);
        executor.Run(batch, TestContext.Current.CancellationToken);

        Assert.Equal(alone[1], executor.Output(0).ToArray());
        Assert.Equal(Alone(executor, [.. First[..5], 7]), Copy(executor, batch, fork, 7));
        batch.Clear();
        a.Truncate(6);
        batch.Add(a, First.AsSpan(6), 1);
        executor.Run(batch, TestContext.Current.CancellationToken);
        Assert.Equal(alone[0], executor.Output(0).ToArray());
    }

    private static float[] Copy(ModelExecutor executor, StepBatch batch, KvSequence fork, int token)
    {
        fork.Truncate(5);
        batch.Clear();
        batch.Add(fork, [token], 1);
        executor.Run(batch);
        return executor.Output(0).ToArray();
    }

    private static float[] Alone(ModelExecutor executor, int[] tokens)
    {
        using var sequence = executor.NewSequence();
        var batch = new StepBatch();
        batch.Add(sequence, tokens, 1);
        executor.Run(batch);
        return executor.Output(0).ToArray();
    }
}
