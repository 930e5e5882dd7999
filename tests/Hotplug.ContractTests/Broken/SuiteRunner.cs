using System.Reflection;
using Hotplug.Testing.Data;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Hotplug.ContractTests.Broken;

/// <summary>Runs the tests of a class as xunit does: a new object for each case, initialised before and disposed behind it.</summary>
internal static class SuiteRunner
{
    /// <summary>Runs all tests, or those of one method.</summary>
    /// <returns>What each case came to: its name and its failure, null if it passed or was skipped.</returns>
    public static async Task<IReadOnlyList<(string Test, Exception? Failure)>> Run(Type suite, string? method = null)
    {
        var results = new List<(string, Exception?)>();
        var methods = suite.GetMethods().Where(candidate => candidate.IsDefined(typeof(FactAttribute)) && (method is null || candidate.Name == method)).ToList();
        if (methods.Count == 0) throw new ArgumentException($"{suite} has no test {method}.");
        foreach (var test in methods)
            foreach (var arguments in await Arguments(test))
                results.Add(($"{test.Name}({string.Join(", ", arguments)})", await Failure(suite, test, arguments)));
        return results;
    }

    private static async Task<IReadOnlyList<object?[]>> Arguments(MethodInfo test)
    {
        var rows = new List<object?[]>();
        await using var tracker = new DisposalTracker();
        foreach (var source in test.GetCustomAttributes().OfType<IDataAttribute>())
            foreach (var row in await source.GetData(test, tracker)) rows.Add(row.GetData());
        if (test.GetParameters().Length == 0) return [[]];
        return rows.Count != 0 ? rows : throw new InvalidOperationException($"{test.Name} has no cases.");
    }

    private static async Task<Exception?> Failure(Type suite, MethodInfo test, object?[] arguments)
    {
        var subject = Activator.CreateInstance(suite)!;
        Exception? failure = null;
        try
        {
            if (subject is IAsyncLifetime lifetime) await lifetime.InitializeAsync();
            if (test.Invoke(subject, arguments) is Task task) await task;
        }
        catch (Exception exception)
        {
            failure = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
        }
        try
        {
            if (subject is IAsyncDisposable disposable) await disposable.DisposeAsync();
        }
        catch (Exception exception)
        {
            failure ??= exception;
        }
        return failure is not null && Scenario.IsSkip(failure) ? null : failure;
    }
}
