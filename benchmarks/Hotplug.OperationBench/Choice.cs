using System.Globalization;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.OperationBench;

/// <summary>What is measured where the environment does not say otherwise.</summary>
internal static class Choice
{
    public static IEnumerable<TensorType> Types => Words("HOTPLUG_TYPES") is { } words
        ? words.Select(w => Enum.Parse<TensorType>(w, ignoreCase: true))
        : [TensorType.Q4_0, TensorType.Q4_1, TensorType.Q8_0, TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K, TensorType.IQ4_NL, TensorType.F16, TensorType.F32];

    public static IEnumerable<int> Tokens => Words("HOTPLUG_TOKENS")?.Select(Number) ?? [1, 4, 16, 128, 512];

    public static int Threads => Words("HOTPLUG_THREADS") is [var word, ..] ? Number(word) : 1;

    /// <summary>Bits of activations.</summary>
    public static string Activations => Words("HOTPLUG_ACTIVATIONS") is [var word, ..] ? word : "16";

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private static string[]? Words(string variable) => Environment.GetEnvironmentVariable(variable)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
