using Hotplug.Inference.Gguf;

namespace Hotplug.Inference.Adapters;

/// <summary>The two matrices that an adapter has for one matrix of the model.</summary>
/// <param name="A">Leads to the rank: of <c>W[k, m]</c> it is <c>[k, r]</c>; of the embedding <c>[d, v]</c>, <c>[r, v]</c>.</param>
/// <param name="B">Leads back: <c>[r, m]</c>, of the embedding <c>[r, d]</c>.</param>
internal sealed record LoraPair(GgufTensor A, GgufTensor B);
