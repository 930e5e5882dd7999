using System.Text.Json;
using Hotplug.Abstractions.Faults;
using Hotplug.Inference.Deployment;
using Hotplug.Runtime.Plugins.Slots;
using Hotplug.Server.Http;
using Microsoft.AspNetCore.Mvc;

namespace Hotplug.Server.Administration;

/// <summary>What a failure is to whoever administers: unlike those who ask for texts, he is told what backends and plans say.</summary>
internal static class AdminProblem
{
    /// <summary>The problem, or null for what only the log may know.</summary>
    public static ProblemDetails? Of(Exception failure) => failure switch
    {
        ApiException e => Of(e.Status, Title(e.Status), e.Message),
        // It goes on as before, and says why.
        SwapRefusedException e => Of(409, "Refused; everything is as before.", e.Message),
        BackendUnavailableException e => Of(404, Title(404), e.Message),
        BackendException e => Of(502, "A backend failed.", e.Message),
        JsonException e => Of(400, Title(400), $"The request is no JSON that is understood here: {e.Message}"),
        FormatException e => Of(400, Title(400), e.Message),
        ArgumentException e => Of(400, Title(400), e.ParamName is { } name ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message),
        _ => null,
    };

    private static ProblemDetails Of(int status, string title, string detail) => new() { Type = "about:blank", Title = title, Status = status, Detail = detail };

    private static string Title(int status) => status switch
    {
        400 => "The request makes no sense.",
        403 => "Not allowed.",
        404 => "There is no such thing.",
        501 => "Not available in this program.",
        503 => "Not now.",
        _ => "Refused.",
    };
}
