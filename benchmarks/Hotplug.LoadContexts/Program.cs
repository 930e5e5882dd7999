using Hotplug.LoadContexts;

// Runs the processor's plugin in the default, a pinned and a collectible load context, each in a process of its own, in turn.
// Usage: Hotplug.LoadContexts MODEL [ROUNDS] [THREADS] [PREFILL] [DECODE]
if (args is ["--child", ..]) return await Measurement.RunAsync(args[1..]);
if (args.Length is < 1 or > 5)
{
    Console.Error.WriteLine("Usage: Hotplug.LoadContexts MODEL [ROUNDS] [THREADS] [PREFILL] [DECODE]");
    return 2;
}
return Rounds.Run(args[0], Number(1, 5), Number(2, 2), Number(3, 512), Number(4, 128));

int Number(int at, int otherwise) => args.Length > at ? int.Parse(args[at]) : otherwise;
