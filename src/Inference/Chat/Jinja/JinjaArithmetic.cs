namespace Hotplug.Inference.Chat.Jinja;

/// <summary>Arithmetic as in Python, within the budget.</summary>
internal static class JinjaArithmetic
{
    public static object? Apply(string operation, object? left, object? right, JinjaBudget budget)
    {
        switch (operation, left, right)
        {
            case ("+", string a, string b):
                budget.Text(a.Length + (long)b.Length);
                return a + b;
            case ("+", IReadOnlyList<object?> a, IReadOnlyList<object?> b):
                budget.List(a.Count + (long)b.Count);
                return (List<object?>)[.. a, .. b];
            case ("*", string text, long times):
                return Repeat(text, times, budget);
            case ("*", long times, string text):
                return Repeat(text, times, budget);
        }

        if (JinjaValue.Number(left) is not { } x || JinjaValue.Number(right) is not { } y) throw new JinjaException($"'{operation}' does not go with {JinjaValue.Kind(left)} and {JinjaValue.Kind(right)}");
        if (operation is "/" or "//" or "%" && y == 0) throw new JinjaException("it divides by zero");
        return left is double || right is double || operation == "/" || (operation == "**" && y < 0) ? Real(operation, x, y) : Whole(operation, (long)x, (long)y, left, right);
    }

    private static string Repeat(string text, long times, JinjaBudget budget)
    {
        if (times <= 0 || text.Length == 0) return "";
        budget.Text(times > JinjaBudget.TextLength ? times : text.Length * times);
        return string.Concat(Enumerable.Repeat(text, (int)times));
    }

    private static object Real(string operation, double x, double y) => operation switch
    {
        "+" => x + y,
        "-" => x - y,
        "*" => x * y,
        "/" => x / y,
        "//" => Math.Floor(x / y),
        "%" => x - y * Math.Floor(x / y),
        "**" => Math.Pow(x, y),
        _ => throw new InvalidOperationException(),
    };

    private static object Whole(string operation, long roundedX, long roundedY, object? left, object? right)
    {
        var (x, y) = (left as long? ?? roundedX, right as long? ?? roundedY);
        try
        {
            return checked(operation switch
            {
                "+" => x + y,
                "-" => x - y,
                "*" => x * y,
                "//" => x / y - (x % y != 0 && (x < 0) != (y < 0) ? 1 : 0),
                "%" => ((x % y) + y) % y,
                "**" => Power(x, y),
                _ => throw new InvalidOperationException(),
            });
        }
        catch (OverflowException)
        {
            throw new JinjaException("a number gets too large");
        }
    }

    private static long Power(long x, long y)
    {
        if (x is 0 or 1 or -1) return y == 0 ? 1 : x == -1 && y % 2 == 0 ? 1 : x;
        var result = 1L;
        for (; y > 0; y--) result = checked(result * x);
        return result;
    }
}
