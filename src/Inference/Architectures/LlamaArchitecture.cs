using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Inference.Gguf;
using Hotplug.Runtime.Graphs;

namespace Hotplug.Inference.Architectures;

/// <summary>
/// The llama family: pre-norm blocks of grouped-query attention with rotary positions and a SiLU-gated feed-forward layer. Also SmolLM, Mistral and many others under this name.
/// </summary>
internal sealed class LlamaArchitecture : IArchitecture
{
    // A count beyond this is a damaged file, not a model: the largest published ones have fewer than 200.
    private const int MaxBlocks = 512;

    public string Name => "llama";

    public ModelDescription Describe(GgufFile file)
    {
        var metadata = file.Metadata;
        var blocks = metadata.GetInt32("llama.block_count", null, 1, MaxBlocks);
        var width = metadata.GetInt32("llama.embedding_length", null, 1, 1 << 20);
        var context = metadata.GetInt32("llama.context_length", null, 1);
        var epsilon = metadata.GetFloat("llama.attention.layer_norm_rms_epsilon", null, 0f, 1f);
        var heads = metadata.GetPerLayer("llama.attention.head_count", blocks, null, 1, 1 << 16);
        var kvHeads = metadata.GetPerLayer("llama.attention.head_count_kv", blocks, heads[0], 1, 1 << 16);
        var feedForward = metadata.GetPerLayer("llama.feed_forward_length", blocks, null, 1, 1 << 24);
        if (metadata.GetInt32("llama.expert_count", 0) > 0)
            throw metadata.Invalid("llama.expert_count", "mixtures of experts are not supported yet", "use a dense model");
        if (!metadata.Contains("llama.attention.key_length") && width % heads[0] != 0)
            throw metadata.Invalid("llama.attention.head_count", $"{heads[0]} heads do not divide a width of {width}", "convert the model anew");
        var keyWidth = metadata.GetInt32("llama.attention.key_length", width / heads[0], 1, 1 << 16);
        var valueWidth = metadata.GetInt32("llama.attention.value_length", keyWidth, 1, 1 << 16);
        var rope = RopeMetadata.Read(metadata, "llama", RopeStyle.Adjacent, keyWidth, context);
        var attention = new AttentionParameters { Scale = 1f / MathF.Sqrt(keyWidth) };

        var tensors = new TensorDirectory(file);
        var vocabulary = tensors.RequireSpec("token_embd.weight").Shape.D1;
        var embedding = tensors.Require("token_embd.weight", width, vocabulary);
        var factors = tensors.Find("rope_freqs.weight", rope.RotaryWidth / 2);
        var graph = new GraphBuilder();
        try
        {
            var x = graph.GetRows(embedding, RowSource.TokenIds);
            for (var i = 0; i < blocks; i++)
            {
                if (heads[i] % kvHeads[i] != 0)
                    throw metadata.Invalid("llama.attention.head_count_kv", $"{kvHeads[i]} KV heads do not divide {heads[i]} heads", "convert the model anew");
                graph.Section = GraphSection.OfBlock(i);
                var attended = Attend(graph, tensors, i, graph.RmsNorm(x, Norm("attn_norm"), epsilon), width, heads[i], kvHeads[i], keyWidth, valueWidth, rope, factors, attention);
                if (i == blocks - 1)
                {
                    // Behind the last attention no row depends on another: only those whose logits are wanted go on.
                    attended = graph.GetRows(attended, RowSource.OutputRows);
                    x = graph.GetRows(x, RowSource.OutputRows);
                }
                x = graph.Add(x, attended);
                x = graph.Add(x, FeedForward(graph, tensors, i, graph.RmsNorm(x, Norm("ffn_norm"), epsilon), width, feedForward[i]));

                GraphValue Norm(string name) => tensors.Require($"blk.{i}.{name}.weight", width);
            }
            graph.Section = GraphSection.Output;
            x = graph.RmsNorm(x, tensors.Require("output_norm.weight", width), epsilon);
            // Without an output matrix the embedding is tied.
            var logits = graph.MatMul(tensors.Find("output.weight", width, vocabulary) ?? embedding, x);
            return new()
            {
                Architecture = Name,
                Graph = graph.Build(logits),
                Weights = tensors.Locations,
                TrainedContext = context,
                EmbeddingLength = width,
                BlockCount = blocks,
                VocabularySize = checked((int)vocabulary),
            };
        }
        catch (GraphException e)
        {
            throw new GgufException(file.Paths[0], 0, Name, e.Message, "convert the model anew", e);
        }
    }

    private static GraphValue Attend(GraphBuilder graph, TensorDirectory tensors, int i, GraphValue x, int width, int heads, int kvHeads, int keyWidth, int valueWidth,
        RopeParameters rope, GraphValue? factors, AttentionParameters attention)
    {
        var query = Project("attn_q", (long)keyWidth * heads);
        var key = Project("attn_k", (long)keyWidth * kvHeads);
        var value = Project("attn_v", (long)valueWidth * kvHeads);
        var rotatedQuery = graph.Rope(graph.SplitHeads(query, heads), factors, rope);
        var rotatedKey = graph.Rope(graph.SplitHeads(key, kvHeads), factors, rope);
        graph.KvAppend(rotatedKey, graph.SplitHeads(value, kvHeads), i);
        var y = graph.Attention(rotatedQuery, null, i, attention);
        return graph.MatMul(tensors.Require($"blk.{i}.attn_output.weight", (long)valueWidth * heads, width), y, tensors.Find($"blk.{i}.attn_output.bias", width));

        GraphValue Project(string name, long rows)
            => graph.MatMul(tensors.Require($"blk.{i}.{name}.weight", width, rows), x, tensors.Find($"blk.{i}.{name}.bias", rows));
    }

    private static GraphValue FeedForward(GraphBuilder graph, TensorDirectory tensors, int i, GraphValue x, int width, int hidden)
    {
        var gate = graph.MatMul(tensors.Require($"blk.{i}.ffn_gate.weight", width, hidden), x, tensors.Find($"blk.{i}.ffn_gate.bias", hidden));
        var up = graph.MatMul(tensors.Require($"blk.{i}.ffn_up.weight", width, hidden), x, tensors.Find($"blk.{i}.ffn_up.bias", hidden));
        return graph.MatMul(tensors.Require($"blk.{i}.ffn_down.weight", hidden, width), graph.Gated(gate, up, Activation.Silu), tensors.Find($"blk.{i}.ffn_down.bias", width));
    }
}
