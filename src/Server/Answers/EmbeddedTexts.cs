namespace Hotplug.Server.Answers;

/// <summary>Vectors of texts.</summary>
/// <param name="Model">Name of the model that made them.</param>
/// <param name="Vectors">One per text.</param>
/// <param name="Tokens">Tokens of all texts.</param>
internal sealed record EmbeddedTexts(string Model, IReadOnlyList<float[]> Vectors, int Tokens);
