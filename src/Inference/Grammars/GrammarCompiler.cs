namespace Hotplug.Inference.Grammars;

/// <summary>Compiles rules to a <see cref="GrammarProgram"/>. Each expression is written in front of what follows it; repetitions are written out.</summary>
internal sealed class GrammarCompiler
{
    private readonly GrammarRules _rules;
    private readonly List<GrammarNode> _nodes = [new(GrammarNodeKind.Return, 0, 0, 0, 0)];
    private readonly List<int> _branches = [];
    private readonly Dictionary<GrammarNode, int> _shared = [];

    private GrammarCompiler(GrammarRules rules) => _rules = rules;

    /// <summary>Compiles.</summary>
    /// <exception cref="GrammarException">The grammar is too large, or a rule begins with itself.</exception>
    public static GrammarProgram Compile(GrammarRules rules)
    {
        var compiler = new GrammarCompiler(rules);
        int[] entries = [.. rules.Bodies.Select(body => compiler.Write(body, GrammarProgram.Return))];
        var program = new GrammarProgram([.. compiler._nodes], [.. compiler._branches], entries, rules.Root);
        LeftRecursion.Refuse(program, rules.Names);
        return program;
    }

    /// <summary>Writes an expression that goes on at a node; returns where it begins.</summary>
    private int Write(Expression expression, int next)
    {
        switch (expression)
        {
            case Expression.Characters characters:
                return WriteCharacters(characters, next);
            case Expression.Sequence sequence:
                for (var i = sequence.Items.Count - 1; i >= 0; i--) next = Write(sequence.Items[i], next);
                return next;
            case Expression.Choice choice:
                return Split([.. choice.Alternatives.Select(alternative => Write(alternative, next))]);
            case Expression.Rule rule:
                return Share(new(GrammarNodeKind.Call, 0, 0, next, rule.Number));
            case Expression.Repeat repeat:
                return WriteRepeat(repeat, next);
            default:
                throw new InvalidOperationException();
        }
    }

    private int WriteRepeat(Expression.Repeat repeat, int next)
    {
        var entry = next;
        if (repeat.Most is { } most)
            for (var i = repeat.Least; i < most; i++) entry = Split([Write(repeat.Item, entry), next]);
        else
        {
            // The loop's node comes first, since its body goes on there.
            entry = Add(new(GrammarNodeKind.Split, 0, 0, 0, 2));
            var body = Write(repeat.Item, entry);
            _nodes[entry] = _nodes[entry] with { Next = _branches.Count };
            _branches.AddRange([body, next]);
        }

        for (var i = 0; i < repeat.Least; i++) entry = Write(repeat.Item, entry);
        return entry;
    }

    private int WriteCharacters(Expression.Characters characters, int next)
    {
        var starts = new List<int>();
        foreach (var (low, high) in characters.Ranges)
            foreach (var sequence in Utf8Ranges.Of(low, high))
            {
                var node = next;
                for (var i = sequence.Length - 1; i >= 0; i--) node = Share(new(GrammarNodeKind.Bytes, sequence[i].Low, sequence[i].High, node, 0));
                starts.Add(node);
            }

        return Split([.. starts.Distinct()]);
    }

    private int Split(int[] targets)
    {
        if (targets is [var only]) return only;
        var first = _branches.Count;
        _branches.AddRange(targets);
        if (_branches.Count > 4 * GrammarLimits.Nodes) throw TooLarge();
        return Add(new(GrammarNodeKind.Split, 0, 0, first, targets.Length));
    }

    private int Share(GrammarNode node)
    {
        if (!_shared.TryGetValue(node, out var at)) _shared.Add(node, at = Add(node));
        return at;
    }

    private int Add(GrammarNode node)
    {
        if (_nodes.Count >= GrammarLimits.Nodes) throw TooLarge();
        _nodes.Add(node);
        return _nodes.Count - 1;
    }

    private GrammarException TooLarge()
        => new($"The grammar ({_rules.Names.Count} rules) has more than {GrammarLimits.Nodes} nodes when its repetitions are written out. Use smaller counts, or * in their place.");
}
