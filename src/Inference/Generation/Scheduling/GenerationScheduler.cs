using Hotplug.Inference.Models;
using Hotplug.Inference.Telemetry;

namespace Hotplug.Inference.Generation.Scheduling;

/// <summary>
/// Writes the texts of many callers with one model: those under way share every step (<see cref="GenerationGroup"/>), the others wait in the order in which they came. A slot keeps the cells of its last
/// text, and a prompt which begins like a text that is there, in its slot or another's, is evaluated from where they differ. A text that is given up frees its slot before the next step. Thread-safe. Has a thread; dispose it before the model.
/// </summary>
public sealed class GenerationScheduler : IAsyncDisposable
{
    private readonly LanguageModel _model;
    private readonly GenerationGroup _group;
    private readonly GenerationJournal _journal;
    private readonly Lock _gate = new();
    private readonly LinkedList<ScheduledGeneration> _waiting = [];
    private readonly SemaphoreSlim _work = new(0);
    private readonly List<TextGenerator> _idle = [];
    private readonly List<TextGenerator> _active = [];
    private readonly Dictionary<TextGenerator, ScheduledGeneration> _requests = [];
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _queueLength;
    private volatile int _writing;
    private long _steps;
    private bool _closed;

    /// <summary>Starts to take requests.</summary>
    /// <param name="model">The model; outlives the scheduler.</param>
    /// <param name="options">How requests share it; null for the defaults.</param>
    /// <exception cref="ArgumentException">More slots than the model was loaded for.</exception>
    public GenerationScheduler(LanguageModel model, GenerationSchedulerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new();
        if (options.Slots < 0 || options.Slots > model.Options.Sequences)
            throw new ArgumentException($"{options.Slots} slots do not fit a model that was loaded for {model.Options.Sequences} {(model.Options.Sequences == 1 ? "sequence" : "sequences")}.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.QueueLength, nameof(options));
        (_model, _group, Slots, _queueLength) = (model, new(model), options.Slots == 0 ? model.Options.Sequences : options.Slots, options.QueueLength);
        _journal = new(options.Name ?? model.Name, tokens => model.Tokenizer.Decode(tokens, special: true), options);
        InferenceMeter.Add(this);
        new Thread(Run) { IsBackground = true, Name = $"hotplug-texts-{model.Name}" }.UnsafeStart();
    }

    /// <summary>What the model is called here.</summary>
    public string Name => _journal.Model;

    /// <summary>Texts that can be written at the same time.</summary>
    public int Slots { get; }

    /// <summary>Texts that are being written.</summary>
    public int Writing => _writing;

    /// <summary>Steps that have been run, each for all texts that are being written.</summary>
    public long Steps => Interlocked.Read(ref _steps);

    /// <summary>Requests that wait for a slot.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting.Count;
        }
    }

    /// <summary>Asks for a text.</summary>
    /// <param name="prompt">Tokens of the prompt.</param>
    /// <param name="options">How to generate.</param>
    /// <param name="cancellation">Gives the text up, waiting or half written.</param>
    /// <param name="operation">What it is for, as <c>gen_ai.operation.name</c> of OpenTelemetry says it: <c>chat</c>, <c>text_completion</c>.</param>
    /// <returns>The text; of a prompt or options that make no sense one that fails with a <see cref="GenerationRefusedException"/>, without having waited.</returns>
    /// <exception cref="QueueFullException">As many requests wait as may.</exception>
    /// <exception cref="ObjectDisposedException">It takes no more.</exception>
    public ScheduledGeneration Write(ReadOnlySpan<int> prompt, GenerationOptions options, CancellationToken cancellation = default, string operation = "text_completion")
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(operation);
        int[] tokens = [.. prompt];
        var problems = string.Join(' ', options.Problems().Prepend(TextGenerator.PromptProblem(_model, prompt.Length)).OfType<string>());
        ScheduledGeneration request;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (problems.Length > 0)
            {
                request = new(tokens, options, _journal.Begin(operation, tokens), cancellation);
                request.Fail(new GenerationRefusedException(problems));
                return request;
            }
            // Whoever can begin at once does not wait.
            if (_waiting.Count >= _queueLength + Math.Max(0, Slots - _writing))
            {
                _journal.Refused(_waiting.Count);
                throw new QueueFullException(_waiting.Count);
            }
            request = new(tokens, options, _journal.Begin(operation, tokens), cancellation);
            _waiting.AddLast(request);
        }
        _work.Release();
        // One that waits, or is between two steps, is looked at at once.
        if (cancellation.CanBeCanceled) cancellation.UnsafeRegister(static scheduler => ((GenerationScheduler)scheduler!)._work.Release(), this);
        return request;
    }

    /// <summary>Takes no more requests, and waits for the end of those there are.</summary>
    /// <param name="cancellation">Gives them up.</param>
    public async Task DrainAsync(CancellationToken cancellation = default)
    {
        lock (_gate) _closed = true;
        _work.Release();
        using (cancellation.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), _end)) await _ended.Task.ConfigureAwait(false);
    }

    /// <summary>Gives up all requests.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await DrainAsync(_end.Token).ConfigureAwait(false);
    }

    private void Run()
    {
        try
        {
            while (true)
            {
                Admit();
                Forget();
                if (_active.Count > 0)
                {
                    Step();
                    continue;
                }
                lock (_gate)
                    if (_closed && _waiting.Count == 0) break;
                _work.Wait();
            }
        }
        finally
        {
            InferenceMeter.Remove(this);
            foreach (var generator in _idle) generator.Dispose();
            _ended.TrySetResult();
        }
    }

    private void Step()
    {
        try
        {
            Interlocked.Increment(ref _steps);
            _group.Step(_active, Written, _end.Token);
        }
        catch (Exception failure)
        {
            // Of one if it says so, else of the step, and so of all.
            foreach (var generator in _active.ToArray())
                if (generator.Failure is not null || _active.All(g => g.Failure is null)) Fail(generator, generator.Failure ?? failure);
        }
        foreach (var generator in _active.ToArray())
        {
            if (generator.Finish == FinishReason.None) continue;
            Release(generator).End(generator);
        }
    }

    private void Written(TextGenerator generator, ReadOnlySpan<char> text) => _requests[generator].Write(generator, text);

    /// <summary>Gives slots to those who wait, as long as there are any.</summary>
    private void Admit()
    {
        while (_active.Count < Slots && Next() is { } request)
        {
            try
            {
                request.Cancellation.ThrowIfCancellationRequested();
                _end.Token.ThrowIfCancellationRequested();
                var generator = Begin(request);
                request.Record.Admitted();
                request.Begin();
                _active.Add(generator);
                _requests.Add(generator, request);
            }
            catch (Exception failure)
            {
                // A grammar that is none, a device without room: this text's matter alone.
                request.Fail(failure);
            }
        }
        _writing = _active.Count;
    }

    private ScheduledGeneration? Next()
    {
        lock (_gate)
        {
            // Those that were given up while they waited hold up nobody.
            for (var node = _waiting.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Cancellation.IsCancellationRequested || _end.IsCancellationRequested)
                {
                    _waiting.Remove(node);
                    node.Value.Fail(new OperationCanceledException(node.Value.Cancellation));
                }
                node = next;
            }
            if (_waiting.First is not { } first) return null;
            _waiting.RemoveFirst();
            return first.Value;
        }
    }

    /// <summary>
    /// In the slot whose text it goes on with; else in a new one while there are any, or in the one unused for longest. What any text that is there begins with too, written or being written, is not
    /// evaluated again.
    /// </summary>
    private TextGenerator Begin(ScheduledGeneration request)
    {
        TextGenerator? alike = null;
        var most = 0;
        foreach (var generators in (ReadOnlySpan<List<TextGenerator>>)[_idle, _active])
            foreach (var generator in generators)
                if (generator.KnownOf(request.Prompt) is var known && known > most) (alike, most) = (generator, known);
        TextGenerator slot;
        var goesOn = alike is not null && most >= alike.Tokens.Length / 2 && _idle.Contains(alike);
        if (!goesOn && _idle.Count + _active.Count < Slots) slot = new TextGenerator(_model, request.Prompt, request.Options);
        else
        {
            slot = goesOn ? alike! : _idle[0];
            slot.Restart(request.Prompt, request.Options);
            _idle.Remove(slot);
        }
        if (alike is not null && alike != slot) slot.ShareFrom(alike);
        return slot;
    }

    /// <summary>Frees the slots of texts that were given up.</summary>
    private void Forget()
    {
        for (var i = _active.Count - 1; i >= 0; i--)
            if (_requests[_active[i]].Cancellation.IsCancellationRequested || _end.IsCancellationRequested)
                Fail(_active[i], new OperationCanceledException(_requests[_active[i]].Cancellation));
        _writing = _active.Count;
    }

    private void Fail(TextGenerator generator, Exception failure) => Release(generator).Fail(failure);

    private ScheduledGeneration Release(TextGenerator generator)
    {
        _active.Remove(generator);
        _idle.Add(generator);
        _requests.Remove(generator, out var request);
        _writing = _active.Count;
        return request!;
    }
}
