using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Hotplug.Abstractions.Faults;

namespace Hotplug.Runtime.Faults;

/// <summary>
/// The boundary between host and plugin code: every call into a plugin goes through here, or translates what it catches here. What was thrown becomes text: an exception
/// object would keep the plugin's code alive through its stack trace, and its own members are plugin code that may throw again.
/// </summary>
public static class BackendCall
{
    private const int MaxText = 8192;

    /// <summary>Calls into a plugin and returns its answer.</summary>
    /// <exception cref="BackendFaultException">The plugin threw; this is its text.</exception>
    [MethodImpl(MethodImplOptions.NoInlining), DebuggerStepThrough]
    public static TResult Invoke<TState, TResult>(string origin, string operation, TState state, Func<TState, TResult> call)
    {
        BackendFaultException fault;
        try
        {
            return call(state);
        }
        catch (Exception thrown)
        {
            fault = Translate(origin, operation, thrown);
        }
        throw fault;
    }

    /// <summary>Awaits a call into a plugin.</summary>
    /// <exception cref="BackendFaultException">The plugin threw; this is its text.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled by <paramref name="cancellation"/>.</exception>
    public static async ValueTask<TResult> InvokeAsync<TState, TResult>(string origin, string operation, TState state, Func<TState, ValueTask<TResult>> call,
        CancellationToken cancellation = default)
    {
        Exception fault;
        try
        {
            return await call(state).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            fault = new OperationCanceledException($"{operation} of {origin} was cancelled.", cancellation);
        }
        catch (Exception thrown)
        {
            fault = Translate(origin, operation, thrown);
        }
        throw fault;
    }

    /// <summary>Turns what a plugin threw into text. A fault that has been translated already keeps its text.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static BackendFaultException Translate(string origin, string operation, Exception thrown)
    {
        // A new object all the same: the stack of the old one may hold frames of the plugin.
        if (thrown is BackendFaultException known) return new(known.Kind, known.Origin, known.Operation, known.Reason, known.Detail);
        while (thrown is TargetInvocationException { InnerException: { } inner }) thrown = inner;
        if (thrown is AggregateException { InnerExceptions: [{ } only] }) thrown = only;
        var kind = thrown switch
        {
            BackendException backend => Read(() => backend.Kind, FaultKind.Defect),
            OperationCanceledException => FaultKind.Cancelled,
            TimeoutException => FaultKind.TimedOut,
            _ => FaultKind.Defect,
        };
        var reason = Read(() => thrown.Message, "(its message cannot be read)");
        // The name of a parameter means something inside of the plugin only.
        if (thrown is ArgumentException { ParamName: { } parameter }) reason = reason.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal);
        if (thrown is not BackendException) reason = $"{thrown.GetType().Name}: {reason}";
        return new(kind, origin, operation, Cut(reason), Cut(Read(thrown.ToString, thrown.GetType().ToString())));
    }

    private static T Read<T>(Func<T> member, T otherwise)
    {
        try
        {
            return member() ?? otherwise;
        }
        catch
        {
            return otherwise;
        }
    }

    private static string Cut(string text) => text.Length <= MaxText ? text : string.Concat(text.AsSpan(0, MaxText), "…");
}
