namespace Hotplug.Inference.Grammars.Json;

/// <summary>Errors in schemas, with the place as a JSON pointer.</summary>
internal static class SchemaError
{
    public static GrammarException At(string path, string problem, string cure) => new($"The schema at '{path}': {problem}. {cure}.");

    public static GrammarException Unsupported(string path, string keyword) => At(path, $"a grammar cannot keep to '{keyword}'", "Leave it out, and check the answer for it");
}
