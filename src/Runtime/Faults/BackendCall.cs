using Hotplug.Abstractions.Faults;

namespace Hotplug.Runtime.Faults;

/// <summary>The boundary between host and plugin code: every call into a plugin goes through here, or translates what it catches here.</summary>
internal static class BackendCall
{
    /// <summary>Calls into a plugin and returns its answer.</summary>
    /// <exception cref="BackendFaultException">The plugin threw; this is its text.</exception>
    public static TResult Invoke<TState, TResult>(string origin, string operation, TState state, Func<TState, TResult> call)
    {
        try
        {
            return call(state);
        }
        catch (Exception exception)
        {
            throw Translate(origin, operation, exception);
        }
    }

    /// <summary>Turns what a plugin threw into text. A fault that has been translated already is returned as it is.</summary>
    public static BackendFaultException Translate(string origin, string operation, Exception exception)
    {
        if (exception is BackendFaultException translated)
            return translated;
        // The members of a foreign exception are plugin code, too.
        try
        {
            var kind = exception switch
            {
                BackendException typed => typed.Kind,
                OperationCanceledException => FaultKind.Cancelled,
                TimeoutException => FaultKind.TimedOut,
                _ => FaultKind.Defect,
            };
            var reason = exception is BackendException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}";
            return new BackendFaultException(kind, origin, operation, reason, exception.ToString());
        }
        catch (Exception)
        {
            return new BackendFaultException(FaultKind.Defect, origin, operation, "an exception that cannot describe itself");
        }
    }
}
