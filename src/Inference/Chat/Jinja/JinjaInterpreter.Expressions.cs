namespace Hotplug.Inference.Chat.Jinja;

/// <content>Values of expressions.</content>
internal sealed partial class JinjaInterpreter
{
    private object? Evaluate(JinjaExpression expression, JinjaScope scope)
    {
        _budget.Step();
        EnsureStack();
        try
        {
            return Value(expression, scope);
        }
        catch (JinjaException failure) when (failure.Line == 0)
        {
            throw new JinjaException(failure.Message, expression.Line);
        }
    }

    private object? Value(JinjaExpression expression, JinjaScope scope)
    {
        switch (expression)
        {
            case JinjaExpression.Constant constant:
                return constant.Value;
            case JinjaExpression.Name name:
                return scope[name.Text];
            case JinjaExpression.List list:
                return list.Items.Select(item => Evaluate(item, scope)).ToList();
            case JinjaExpression.Map map:
                var members = new JinjaMap();
                foreach (var (key, value) in map.Pairs) members[Text(Evaluate(key, scope))] = Evaluate(value, scope);
                return members;
            case JinjaExpression.Attribute attribute:
                return Attribute(Evaluate(attribute.Of, scope), attribute.Text);
            case JinjaExpression.Index index:
                return Item(Evaluate(index.Of, scope), Evaluate(index.At, scope));
            case JinjaExpression.Slice slice:
                return Slice(Evaluate(slice.Of, scope), Bound(slice.From), Bound(slice.To), Bound(slice.Step));
            case JinjaExpression.Call call:
                return Call(call, scope);
            case JinjaExpression.Filter filter:
                return JinjaFilters.Apply(this, filter.Text, Evaluate(filter.Of, scope), Evaluate(filter.Arguments, scope));
            case JinjaExpression.Test test:
                return JinjaTests.Holds(test.Text, Evaluate(test.Of, scope), Evaluate(test.Arguments, scope)) != test.Negated;
            case JinjaExpression.Unary unary:
                return Unary(unary.Operator, Evaluate(unary.Of, scope));
            case JinjaExpression.Binary binary:
                return Binary(binary, scope);
            case JinjaExpression.Conditional conditional:
                return JinjaValue.IsTrue(Evaluate(conditional.Condition, scope)) ? Evaluate(conditional.Then, scope)
                    : conditional.Else is null ? new JinjaUndefined("else") : Evaluate(conditional.Else, scope);
            default:
                throw new InvalidOperationException();
        }

        long? Bound(JinjaExpression? bound) => bound is null ? null : Evaluate(bound, scope) switch
        {
            null => null,
            long whole => whole,
            var other => throw new JinjaException($"{JinjaValue.Kind(other)} is no place in a list"),
        };
    }

    private JinjaArguments Evaluate(JinjaArgumentList arguments, JinjaScope scope)
        => new([.. arguments.Positional.Select(a => Evaluate(a, scope))], arguments.Named.ToDictionary(a => a.Name, a => Evaluate(a.Value, scope)));

    private object? Call(JinjaExpression.Call call, JinjaScope scope)
    {
        // Methods of values are found by their name, and nothing else of a value can be called.
        var function = call.Function is JinjaExpression.Attribute method
            ? JinjaMethods.Find(this, Evaluate(method.Of, scope), method.Text)
            : Evaluate(call.Function, scope);
        if (function is not JinjaFunction callable)
            throw new JinjaException(call.Function is JinjaExpression.Name name && function is JinjaUndefined ? $"there is no function '{name.Text}'" : $"{JinjaValue.Kind(function)} cannot be called");
        return callable(Evaluate(call.Arguments, scope));
    }

    /// <summary>A member by its name.</summary>
    internal object? Attribute(object? value, string name) => value switch
    {
        JinjaMap map => map.TryGet(name, out var member) ? member : JinjaMethods.TryFind(this, value, name) ?? (object)new JinjaUndefined(name),
        JinjaLoop loop => loop.Get(name),
        JinjaUndefined undefined => throw new JinjaException($"'{undefined.Name}' is not defined, and so has no '{name}'"),
        _ => JinjaMethods.TryFind(this, value, name) ?? (object)new JinjaUndefined(name),
    };

