using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Hotplug.Abstractions.Faults;

namespace Hotplug.Runtime.Plugins.Loading;

/// <summary>
/// Calls into plugin code. Whatever is thrown there becomes a <see cref="PluginFaultException"/> with text: an exception object would keep the plugin's code alive
/// through its stack trace, and its own members are plugin code that may throw again.
/// </summary>
public static class PluginBoundary
{
    private const int MaxText = 8192;

    /// <summary>Calls a member of a plugin.</summary>
    /// <exception cref="PluginFaultException">It threw.</exception>
    [MethodImpl(MethodImplOptions.NoInlining), DebuggerStepThrough]
    public static TResult Call<TState, TResult>(string pluginId, string call, TState state, Func<TState, TResult> body)
    {
        PluginFaultException fault;
        try
        {
            return body(state);
        }
        catch (Exception thrown)
        {
            fault = Fault(pluginId, call, thrown);
        }
        throw fault;
    }

    /// <summary>Awaits a call of a member of a plugin.</summary>
    /// <exception cref="PluginFaultException">It threw.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled by <paramref name="cancellation"/>.</exception>
    public static async ValueTask<TResult> CallAsync<TState, TResult>(string pluginId, string call, TState state, Func<TState, ValueTask<TResult>> body,
        CancellationToken cancellation = default)
    {
        Exception fault;
        try
        {
            return await body(state).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            fault = new OperationCanceledException($"{call} of plugin '{pluginId}' was cancelled.", cancellation);
        }
        catch (Exception thrown)
        {
            fault = Fault(pluginId, call, thrown);
        }
        throw fault;
    }

    /// <summary>Turns what plugin code threw into a host error that holds text only.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static PluginFaultException Fault(string pluginId, string call, Exception thrown)
    {
        // A fault that was turned into text already is not wrapped again.
        if (thrown is PluginFaultException known) return new(known.PluginId, known.Call, known.Kind, known.Reason, known.Details);
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
        if (thrown is not BackendException) reason = $"{thrown.GetType().Name}: {reason}";
        return new(pluginId, call, kind, Cut(reason), Cut(Read(thrown.ToString, thrown.GetType().ToString())));
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
