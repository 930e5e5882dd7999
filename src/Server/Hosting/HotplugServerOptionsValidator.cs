using Microsoft.Extensions.Options;

namespace Hotplug.Server.Hosting;

/// <summary>Checks the options at start, and lists all that is wrong.</summary>
internal sealed class HotplugServerOptionsValidator : IValidateOptions<HotplugServerOptions>
{
    public ValidateOptionsResult Validate(string? name, HotplugServerOptions options)
    {
        var problems = new List<string>();
        if (options.ApiKeys.Any(string.IsNullOrWhiteSpace)) problems.Add("An API key is empty. Give it a value, or leave it out.");
        if (options.MaxRequestBytes < 1) problems.Add($"A request of {options.MaxRequestBytes} bytes says nothing. Allow at least 1.");
        if (options.RetryAfter < TimeSpan.Zero) problems.Add($"Nobody can try again after {options.RetryAfter}. Give a time that is not negative.");
        if (options.RequestTimeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > TimeSpan.FromDays(24))) problems.Add($"A request cannot be answered in {timeout}. Give a time above zero and below 24 days, or none.");
        if (options.RateLimit < 0) problems.Add($"Nobody can send {options.RateLimit} requests. Give 0 for no limit, or a number above it.");
        if (options.RateLimitWindow <= TimeSpan.Zero || options.RateLimitWindow > TimeSpan.FromDays(24)) problems.Add($"A rate limit over {options.RateLimitWindow} makes no sense. Give a time above zero and below 24 days.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
