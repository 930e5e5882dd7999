namespace Hotplug.Metal.Interop.Checking;

/// <summary>What the live runtime says about a message.</summary>
internal enum BindingFinding
{
    /// <summary>The method exists and is called as declared here.</summary>
    Equal,

    /// <summary>The object answers the message, but the runtime shows no method to compare with (it forwards).</summary>
    Forwarded,

    /// <summary>The system is older than the feature; the binding does without.</summary>
    AbsentOptional,

    /// <summary>There is no such method.</summary>
    Missing,

    /// <summary>The method takes or returns something else.</summary>
    Different,

    /// <summary>There was no object to ask.</summary>
    NotChecked,
}
