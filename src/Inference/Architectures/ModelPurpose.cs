namespace Hotplug.Inference.Architectures;

/// <summary>What a model's output is.</summary>
public enum ModelPurpose
{
    /// <summary>Logits of the next token.</summary>
    Text,
    /// <summary>One vector of length 1 per text.</summary>
    Embedding,
}
