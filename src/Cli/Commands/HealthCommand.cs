using System.CommandLine;
using System.Text.Json;

namespace Hotplug.Cli.Commands;

/// <summary><c>hotplug health [URL]</c>: asks a server whether it is ready, for those who watch it and have nothing else to ask with.</summary>
internal sealed class HealthCommand : Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Argument<string> _address = new("URL") { Description = "The server", DefaultValueFactory = _ => "http://127.0.0.1:5001" };

    public HealthCommand() : base("health", "Ask a server whether it is ready: exit code 0 if it is, 1 if not")
    {
        Add(_address);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var typed = arguments.GetValue(_address)!;
        if (!Uri.TryCreate(typed, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new UsageException($"'{typed}' is no address of a server. Type one such as http://127.0.0.1:5001.");
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri(address, "/health/ready"), cancellation);
            var health = JsonElement.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            Console.WriteLine(health.GetProperty("status").GetString());
            if (health.TryGetProperty("reasons", out var reasons))
                foreach (var reason in reasons.EnumerateArray()) Console.Error.WriteLine($"note: {reason.GetString()}");
            return answer.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Internal;
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or KeyNotFoundException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Console.Error.WriteLine($"hotplug: no server answers at {address}: {failure.Message}");
            return ExitCode.Internal;
        }
    }
}
