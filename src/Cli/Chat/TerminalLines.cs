using System.Text;

namespace Hotplug.Cli.Chat;

/// <summary>Lines from a terminal, with a cursor and the lines before: arrows, Home, End, Delete, Ctrl-A, -E, -K, -U, -W; Ctrl-C clears a line; on an empty one Ctrl-C and Ctrl-D end.</summary>
internal sealed class TerminalLines(TextWriter terminal) : ILineSource
{
    private const int Remembered = 500;

    private readonly List<string> _history = [];
    private readonly StringBuilder _line = new();
    private int _cursor, _shown, _place;

    public string? Read(string prompt)
    {
        _line.Clear();
        (_cursor, _shown, _place) = (0, 0, _history.Count);
        Show(prompt);
        // Between two answers there is nothing for Ctrl-C to stop.
        Console.TreatControlCAsInput = true;
        try
        {
            while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
            {
                if (key is { Key: ConsoleKey.D or ConsoleKey.C, Modifiers: ConsoleModifiers.Control } && _line.Length == 0) return null;
                Edit(key);
                Show(prompt);
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
            terminal.WriteLine();
        }

        var line = _line.ToString();
        if (line.Length > 0 && (_history.Count == 0 || _history[^1] != line)) _history.Add(line);
        if (_history.Count > Remembered) _history.RemoveAt(0);
        return line;
    }

    private void Edit(ConsoleKeyInfo key)
    {
        switch (key.Key, key.Modifiers & ConsoleModifiers.Control)
        {
            case (ConsoleKey.LeftArrow, _):
                _cursor = Before(_cursor);
                break;
            case (ConsoleKey.RightArrow, _):
                _cursor = Behind(_cursor);
                break;
            case (ConsoleKey.Home, _) or (ConsoleKey.A, ConsoleModifiers.Control):
                _cursor = 0;
                break;
            case (ConsoleKey.End, _) or (ConsoleKey.E, ConsoleModifiers.Control):
                _cursor = _line.Length;
                break;
            case (ConsoleKey.Backspace, _):
                Remove(Before(_cursor), _cursor);
                break;
            case (ConsoleKey.Delete, _):
                Remove(_cursor, Behind(_cursor));
                break;
            case (ConsoleKey.K, ConsoleModifiers.Control):
                Remove(_cursor, _line.Length);
                break;
            case (ConsoleKey.C, ConsoleModifiers.Control):
                Remove(0, _line.Length);
                break;
            case (ConsoleKey.U, ConsoleModifiers.Control):
                Remove(0, _cursor);
                break;
            case (ConsoleKey.W, ConsoleModifiers.Control):
                var start = _cursor;
                while (start > 0 && _line[start - 1] == ' ') start--;
                while (start > 0 && _line[start - 1] != ' ') start--;
                Remove(start, _cursor);
                break;
            case (ConsoleKey.UpArrow, _):
                Recall(_place - 1);
                break;
            case (ConsoleKey.DownArrow, _):
                Recall(_place + 1);
                break;
            default:
                if (key.KeyChar is '\0' or < ' ') break;
                _line.Insert(_cursor++, key.KeyChar);
                break;
        }
    }

    private void Recall(int place)
    {
        if (place < 0 || place > _history.Count) return;
        _place = place;
        _line.Clear().Append(place < _history.Count ? _history[place] : "");
        _cursor = _line.Length;
    }

    private void Remove(int from, int to)
    {
        _line.Remove(from, to - from);
        _cursor = from;
    }

    // A character may be two.
    private int Before(int at) => at == 0 ? 0 : at > 1 && char.IsLowSurrogate(_line[at - 1]) ? at - 2 : at - 1;

    private int Behind(int at) => at == _line.Length ? at : at + 1 < _line.Length && char.IsHighSurrogate(_line[at]) ? at + 2 : at + 1;

    private void Show(string prompt)
    {
        // Of a line that is longer than the terminal is wide, what is around the cursor.
        var room = Math.Max(10, Width() - prompt.Length - 1);
        var start = Math.Max(0, _cursor - room + 1);
        var part = _line.ToString(start, Math.Min(room, _line.Length - start));
        var blanks = Math.Max(0, _shown - part.Length);
        terminal.Write($"\r{prompt}{part}{new string(' ', blanks)}{new string('\b', blanks + part.Length - (_cursor - start))}");
        terminal.Flush();
        _shown = part.Length;
    }

    private static int Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
