using System.Runtime.ExceptionServices;
using Hotplug.Inference.Deployment;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Faults;

namespace Hotplug.Inference.Generation;

/// <summary>
/// Writes several texts of a model at once. A step evaluates a token of each text that is being written, and uses the room that is left for prompts, in pieces; the weights are read once for all
/// of them. Texts may begin and end at any step. Where the kernels are batch-invariant each is the one that it would be alone. The model may be put elsewhere between two steps, and a
/// device that fails is replaced, as for a single generator. Not thread-safe, and while a step runs its generators are nobody else's.
/// </summary>
/// <param name="model">The model, loaded for as many <see cref="ModelOptions.Sequences"/> and <see cref="ModelOptions.BatchOutputs"/> as there are to be texts.</param>
public sealed class GenerationGroup(LanguageModel model)
{
    private readonly StepBatch _batch = new();
    private readonly List<TextGenerator> _ready = [];
    private readonly List<(TextGenerator Generator, int Tokens)> _members = [];
    private readonly List<(TextGenerator Generator, int Token)> _chosen = [];
    private int _first;

    /// <summary>Runs a step, and tells what each generator wrote. One that had no room in it, or whose prompt is not evaluated to its end, wrote nothing and is not told of.</summary>
    /// <param name="generators">Generators of the model. Those that have ended are told of with the text they had left, possibly none, and are to be left out afterwards.</param>
    /// <param name="written">Takes the texts, on this thread.</param>
    /// <param name="cancellation">Stops the step; all generators stay good.</param>
    /// <exception cref="ArgumentException">A generator is of another model.</exception>
    /// <exception cref="Sampling.LogitsException">One has no token (its <see cref="TextGenerator.Failure"/> says so); the others have theirs.</exception>
    /// <exception cref="BackendFaultException">A device failed and nothing took over; all generators are as before.</exception>
    public void Step(IReadOnlyList<TextGenerator> generators, TextWritten written, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(generators);
        ArgumentNullException.ThrowIfNull(written);
        _ready.Clear();
        _chosen.Clear();
        for (var i = 0; i < generators.Count; i++)
        {
            // Where not all have room, another goes first each time.
            var generator = generators[(_first + i) % generators.Count];
            if (generator.Model != model) throw new ArgumentException("A generator is of another model.", nameof(generators));
            if (generator.Wants(out var rest)) _ready.Add(generator);
            if (rest.Length > 0 || generator.Finish != FinishReason.None) written(generator, rest);
        }
        _first = _first + 1 < generators.Count ? _first + 1 : 0;
        Exception? failure = null;
        try
        {
            if (_ready.Count > 0) failure = Evaluate(cancellation);
        }
        finally
        {
            // What was chosen before something failed is theirs.
            foreach (var (generator, token) in _chosen) written(generator, generator.Accept(token));
        }
        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }

    /// <returns>What kept one of them from choosing; null if nothing did.</returns>
    private Exception? Evaluate(CancellationToken cancellation)
    {
        Exception? failure = null;
        // Rows are valid until the next step of the model, so choosing belongs to the turn.
        using (model.Turn.Step())
        {
            model.VerifyFiles();
            while (_ready.Count > 0)
            {
                foreach (var generator in _ready) generator.Prepare();
                // While a model is being moved some sessions may stand at another place: each place has a step of its own.
                var place = _ready[0].Place;
                Gather(place.Executor);
                try
                {
                    place.Executor.Run(_batch, cancellation);
                    foreach (var (generator, tokens) in _members) generator.Evaluated(tokens);
                    Choose(place, ref failure);
                }
                catch (BackendFaultException fault)
                {
                    if (!_ready[0].TryRecover(fault)) throw;
                    continue;
                }
                finally
                {
                    _batch.Clear();
                }
                _ready.RemoveAll(g => g.Place == place || _members.Any(m => m.Generator == g));
            }
        }
        return failure;
    }

    /// <summary>Tokens of texts first, since somebody reads along; then prompts.</summary>
    private void Gather(ModelExecutor executor)
    {
        _members.Clear();
        _batch.Clear();
        var place = _ready[0].Place;
        var largest = executor.Largest;
        var room = largest.Tokens;
        foreach (var writing in (ReadOnlySpan<bool>)[true, false])
            foreach (var generator in _ready)
            {
                if (room == 0 || _members.Count == largest.Sequences) return;
                if (generator.Place != place || generator.Missing == 1 != writing) continue;
                // A row of output that there is no room for: all but the last token can be evaluated.
                var most = _batch.OutputCount < largest.OutputRows ? room : Math.Min(room, generator.Missing - 1);
                if (most == 0) continue;
                var count = generator.Offer(_batch, most);
                _members.Add((generator, count));
                room -= count;
            }
    }

    private void Choose(ModelDeployment place, ref Exception? failure)
    {
        var row = 0;
        foreach (var (generator, _) in _members)
        {
            if (generator.Missing != 0) continue;
            if (generator.TryChoose(place.Executor.Output(row++), out var token)) _chosen.Add((generator, token));
            else failure ??= generator.Failure;
            model.Deployments.Ran(place);
        }
    }
}
