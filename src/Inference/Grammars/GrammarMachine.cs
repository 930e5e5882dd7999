using System.Runtime.InteropServices;

namespace Hotplug.Inference.Grammars;

/// <summary>
/// Follows texts through a grammar byte by byte. All places at which a text may be are one state, states are remembered by what they are, and so is where each leads: what is asked again
/// costs a look into a table. Stacks of waiting rules are remembered too and share their ends. Called under its lock.
/// </summary>
internal sealed class GrammarMachine
{
    private readonly GrammarProgram _program;
    private readonly byte[] _classes = new byte[256];
    private readonly byte[] _firstOfClass;
    private readonly Dictionary<(int Node, int Parent), int> _frameNumbers = [];
    private readonly List<(int Node, int Parent, int Depth)> _frames = [(0, 0, 0)];
    private readonly Dictionary<PlaceSet, GrammarState> _states = [];
    private readonly HashSet<ulong> _visited = [];
    private readonly Stack<ulong> _open = new();
    private readonly List<ulong> _places = [];
    private bool _accepts;
    private int _epoch;

    public GrammarMachine(GrammarProgram program)
    {
        _program = program;
        _firstOfClass = ClassifyBytes(program, _classes);
        Visit(program.Entries[program.Root], 0);
        Start = Intern();
    }

    /// <summary>Before any text.</summary>
    public GrammarState Start { get; }

    /// <summary>How many states are remembered.</summary>
    public int StateCount => _states.Count;

    /// <summary>Places visited since the beginning, to bound work.</summary>
    public long Work { get; private set; }

    /// <summary>The state behind a byte.</summary>
    /// <exception cref="GrammarException">The text can be at too many places at once.</exception>
    public GrammarState Step(GrammarState state, byte value)
    {
        var group = _classes[value];
        return state.Next[group] ?? Find(state, group);
    }

    /// <summary>Begins to find states anew, if there are too many to remember.</summary>
    public void Trim()
    {
        if (_states.Count < GrammarLimits.States) return;
        _states.Clear();
        _epoch++;
    }

    /// <summary>The same state, remembered now.</summary>
    public GrammarState Renew(GrammarState state)
    {
        if (state.Epoch == _epoch) return state;
        _accepts = state.Accepts;
        _places.AddRange(state.Places);
        return Intern();
    }

    private GrammarState Find(GrammarState state, byte group)
    {
        var value = _firstOfClass[group];
        foreach (var place in state.Places)
        {
            var node = _program.Nodes[(int)(place >> 32)];
            if (value >= node.Low && value <= node.High) Visit(node.Next, (int)(uint)place);
        }

        return state.Next[group] = Intern();
    }

    // Collects the places that are reached from a node without a byte.
    private void Visit(int start, int startFrame)
    {
        Push(start, startFrame);
        while (_open.TryPop(out var place))
        {
            if (!_visited.Add(place)) continue;
            Work++;
            var (at, frame) = ((int)(place >> 32), (int)(uint)place);
            var node = _program.Nodes[at];
            switch (node.Kind)
            {
                case GrammarNodeKind.Bytes:
                    if (_places.Count >= GrammarLimits.Places) throw TooAmbiguous();
                    _places.Add(place);
                    break;
                case GrammarNodeKind.Split:
                    foreach (var branch in _program.Branches.AsSpan(node.Next, node.Target)) Push(branch, frame);
                    break;
                case GrammarNodeKind.Return when frame == 0:
                    _accepts = true;
                    break;
                case GrammarNodeKind.Return:
                    Push(_frames[frame].Node, _frames[frame].Parent);
                    break;
                // What has nothing behind it need not be returned to: rules that end with themselves do not grow.
                case GrammarNodeKind.Call when node.Next == GrammarProgram.Return:
                    Push(_program.Entries[node.Target], frame);
                    break;
                case GrammarNodeKind.Call when _frames[frame].Depth < GrammarLimits.Depth:
                    Push(_program.Entries[node.Target], Frame(node.Next, frame));
                    break;
            }
        }

        void Push(int node, int frame) => _open.Push((ulong)(uint)node << 32 | (uint)frame);
    }

    private int Frame(int node, int parent)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_frameNumbers, (node, parent), out var known);
        if (known) return number;
        if (_frames.Count >= GrammarLimits.Frames) throw TooAmbiguous();
        number = _frames.Count;
        _frames.Add((node, parent, _frames[parent].Depth + 1));
        return number;
    }

    private GrammarState Intern()
    {
        _visited.Clear();
        var places = _places.Count > 1 ? Sorted() : [.. _places];
        var accepts = _accepts;
        _places.Clear();
        _accepts = false;
        var key = new PlaceSet(places, accepts);
        if (!_states.TryGetValue(key, out var state)) _states.Add(key, state = new(places, accepts, _firstOfClass.Length, _epoch));
        return state;

        ulong[] Sorted()
        {
            var sorted = _places.ToArray();
            Array.Sort(sorted);
            return sorted;
        }
    }

    private GrammarException TooAmbiguous()
    {
        _visited.Clear();
        _open.Clear();
        _places.Clear();
        _accepts = false;
        return new($"The grammar is too ambiguous: after this text it can go on in more than {GrammarLimits.Places} ways, or with more than {GrammarLimits.Frames} stacks of rules. Write it so that fewer rules match the same text.");
    }

    // Bytes that no node tells apart lead to the same states.
    private static byte[] ClassifyBytes(GrammarProgram program, byte[] classes)
    {
        var begins = new bool[257];
        begins[0] = true;
        foreach (var node in program.Nodes)
            if (node.Kind == GrammarNodeKind.Bytes) begins[node.Low] = begins[node.High + 1] = true;
        var first = new List<byte>();
        for (var value = 0; value < 256; value++)
        {
            if (begins[value]) first.Add((byte)value);
            classes[value] = (byte)(first.Count - 1);
        }

        return [.. first];
    }
}
