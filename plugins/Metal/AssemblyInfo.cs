using System.Runtime.CompilerServices;

// Every call is made with exactly the types it is declared with.
[assembly: DisableRuntimeMarshalling]
