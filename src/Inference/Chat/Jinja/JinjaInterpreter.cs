using System.Runtime.CompilerServices;
using System.Text;

namespace Hotplug.Inference.Chat.Jinja;

/// <summary>Follows a template. One rendering; one thread.</summary>
internal sealed partial class JinjaInterpreter
{
    private readonly JinjaBudget _budget = new();
    private readonly JinjaScope _globals = new(null);
    private readonly TimeProvider _time;
    private StringBuilder _output = new();
    private int _depth, _loops;

    private JinjaInterpreter(TimeProvider time)
    {
        _time = time;
        AddGlobals();
    }

    private enum Flow
    {
        On,
        Continue,
        Break,
    }

    /// <summary>Renders a template.</summary>
    /// <param name="body">The template.</param>
    /// <param name="variables">What it may read.</param>
    /// <param name="time">The clock of <c>strftime_now</c>.</param>
    /// <exception cref="JinjaException">It fails, or goes beyond a limit.</exception>
    public static string Render(IReadOnlyList<JinjaStatement> body, JinjaMap variables, TimeProvider time)
    {
        var interpreter = new JinjaInterpreter(time);
        foreach (var name in variables.Keys)
        {
            variables.TryGet(name, out var value);
            interpreter._globals[name] = value;
        }

        interpreter.Run(body, new JinjaScope(interpreter._globals));
        return interpreter._output.ToString();
    }

    private Flow Run(IReadOnlyList<JinjaStatement> body, JinjaScope scope)
    {
        EnsureStack();
        foreach (var statement in body)
        {
            Flow flow;
            try
            {
                _budget.Step();
                flow = Run(statement, scope);
            }
            catch (JinjaException failure) when (failure.Line == 0)
            {
                throw new JinjaException(failure.Message, statement.Line);
            }

            if (flow != Flow.On) return flow;
        }

        return Flow.On;
    }

    private Flow Run(JinjaStatement statement, JinjaScope scope)
    {
        switch (statement)
        {
            case JinjaStatement.Text text:
                Write(text.Value);
                return Flow.On;
            case JinjaStatement.Output output:
                Write(Text(Evaluate(output.Value, scope)));
                return Flow.On;
            case JinjaStatement.If choice:
                foreach (var (condition, body) in choice.Branches)
                    if (JinjaValue.IsTrue(Evaluate(condition, scope))) return Run(body, scope);
                return Run(choice.Else, scope);
            case JinjaStatement.For loop:
                return RunFor(loop, scope);
            case JinjaStatement.Set set:
                Assign(set, scope);
                return Flow.On;
            case JinjaStatement.Capture capture:
                RunCapture(capture, scope);
                return Flow.On;
            case JinjaStatement.Macro macro:
                scope[macro.Name] = (JinjaFunction)(arguments => CallMacro(macro, arguments, scope));
                return Flow.On;
            case JinjaStatement.Jump jump:
                return _loops == 0 ? throw new JinjaException("break and continue belong into a loop") : jump.Ends ? Flow.Break : Flow.Continue;
            case JinjaStatement.Group group:
                return Run(group.Body, scope);
            default:
                throw new InvalidOperationException();
        }
    }

    private Flow RunFor(JinjaStatement.For loop, JinjaScope scope)
    {
        IReadOnlyList<object?> items = JinjaValue.Items(Evaluate(loop.Over, scope));
        _budget.List(items.Count);
        if (loop.Where is not null)
            items = [.. items.Where(item =>
            {
                var trial = new JinjaScope(scope);
                Bind(loop.Targets, item, trial);
                return JinjaValue.IsTrue(Evaluate(loop.Where, trial));
            })];
        if (items.Count == 0) return Run(loop.Else, scope);

        _loops++;
        var variable = new JinjaLoop(items, _loops);
        for (; variable.At < items.Count; variable.At++)
        {
            var inner = new JinjaScope(scope);
            Bind(loop.Targets, items[variable.At], inner);
            inner["loop"] = variable;
            if (Run(loop.Body, inner) == Flow.Break) break;
        }

        _loops--;
        return Flow.On;
    }

    private static void Bind(IReadOnlyList<string> targets, object? value, JinjaScope scope)
    {
        if (targets is [var only])
        {
            scope[only] = value;
            return;
        }

        var parts = JinjaValue.Items(value);
        if (parts.Count != targets.Count) throw new JinjaException($"{parts.Count} values do not go into {targets.Count} variables");
        for (var i = 0; i < parts.Count; i++) scope[targets[i]] = parts[i];
    }

    private void Assign(JinjaStatement.Set set, JinjaScope scope)
    {
        var value = Evaluate(set.Value, scope);
        if (set.Member is null) Bind(set.Targets, value, scope);
        else if (scope[set.Targets[0]] is JinjaMap { IsNamespace: true } space) space[set.Member] = value;
        else throw new JinjaException($"'{set.Targets[0]}' is no namespace, and only members of namespaces can be set");
    }

    private void RunCapture(JinjaStatement.Capture capture, JinjaScope scope)
    {
        object? text = Captured(() => Run(capture.Body, new JinjaScope(scope)));
        foreach (var (name, arguments) in capture.Filters) text = JinjaFilters.Apply(this, name, text, Evaluate(arguments, scope));
        if (capture.Target is { } target) scope[target] = text;
        else Write(Text(text));
    }

    private string Captured(Action body)
    {
        var around = _output;
        _output = new();
        try
        {
            body();
            return _output.ToString();
        }
        finally
        {
            _output = around;
        }
    }

    private object? CallMacro(JinjaStatement.Macro macro, JinjaArguments arguments, JinjaScope definedIn)
    {
        var scope = new JinjaScope(definedIn);
        if (arguments.Positional.Count > macro.Parameters.Count) throw new JinjaException($"'{macro.Name}' takes {macro.Parameters.Count} arguments, and gets {arguments.Positional.Count}");
        if (arguments.Named.Keys.FirstOrDefault(name => macro.Parameters.All(p => p.Name != name)) is { } unknown) throw new JinjaException($"'{macro.Name}' has no parameter '{unknown}'");
        for (var i = 0; i < macro.Parameters.Count; i++)
        {
            var (name, otherwise) = macro.Parameters[i];
            var value = arguments[i, name];
            scope[name] = value is JinjaUndefined && otherwise is not null ? Evaluate(otherwise, scope) : value;
        }

        // A loop around the call is not one around the body.
        var loops = _loops;
        _loops = 0;
        Enter();
        var text = Captured(() => Run(macro.Body, scope));
        Leave();
        _loops = loops;
        return text;
    }

    private void Enter()
    {
        if (++_depth > JinjaBudget.Depth) throw new JinjaException($"macros and expressions nest deeper than {JinjaBudget.Depth}");
    }

    private void Leave() => _depth--;

    // Deep blocks in deep macros, and long chains of operators, are deeper together than either may be.
    private static void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new JinjaException("macros, blocks and expressions nest too deep together");
    }

    private void Write(string text)
    {
        _budget.Text(text.Length);
        if (_output.Length + (long)text.Length > JinjaBudget.TextLength) _budget.Text(_output.Length + (long)text.Length);
        _output.Append(text);
    }

    internal string Text(object? value) => JinjaValue.Text(value, _budget);

    internal JinjaBudget Budget => _budget;
}
