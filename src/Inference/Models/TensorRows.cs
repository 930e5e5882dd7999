using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Gguf;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Graphs;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Placement;

namespace Hotplug.Inference.Models;

/// <summary>
/// Reads rows of a tensor as float32 through a backend: a model of one operation, loaded like any other, so that what comes out is what the backend computes with.
/// </summary>
public static class TensorRows
{
    private const int RowsPerStep = 64;

    /// <summary>Receives a row.</summary>
    public delegate void RowReceiver(ReadOnlySpan<float> row);

    /// <summary>Reads the first rows of a tensor.</summary>
    /// <param name="host">Loads it.</param>
    /// <param name="file">The file.</param>
    /// <param name="tensor">A tensor of the file.</param>
    /// <param name="backend">The backend that dequantises.</param>
    /// <param name="rows">Rows to read.</param>
    /// <param name="receive">Gets each row.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task ReadAsync(ModelHost host, GgufFile file, GgufTensor tensor, string backend, long rows, RowReceiver receive, CancellationToken cancellation = default)
    {
        // Outer dimensions are rows as well.
        var spec = tensor.Spec with { Shape = new TensorShape(tensor.Spec.Shape.D0, tensor.Spec.RowCount) };
        var table = GraphBuilder.Weight(spec);
        var builder = new GraphBuilder();
        var graph = builder.Build(builder.GetRows(builder.GetRows(table, RowSource.TokenIds), RowSource.OutputRows));
        using var devices = await host.OpenDevicesAsync(new() { Placement = new() { Backend = backend } }, "dequantize", cancellation).ConfigureAwait(false);
        var plan = Planner.Plan(new()
        {
            Graph = graph,
            Weights = new Dictionary<Abstractions.Graphs.GraphValue, WeightLocation> { [table] = new(tensor.File, tensor.FileOffset) },
            FileLengths = file.FileLengths,
            Devices = devices.Devices,
            Limits = host.Space.QueryLimits(),
            Placement = new() { Backend = backend },
            Context = RowsPerStep,
            BatchTokens = RowsPerStep,
            BatchOutputs = RowsPerStep,
        });
        var files = file.Paths.Select(WeightFile.Open).ToList();
        try
        {
            using var executor = ModelExecutorLoader.Load(plan, files, host.Space, host.Lanes, null, cancellation);
            var batch = new StepBatch();
            var step = Math.Min(executor.Largest.Tokens, executor.Largest.OutputRows);
            for (long first = 0; first < rows; first += step)
            {
                using var sequence = executor.NewSequence();
                var ids = Enumerable.Range(checked((int)first), (int)Math.Min(step, rows - first)).ToArray();
                batch.Clear();
                batch.Add(sequence, ids, ids.Length);
                executor.Run(batch, cancellation);
                for (var row = 0; row < ids.Length; row++) receive(executor.Output(row));
            }
        }
        finally
        {
            foreach (var opened in files) opened.Dispose();
        }
    }
}
