namespace Hotplug.Runtime.Memory.Policy;

/// <summary>A pattern of names: <c>*</c> stands for any characters, <c>?</c> for one, everything else for itself. Letter case counts.</summary>
public static class NamePattern
{
    /// <summary>True if all of <paramref name="name"/> matches. Takes at most |pattern| × |name| steps, whatever the pattern.</summary>
    public static bool Matches(string pattern, string name)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(name);
        int p = 0, n = 0, star = -1, retry = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
                (star, retry) = (p++, n);
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
                (p, n) = (p + 1, n + 1);
            else if (star >= 0)
                // Only the last star needs another try: an earlier one that took more would leave it less.
                (p, n) = (star + 1, ++retry);
            else
                return false;
        }
        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }
}
