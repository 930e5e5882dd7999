using Hotplug.Runtime.Memory.Receipts;
using Hotplug.Runtime.Reports;

namespace Hotplug.Inference.Deployment;

/// <summary>Where a model runs, as plain data: it keeps nothing of a backend alive, and stays true of its deployment.</summary>
/// <param name="Deployment">Number of the deployment.</param>
/// <param name="Place">Devices and generations, for people.</param>
/// <param name="Plan">What was planned, and so loaded.</param>
/// <param name="Receipt">What the load did to memory.</param>
public sealed record DeploymentReport(int Deployment, string Place, PlanDocument Plan, LoadReceipt Receipt);
