using Hotplug.Abstractions.Faults;
using Hotplug.Inference.Deployment;
using Hotplug.Inference.Models;
using Hotplug.Inference.Sampling;
using Hotplug.Runtime.Execution;
using Hotplug.Runtime.Faults;

namespace Hotplug.Inference.Generation;

/// <content>Steps that are shared with other generators.</content>
public sealed partial class TextGenerator
{
    private bool _doubted;

    /// <summary>Why the last step of its <see cref="GenerationGroup"/> gave it no token although it had its row: it was thrown by that step. Null if that went well.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Where it is. In the model's turn.</summary>
    internal ModelDeployment Place => _session.Deployment;

    internal LanguageModel Model => _model;

    /// <summary>Whether it wants a step; if not it has ended, and the text is what was left. Before the turn.</summary>
    internal bool Wants(out ReadOnlySpan<char> text)
    {
        var wants = WantsStep(out text);
        if (_carried is not { } carried) return wants;
        text = string.Concat(carried, text);
        _carried = null;
        return wants;
    }

    /// <summary>Leaves a place that has failed, and says what is missing. In the turn.</summary>
    /// <returns>Tokens to evaluate until there is a row of logits.</returns>
    internal int Prepare()
    {
        _session.Wanted = WindowLength;
        DropCells();
        _model.Deployments.LeaveIfFaulted(_session);
        return Missing;
    }

    /// <summary>Tokens that the devices have not seen. In the turn.</summary>
    internal int Missing => WindowLength - _session.Sequence.Length;

    /// <summary>Adds its next tokens to a step, at most as many as there is room for.</summary>
    /// <returns>How many.</returns>
    internal int Offer(StepBatch batch, int room)
    {
        var pending = Pending(_session.Sequence.Length);
        var count = Math.Min(pending.Length, room);
        batch.Add(_session.Sequence, pending[..count], count == Missing ? 1 : 0);
        return count;
    }

    /// <summary>Counts what a step evaluated.</summary>
    internal void Evaluated(int count) => EvaluatedCount += count;

    /// <summary>Chooses from its row of a step. In the turn.</summary>
    /// <returns>False if the row was nonsense, and is evaluated once more; or if <see cref="Failure"/> says why not.</returns>
    internal bool TryChoose(ReadOnlySpan<float> row, out int token)
    {
        (token, Failure) = (-1, null);
        try
        {
            token = Choose(row);
            _doubted = false;
            return true;
        }
        catch (LogitsException nonsense) when (!_doubted && _model.Deployments.TryDoubt(_session, nonsense))
        {
            _doubted = true;
        }
        catch (Exception failure)
        {
            // The others of the step have their tokens all the same. This one is as before: its row can be had again.
            Failure = failure;
            _session.Sequence.Truncate(WindowLength - 1);
        }
        return false;
    }

    /// <summary>After a failed step: goes where it can be run again.</summary>
    internal bool TryRecover(BackendFaultException fault) => fault.Kind != FaultKind.Cancelled && _model.Deployments.TryRecover(_session, fault);

    /// <summary>Takes the token that was chosen. After the turn.</summary>
    internal ReadOnlySpan<char> Accept(int token)
    {
        Take(token, out var text);
        return text;
    }
}
