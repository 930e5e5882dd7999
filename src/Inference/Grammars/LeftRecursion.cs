namespace Hotplug.Inference.Grammars;

/// <summary>Finds rules that begin with themselves, which no text could ever get past.</summary>
internal sealed class LeftRecursion
{
    private readonly GrammarProgram _program;
    private readonly HashSet<int>[] _first;
    private readonly bool[] _empty;
    private readonly HashSet<(int Rule, int Node)> _seen = [];
    private readonly Stack<(int Rule, int Node)> _open = new();
    private readonly List<(int Rule, int Node)>?[] _waiting;

    private LeftRecursion(GrammarProgram program)
    {
        _program = program;
        var count = program.Entries.Length;
        (_first, _empty, _waiting) = ([.. Enumerable.Range(0, count).Select(_ => new HashSet<int>())], new bool[count], new List<(int, int)>?[count]);
        for (var rule = 0; rule < count; rule++) Push(rule, program.Entries[rule]);
        while (_open.TryPop(out var at)) Visit(at.Rule, at.Node);
    }

    /// <summary>Throws if there is one.</summary>
    public static void Refuse(GrammarProgram program, IReadOnlyList<string> names)
    {
        var first = new LeftRecursion(program)._first;
        // 0 new, 1 on the path, 2 done. Without recursion, since chains of rules may be long.
        var state = new byte[first.Length];
        var path = new Stack<(int Rule, IEnumerator<int> Others)>();
        for (var start = 0; start < first.Length; start++)
        {
            if (state[start] != 0) continue;
            Enter(start);
            while (path.TryPeek(out var top))
                if (!top.Others.MoveNext())
                {
                    state[top.Rule] = 2;
                    path.Pop();
                }
                else if (state[top.Others.Current] == 1)
                {
                    var circle = path.Select(p => p.Rule).TakeWhile(rule => rule != top.Others.Current).Append(top.Others.Current).Reverse().Append(top.Others.Current);
                    throw new GrammarException($"The grammar is left recursive: {string.Join(" → ", circle.Take(16).Select(rule => names[rule]))}. Let a rule begin with something else than itself: a ::= b (\",\" b)* in place of a ::= a \",\" b | b.");
                }
                else if (state[top.Others.Current] == 0) Enter(top.Others.Current);
        }

        void Enter(int rule)
        {
            state[rule] = 1;
            path.Push((rule, first[rule].GetEnumerator()));
        }
    }

    // Goes as far as no byte is taken: collects the rules that are met, and goes on behind those that may be empty, when that is known.
    private void Visit(int rule, int at)
    {
        var node = _program.Nodes[at];
        switch (node.Kind)
        {
            case GrammarNodeKind.Return when !_empty[rule]:
                _empty[rule] = true;
                foreach (var (waiting, next) in _waiting[rule] ?? []) Push(waiting, next);
                break;
            case GrammarNodeKind.Split:
                foreach (var branch in _program.Branches.AsSpan(node.Next, node.Target)) Push(rule, branch);
                break;
            case GrammarNodeKind.Call:
                _first[rule].Add(node.Target);
                if (_empty[node.Target]) Push(rule, node.Next);
                else (_waiting[node.Target] ??= []).Add((rule, node.Next));
                break;
        }
    }

    private void Push(int rule, int node)
    {
        if (_seen.Add((rule, node))) _open.Push((rule, node));
    }
}
