namespace Hotplug.Inference.Telemetry;

/// <summary>
/// Names of OpenTelemetry's semantic conventions for generative AI, which are still in development: all that are used here are in this file. Those of the client (<c>gen_ai.client.*</c>) are
/// recorded by the middleware of Microsoft.Extensions.AI and not a second time here.
/// </summary>
internal static class GenAiNames
{
    public const string RequestDuration = "gen_ai.server.request.duration";
    public const string TimeToFirstToken = "gen_ai.server.time_to_first_token";
    public const string TimePerOutputToken = "gen_ai.server.time_per_output_token";

    public const string OperationTag = "gen_ai.operation.name";
    public const string ProviderTag = "gen_ai.provider.name";
    public const string ModelTag = "gen_ai.request.model";
    public const string TokenTypeTag = "gen_ai.token.type";
    public const string InputTokensTag = "gen_ai.usage.input_tokens";
    public const string OutputTokensTag = "gen_ai.usage.output_tokens";
    public const string FinishReasonsTag = "gen_ai.response.finish_reasons";
    public const string ErrorTag = "error.type";

    public const string Provider = "hotplug";
    public const string Input = "input", Output = "output";
    public const string Embeddings = "embeddings";

    /// <summary>Bounds of durations of requests, in seconds, as the conventions advise.</summary>
    public static readonly double[] Requests = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    /// <summary>Bounds of the time to the first token, in seconds, as the conventions advise.</summary>
    public static readonly double[] FirstTokens = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>Bounds of the time between tokens, in seconds, as the conventions advise.</summary>
    public static readonly double[] Tokens = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
}
