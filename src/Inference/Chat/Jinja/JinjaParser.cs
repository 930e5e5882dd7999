namespace Hotplug.Inference.Chat.Jinja;

/// <summary>Reads templates.</summary>
internal sealed class JinjaParser : JinjaExpressionParser
{
    private static readonly string[] Nothing = [];

    private JinjaParser(List<JinjaToken> tokens) : base(tokens)
    {
    }

    /// <summary>Reads a template.</summary>
    /// <exception cref="JinjaException">It is malformed.</exception>
    public static IReadOnlyList<JinjaStatement> Parse(string template)
    {
        if (template.Length > JinjaBudget.TemplateLength) throw new JinjaException($"The template has {template.Length} characters; at most {JinjaBudget.TemplateLength} are read.");
        var parser = new JinjaParser(JinjaLexer.Read(template));
        var body = parser.Body(Nothing, out _);
        return body;
    }

    /// <summary>Reads up to a block of one of these names, whose name is taken; to the end of the template if there are none.</summary>
    private List<JinjaStatement> Body(string[] ends, out string end)
    {
        Enter();
        var body = new List<JinjaStatement>();
        while (true)
        {
            var token = Take();
            switch (token.Kind)
            {
                case JinjaTokenKind.Text:
                    body.Add(new JinjaStatement.Text(token.Text, token.Line));
                    break;
                case JinjaTokenKind.BeginOutput:
                    body.Add(new JinjaStatement.Output(Tuple(), token.Line));
                    EndTag();
                    break;
                case JinjaTokenKind.BeginBlock:
                    var name = ExpectName();
                    if (ends.Contains(name))
                    {
                        Leave();
                        end = name;
                        return body;
                    }

                    body.Add(Block(name, token.Line));
                    break;
                case JinjaTokenKind.EndOfTemplate when ends.Length == 0:
                    Leave();
                    end = "";
                    return body;
                default:
                    throw new JinjaException($"'{string.Join("' or '", ends)}' is missing at the end of the template", token.Line);
            }
        }
    }

    private JinjaStatement Block(string name, int line) => name switch
    {
        "for" => For(line),
        "if" => If(line),
        "set" => Set(line),
        "macro" => Macro(line),
        "filter" => Filter(line),
        "break" or "continue" => Jump(name == "break", line),
        // Marks what a model is trained on; nothing here.
        "generation" => new JinjaStatement.Group(Enclosed("endgeneration"), line),
        _ => throw new JinjaException($"the tag '{name}' is not supported; for, if, set, macro, filter, break, continue, generation and raw are", line),
    };

    private void EndTag()
    {
        if (Current.Kind != JinjaTokenKind.End) throw Wrong($"'{Current.Text}' stands where a tag should end");
        Take();
    }

    private List<JinjaStatement> Enclosed(params string[] ends)
    {
        EndTag();
        var body = Body(ends, out _);
        EndTag();
        return body;
    }

    private JinjaStatement.Jump Jump(bool ends, int line)
    {
        EndTag();
        return new(ends, line);
    }

    private JinjaStatement.For For(int line)
    {
        var targets = Targets();
        Expect("in");
        var over = Or();
        var where = TryTake("if") ? Expression() : null;
        if (Is("recursive")) throw Wrong("loops that call themselves are not supported");
        EndTag();
        var body = Body(["else", "endfor"], out var end);
        EndTag();
        if (end == "endfor") return new(targets, over, where, body, [], line);
        var otherwise = Body(["endfor"], out _);
        EndTag();
        return new(targets, over, where, body, otherwise, line);
    }

    private List<string> Targets()
    {
        var inParentheses = TryTake("(");
        var targets = new List<string> { ExpectName() };
        while (TryTake(",")) targets.Add(ExpectName());
        if (inParentheses) Expect(")");
        return targets;
    }

    private JinjaStatement.If If(int line)
    {
        var branches = new List<(JinjaExpression, IReadOnlyList<JinjaStatement>)>();
        string end;
        do
        {
            var condition = Tuple();
            EndTag();
            branches.Add((condition, Body(["elif", "else", "endif"], out end)));
        }
        while (end == "elif");
        EndTag();
        if (end == "endif") return new(branches, [], line);
        var otherwise = Body(["endif"], out _);
        EndTag();
        return new(branches, otherwise, line);
    }

    private JinjaStatement Set(int line)
    {
        var targets = Targets();
        var member = targets.Count == 1 && TryTake(".") ? ExpectName() : null;
        if (TryTake("="))
        {
            var value = Tuple();
            EndTag();
            return new JinjaStatement.Set(targets, member, value, line);
        }

        if (targets.Count > 1 || member is not null) throw Wrong("'=' is missing");
        var filters = Filters();
        return new JinjaStatement.Capture(targets[0], filters, Enclosed("endset"), line);
    }

    private JinjaStatement.Capture Filter(int line)
    {
        var first = (ExpectName(), Is("(") ? Arguments() : JinjaArgumentList.None);
        List<(string, JinjaArgumentList)> filters = [first, .. Filters()];
        return new(null, filters, Enclosed("endfilter"), line);
    }

    private List<(string, JinjaArgumentList)> Filters()
    {
        var filters = new List<(string, JinjaArgumentList)>();
        while (TryTake("|")) filters.Add((ExpectName(), Is("(") ? Arguments() : JinjaArgumentList.None));
        return filters;
    }

    private JinjaStatement.Macro Macro(int line)
    {
        var name = ExpectName();
        Expect("(");
        var parameters = new List<(string, JinjaExpression?)>();
        while (!TryTake(")"))
        {
            parameters.Add((ExpectName(), TryTake("=") ? Expression() : null));
            if (!Is(")")) Expect(",");
        }

        return new(name, parameters, Enclosed("endmacro"), line);
    }
}