    private object? Item(object? value, object? at) => (value, at) switch
    {
        (JinjaMap map, string key) => map.TryGet(key, out var member) ? member : new JinjaUndefined(key),
        (IReadOnlyList<object?> list, long index) => index >= -list.Count && index < list.Count ? list[(int)(index < 0 ? index + list.Count : index)] : new JinjaUndefined($"item {index}"),
        (string text, long index) => index >= -text.Length && index < text.Length ? text[(int)(index < 0 ? index + text.Length : index)].ToString() : new JinjaUndefined($"character {index}"),
        (JinjaLoop loop, string name) => loop.Get(name),
        (JinjaUndefined undefined, _) => throw new JinjaException($"'{undefined.Name}' is not defined, and so has no items"),
        _ => new JinjaUndefined(Text(at)),
    };

    private object Slice(object? value, long? from, long? to, long? step)
    {
        var stride = step ?? 1;
        if (stride == 0) throw new JinjaException("a slice cannot go in steps of 0");
        var length = value switch
        {
            string text => text.Length,
            IReadOnlyList<object?> list => list.Count,
            JinjaUndefined => 0,
            _ => throw new JinjaException($"{JinjaValue.Kind(value)} cannot be cut"),
        };
        var (least, most) = stride > 0 ? (0L, (long)length) : (-1L, length - 1L);
        long Place(long? place, long otherwise) => place is { } p ? Math.Clamp(p < 0 ? p + length : p, least, most) : otherwise;
        var (start, end) = (Place(from, stride > 0 ? 0 : length - 1), Place(to, stride > 0 ? length : -1));
        var places = new List<int>();
        for (var at = start; stride > 0 ? at < end : at > end; at += stride) places.Add((int)at);
        _budget.Step(places.Count / 16);
        return value is string whole ? new string([.. places.Select(at => whole[at])]) : places.Select(at => ((IReadOnlyList<object?>)value!)[at]).ToList();
    }

    private static object? Unary(string operation, object? value) => (operation, value) switch
    {
        ("not", _) => !JinjaValue.IsTrue(value),
        ("-", long whole) => unchecked(-whole),
        ("-", double real) => -real,
        ("+", long or double) => value,
        _ => throw new JinjaException($"'{operation}' does not go with {JinjaValue.Kind(value)}"),
    };

    private object? Binary(JinjaExpression.Binary binary, JinjaScope scope)
    {
        var left = Evaluate(binary.Left, scope);
        switch (binary.Operator)
        {
            case "and":
                return JinjaValue.IsTrue(left) ? Evaluate(binary.Right, scope) : left;
            case "or":
                return JinjaValue.IsTrue(left) ? left : Evaluate(binary.Right, scope);
        }

        var right = Evaluate(binary.Right, scope);
        return binary.Operator switch
        {
            "==" => JinjaValue.AreEqual(left, right),
            "!=" => !JinjaValue.AreEqual(left, right),
            "<" => JinjaValue.Compare(left, right) < 0,
            ">" => JinjaValue.Compare(left, right) > 0,
            "<=" => JinjaValue.Compare(left, right) <= 0,
            ">=" => JinjaValue.Compare(left, right) >= 0,
            "in" => Contains(right, left),
            "not in" => !Contains(right, left),
            "~" => Concatenate(Text(left), Text(right)),
            _ => JinjaArithmetic.Apply(binary.Operator, left, right, _budget),
        };
    }

    private string Concatenate(string left, string right)
    {
        _budget.Text(left.Length + (long)right.Length);
        return left + right;
    }

    internal bool Contains(object? container, object? value)
    {
        switch (container)
        {
            case string text:
                _budget.Step(text.Length / 64);
                return value is string part ? text.Contains(part, StringComparison.Ordinal) : throw new JinjaException($"a text cannot contain {JinjaValue.Kind(value)}");
            case JinjaMap map:
                return value is string key && map.Has(key);
            case JinjaUndefined:
                return false;
            default:
                var items = JinjaValue.Items(container);
                _budget.Step(items.Count);
                return items.Any(item => JinjaValue.AreEqual(item, value));
        }
    }
}
