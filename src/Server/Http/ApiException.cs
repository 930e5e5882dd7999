namespace Hotplug.Server.Http;

/// <summary>A request cannot be answered, and the caller can do something about it.</summary>
/// <param name="status">Status code.</param>
/// <param name="message">What was wrong, and what to do.</param>
/// <param name="parameter">The field of the request that was wrong, or null.</param>
/// <param name="code">A word for programs, or null.</param>
internal sealed class ApiException(int status, string message, string? parameter = null, string? code = null) : Exception(message)
{
    public int Status => status;

    public string? Parameter => parameter;

    public string? Code => code;

    /// <summary>After how long the same request may be answered, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A request that makes no sense.</summary>
    public static ApiException Invalid(string message, string? parameter = null, string? code = null) => new(400, message, parameter, code);

    /// <summary>A request for something that is not there.</summary>
    /// <param name="parameter">The field.</param>
    /// <param name="instead">What to do.</param>
    public static ApiException Unsupported(string parameter, string instead) => Invalid($"{parameter} is not supported: {instead}", parameter, "unsupported_parameter");
}
