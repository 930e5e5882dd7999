namespace Hotplug.Server.KoboldAI;

/// <summary>
/// How the last text of this dialect went, and how busy the server is. Times in seconds, speeds in tokens per second. The stop reason is -1 for no text yet, 0 for the length asked for, 1 for the
/// model's end, 2 for a stop sequence. The queue are requests of any dialect that wait or are written; idle is 1 if there are none.
/// </summary>
internal sealed record Performance(
    double LastProcess, double LastProcessTime, double LastProcessSpeed, double LastEval, double LastEvalTime, double LastEvalSpeed,
    int LastTokenCount, int LastInputCount, long LastSeed, int StopReason, int TotalGens, int Queue, int Idle, double Uptime, double Idletime)
{
    public int LastDraftSuccess => 0;
    public int LastDraftFailed => 0;
    public int TotalImgGens => 0;
    public bool Quiet => true;
}
