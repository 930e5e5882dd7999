using System.Threading.RateLimiting;
using Hotplug.Server.Hosting;
using Hotplug.Server.Http;
using Microsoft.Extensions.Options;

namespace Hotplug.Server.Limits;

/// <summary>How often callers may ask: each has a bucket of requests that fills up again over time. Thread-safe. Forgets callers whose bucket is full.</summary>
internal sealed class CallerRates : IDisposable
{
    private readonly PartitionedRateLimiter<Caller>? _buckets;

    public CallerRates(IOptions<HotplugServerOptions> options)
    {
        if (options.Value is not { RateLimit: > 0 and var limit, RateLimitWindow: var window }) return;
        // One by one rather than all at once, so that nobody has to wait for the end of a window.
        var bucket = new TokenBucketRateLimiterOptions { TokenLimit = limit, TokensPerPeriod = 1, ReplenishmentPeriod = window / limit, QueueLimit = 0 };
        _buckets = PartitionedRateLimiter.Create<Caller, string>(caller => RateLimitPartition.GetTokenBucketLimiter(caller.Id, _ => bucket));
    }

    /// <summary>Takes one request from a caller's bucket.</summary>
    /// <exception cref="ApiException">It is empty.</exception>
    public void Take(Caller caller)
    {
        using var lease = _buckets?.AttemptAcquire(caller);
        if (lease is null or { IsAcquired: true }) return;
        throw new ApiException(429, "More requests came from you than this server takes of one caller. Wait, and try again.", code: "rate_limited")
        {
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : null,
        };
    }

    public void Dispose() => _buckets?.Dispose();
}
