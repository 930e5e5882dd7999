using System.Globalization;
using Hotplug.ModelForge;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return ForgeCommand.Create().Parse(args).Invoke();
