using System.Globalization;
using Hotplug.Server.Http;

namespace Hotplug.Server.Answers;

/// <summary>Reads biases by token.</summary>
internal static class TokenBiases
{
    /// <exception cref="ApiException">A name is no number of a token.</exception>
    public static Dictionary<int, float> Read(IReadOnlyDictionary<string, float> given)
    {
        var biases = new Dictionary<int, float>();
        foreach (var (token, bias) in given)
            biases[int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw ApiException.Invalid($"'{token}' in logit_bias is no number of a token.", "logit_bias")] = bias;
        return biases;
    }
}
