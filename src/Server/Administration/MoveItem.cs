using Hotplug.Inference.Deployment;

namespace Hotplug.Server.Administration;

/// <summary>How a model moved.</summary>
/// <param name="Model">Name of its file.</param>
/// <param name="From">Where it ran.</param>
/// <param name="To">Where it runs.</param>
/// <param name="PauseMilliseconds">For how long no step could run.</param>
/// <param name="Sessions">What became of the texts under way.</param>
/// <param name="SelfTest">What the self-test found.</param>
/// <param name="Notes">What the new plan says people should know.</param>
internal sealed record MoveItem(string Model, string From, string To, double PauseMilliseconds, IReadOnlyList<SessionMove> Sessions, string SelfTest, IReadOnlyList<string> Notes)
{
    public static MoveItem Of(ModelMove move) => new(move.Model, move.From, move.To, move.Pause.TotalMilliseconds, move.Sessions, move.SelfTest, move.Notes);
}
