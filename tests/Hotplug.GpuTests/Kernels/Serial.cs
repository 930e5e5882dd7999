using Xunit.Sdk;
using Xunit.v3;

// Two threads that compile at once for an OpenCL device on the CPU (pocl 7.2) trip over each other in its kernel cache: builds fail, now and then the process ends.
[assembly: Parallelization(Mode = ParallelMode.None)]
