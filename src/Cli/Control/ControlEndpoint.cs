using System.Globalization;
using System.Net.Sockets;

namespace Hotplug.Cli.Control;

/// <summary>
/// Where running processes can be spoken to: a socket named by the process id, in a folder that only its user may enter. That is what protects it: whoever can connect is the user.
/// </summary>
internal static class ControlEndpoint
{
    private const string Suffix = ".sock";

    /// <summary>The folder, made if it is not there.</summary>
    /// <exception cref="UnauthorizedAccessException">Others may enter it.</exception>
    public static string Folder()
    {
        var folder = Path.Combine(Root(), "hotplug");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return folder;
        }
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder, own);
        if (File.GetUnixFileMode(folder) is var mode && (mode & ~own) != 0)
            throw new UnauthorizedAccessException($"{folder} may be entered by others ({mode}). Type: chmod 700 {folder}");
        return folder;
    }

    /// <summary>The socket of a process.</summary>
    public static string Of(int process) => Path.Combine(Folder(), process.ToString(CultureInfo.InvariantCulture) + Suffix);

    /// <summary>Processes that listen. Sockets that ended processes left behind are removed on the way.</summary>
    public static IReadOnlyList<int> Listening()
    {
        var found = new List<int>();
        foreach (var path in Directory.GetFiles(Folder(), "*" + Suffix))
        {
            if (!int.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var process)) continue;
            if (Answers(path)) found.Add(process);
            else TryDelete(path);
        }
        found.Sort();
        return found;
    }

    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static bool Answers(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Without a folder of the session there is the user's own for data; a shared one for temporary files could be taken by another before.
    private static string Root()
        => Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Directory.Exists(runtime) ? runtime
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "run");
}
