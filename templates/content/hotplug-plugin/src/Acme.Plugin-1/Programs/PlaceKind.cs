namespace Acme.Plugin_1.Programs;

/// <summary>What a value lies in. Weights are bound when a plan is compiled, the others in every step.</summary>
internal enum PlaceKind
{
    Weight,
    Input,
    Output,
    Workspace,
}
