namespace Hotplug.Inference.Deployment;

/// <summary>The time in which a new deployment has to prove itself while the one before is kept. All members under the model's turn, but <see cref="Outcome"/>.</summary>
internal sealed class Probation(ModelDeployment previous, ModelDeployment next, int steps) : IDisposable
{
    private readonly TaskCompletionSource<string?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ModelDeployment Previous => previous;

    public ModelDeployment Next => next;

    public int StepsLeft { get; set; } = steps;

    public ITimer? Timer { get; set; }

    /// <summary>Null when it was passed; what the new deployment did when it was not.</summary>
    public Task<string?> Outcome => _outcome.Task;

    public void End(string? failure)
    {
        Timer?.Dispose();
        _outcome.TrySetResult(failure);
    }

    public void Dispose() => Timer?.Dispose();
}
