using Hotplug.Abstractions.Execution;

namespace Hotplug.Testing.Graphs;

/// <summary>Steps of two sequences that grow, with their pages in random order.</summary>
internal sealed class StepPlan
{
    private readonly Random _random;
    private readonly (int A, int B)[] _rows;
    private readonly int[] _pagesA;
    private readonly int[] _pagesB;

    public StepPlan(int pageTokens, Random random, (int A, int B)[] rows)
    {
        (_random, _rows) = (random, rows);
        var (a, b) = (Pages(rows.Sum(step => step.A)), Pages(rows.Sum(step => step.B)));
        var order = Enumerable.Range(0, a + b + 1).OrderBy(_ => random.Next()).ToArray();
        (_pagesA, _pagesB) = (order[..a], order[a..(a + b)]);
        PageCount = order.Length;
        Context = Math.Max(rows.Sum(step => step.A), rows.Sum(step => step.B));

        int Pages(int cells) => Math.Max(1, (cells + pageTokens - 1) / pageTokens);
    }

    public int PageCount { get; }

    public int Context { get; }

    public CaseStep[] Steps(int vocabulary)
    {
        var (lengthA, lengthB) = (0, 0);
        var steps = new CaseStep[_rows.Length];
        for (var i = 0; i < steps.Length; i++)
        {
            var (a, b) = _rows[i];
            var sequences = new List<SequenceStep>();
            var pages = new List<int>();
            Join(a, lengthA, _pagesA, 7);
            Join(b, lengthB, _pagesB, 0);
            steps[i] = new CaseStep
            {
                TokenIds = [.. Enumerable.Range(0, a + b).Select(_ => _random.Next(vocabulary))],
                Positions = [.. sequences.SelectMany(s => Enumerable.Range(s.FirstPosition + s.CachedLength, s.RowCount))],
                // The last row of each sequence, as for logits.
                OutputRows = [.. sequences.Select(s => s.FirstRow + s.RowCount - 1)],
                Sequences = [.. sequences],
                Pages = [.. pages],
            };
            lengthA += a;
            lengthB += b;

            void Join(int rows, int cached, int[] list, int firstPosition)
            {
                if (rows == 0) return;
                sequences.Add(new SequenceStep
                {
                    FirstRow = sequences.Sum(s => s.RowCount),
                    RowCount = rows,
                    FirstPage = pages.Count,
                    PageCount = list.Length,
                    CachedLength = cached,
                    FirstPosition = firstPosition,
                });
                pages.AddRange(list);
            }
        }
        return steps;
    }
}
