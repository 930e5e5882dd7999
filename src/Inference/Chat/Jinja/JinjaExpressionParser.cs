using System.Globalization;

namespace Hotplug.Inference.Chat.Jinja;

/// <summary>Reads expressions, by precedence.</summary>
internal class JinjaExpressionParser(List<JinjaToken> tokens)
{
    private int _at, _depth;

    protected JinjaToken Current => tokens[_at];

    protected JinjaToken Take() => tokens[_at++];

    protected bool Is(string text) => Current.Kind is JinjaTokenKind.Operator or JinjaTokenKind.Name && Current.Text == text;

    protected bool TryTake(string text)
    {
        if (!Is(text)) return false;
        _at++;
        return true;
    }

    protected JinjaToken Expect(string text) => Is(text) ? Take() : throw Wrong($"'{text}' is missing before '{Current.Text}'");

    protected string ExpectName() => Current.Kind == JinjaTokenKind.Name ? Take().Text : throw Wrong($"a name is missing before '{Current.Text}'");

    protected JinjaException Wrong(string problem) => new(problem, Current.Line);

    protected void Enter()
    {
        if (++_depth > JinjaBudget.Depth) throw Wrong($"it nests deeper than {JinjaBudget.Depth}");
    }

    protected void Leave() => _depth--;

    /// <summary>Reads an expression, or a tuple without parentheses.</summary>
    protected JinjaExpression Tuple()
    {
        var first = Expression();
        if (!Is(",")) return first;
        var items = new List<JinjaExpression> { first };
        while (TryTake(",") && Current.Kind != JinjaTokenKind.End) items.Add(Expression());
        return new JinjaExpression.List(items, first.Line);
    }

    /// <summary>Reads an expression.</summary>
    protected JinjaExpression Expression()
    {
        Enter();
        var value = Or();
        while (Is("if"))
        {
            var line = Take().Line;
            var condition = Or();
            value = new JinjaExpression.Conditional(condition, value, TryTake("else") ? Expression() : null, line);
        }

        Leave();
        return value;
    }

    protected JinjaExpression Or() => Chain(And, "or");

    private JinjaExpression And() => Chain(Not, "and");

    private JinjaExpression Not()
    {
        if (!Is("not")) return Comparison();
        Enter();
        var line = Take().Line;
        var result = new JinjaExpression.Unary("not", Not(), line);
        Leave();
        return result;
    }

