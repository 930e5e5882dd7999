using System.Globalization;
using Hotplug.LoadBench;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return await LoadCommand.Create().Parse(args).InvokeAsync();
