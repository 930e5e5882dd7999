using System.Diagnostics;

namespace Hotplug.Runtime.Plugins.Loading;

/// <summary>One process at a time arranges what lies in a folder. The file stays; the system gives its lock back however a process ends.</summary>
internal static class FolderGate
{
    /// <summary>Name of the file.</summary>
    public const string FileName = ".gate";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Waits for the folder and takes it until what is returned is disposed.</summary>
    /// <exception cref="IOException">Another process arranges it for too long, or the folder cannot be written to.</exception>
    public static FileStream Enter(string folder)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(start) < Patience)
            {
                Thread.Sleep(5);
            }
        }
    }
}