    private JinjaExpression Comparison()
    {
        var left = Sum();
        JinjaExpression? all = null;
        while (true)
        {
            var line = Current.Line;
            string? operation = null;
            foreach (var one in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "<", ">", "in"])
                if (operation is null && TryTake(one)) operation = one;
            if (operation is null && Is("not") && tokens[_at + 1].Text == "in")
            {
                _at += 2;
                operation = "not in";
            }

            if (operation is null) return all ?? left;
            var right = Sum();
            var one2 = new JinjaExpression.Binary(operation, left, right, line);
            all = all is null ? one2 : new JinjaExpression.Binary("and", all, one2, line);
            left = right;
        }
    }

    private JinjaExpression Sum() => Chain(Concatenation, "+", "-");

    private JinjaExpression Concatenation() => Chain(Product, "~");

    private JinjaExpression Product() => Chain(Power, "*", "/", "//", "%");

    private JinjaExpression Power() => Chain(() => Signed(filters: true), "**");

    private JinjaExpression Chain(Func<JinjaExpression> operand, params ReadOnlySpan<string> operators)
    {
        var left = operand();
        for (var count = 0; ;)
        {
            string? found = null;
            var line = Current.Line;
            foreach (var operation in operators)
                if (found is null && TryTake(operation)) found = operation;
            if (found is null) return left;
            // Long chains become deep trees.
            if (++count > 10 * JinjaBudget.Depth) throw Wrong("an expression has too many parts");
            left = new JinjaExpression.Binary(found, left, operand(), line);
        }
    }

    // A sign belongs to the value, and filters to both.
    private JinjaExpression Signed(bool filters)
    {
        if (!Is("-") && !Is("+")) return Postfix(Primary(), filters);
        Enter();
        var sign = Take();
        var result = new JinjaExpression.Unary(sign.Text, Signed(filters: false), sign.Line);
        Leave();
        return Postfix(result, filters);
    }

    private JinjaExpression Postfix(JinjaExpression value, bool filters)
    {
        for (var count = 0; ; count++)
        {
            if (count > 10 * JinjaBudget.Depth) throw Wrong("an expression has too many parts");
            var line = Current.Line;
            if (TryTake("."))
                value = Current.Kind == JinjaTokenKind.Integer
                    ? new JinjaExpression.Index(value, new JinjaExpression.Constant(long.Parse(Take().Text, CultureInfo.InvariantCulture), line), line)
                    : new JinjaExpression.Attribute(value, ExpectName(), line);
            else if (TryTake("[")) value = Subscript(value, line);
            else if (Is("(")) value = new JinjaExpression.Call(value, Arguments(), line);
            else if (filters && TryTake("|")) value = new JinjaExpression.Filter(value, ExpectName(), Is("(") ? Arguments() : JinjaArgumentList.None, line);
            else if (filters && TryTake("is")) value = TestOf(value, line);
            else return value;
        }
    }

    private JinjaExpression.Test TestOf(JinjaExpression value, int line)
    {
        var negated = TryTake("not");
        var name = ExpectName();
        var arguments = JinjaArgumentList.None;
        if (Is("(")) arguments = Arguments();
        else if (Current.Kind is JinjaTokenKind.String or JinjaTokenKind.Integer or JinjaTokenKind.Float || Is("[")
            || (Current.Kind == JinjaTokenKind.Name && Current.Text is not ("and" or "or" or "if" or "else" or "not" or "is" or "in" or "recursive")))
            arguments = new([Postfix(Primary(), filters: false)], []);
        return new(value, name, arguments, negated, line);
    }

    private JinjaExpression Subscript(JinjaExpression value, int line)
    {
        JinjaExpression? from = Is(":") ? null : Tuple();
        if (TryTake("]")) return new JinjaExpression.Index(value, from!, line);
        Expect(":");
        JinjaExpression? to = Is(":") || Is("]") ? null : Expression();
        var step = TryTake(":") && !Is("]") ? Expression() : null;
        Expect("]");
        return new JinjaExpression.Slice(value, from, to, step, line);
    }

    protected JinjaArgumentList Arguments()
    {
        Expect("(");
        var (positional, named) = (new List<JinjaExpression>(), new List<(string, JinjaExpression)>());
        while (!TryTake(")"))
        {
            if (Current.Kind == JinjaTokenKind.Name && tokens[_at + 1] is { Kind: JinjaTokenKind.Operator, Text: "=" })
            {
                var name = Take().Text;
                _at++;
                named.Add((name, Expression()));
            }
            else positional.Add(Expression());

            if (!Is(")")) Expect(",");
        }

        return new(positional, named);
    }

    private JinjaExpression Primary()
    {
        var token = Take();
        switch (token.Kind)
        {
            case JinjaTokenKind.String:
                var text = token.Text;
                // Strings side by side are one.
                while (Current.Kind == JinjaTokenKind.String) text += Take().Text;
                return new JinjaExpression.Constant(text, token.Line);
            case JinjaTokenKind.Integer:
                return new JinjaExpression.Constant(long.TryParse(token.Text, CultureInfo.InvariantCulture, out var whole) ? whole : throw new JinjaException($"the number {token.Text} is too large", token.Line), token.Line);
            case JinjaTokenKind.Float:
                return new JinjaExpression.Constant(double.Parse(token.Text, CultureInfo.InvariantCulture), token.Line);
            case JinjaTokenKind.Name:
                return token.Text switch
                {
                    "true" or "True" => new JinjaExpression.Constant(true, token.Line),
                    "false" or "False" => new JinjaExpression.Constant(false, token.Line),
                    "none" or "None" => new JinjaExpression.Constant(null, token.Line),
                    _ => new JinjaExpression.Name(token.Text, token.Line),
                };
            case JinjaTokenKind.Operator when token.Text == "(":
                return Parenthesised(token.Line);
            case JinjaTokenKind.Operator when token.Text == "[":
                var items = new List<JinjaExpression>();
                while (!TryTake("]"))
                {
                    items.Add(Expression());
                    if (!Is("]")) Expect(",");
                }

                return new JinjaExpression.List(items, token.Line);
            case JinjaTokenKind.Operator when token.Text == "{":
                var pairs = new List<(JinjaExpression, JinjaExpression)>();
                while (!TryTake("}"))
                {
                    var key = Expression();
                    Expect(":");
                    pairs.Add((key, Expression()));
                    if (!Is("}")) Expect(",");
                }

                return new JinjaExpression.Map(pairs, token.Line);
            default:
                throw new JinjaException($"'{token.Text}' stands where a value is missing", token.Line);
        }
    }

    private JinjaExpression Parenthesised(int line)
    {
        if (TryTake(")")) return new JinjaExpression.List([], line);
        var first = Expression();
        if (TryTake(")")) return first;
        var items = new List<JinjaExpression> { first };
        while (!TryTake(")"))
        {
            Expect(",");
            if (!Is(")")) items.Add(Expression());
        }

        return new JinjaExpression.List(items, line);
    }
}
