using System.Reflection;
using Hotplug.ContractTests.Broken.Decorators;
using Xunit;

namespace Hotplug.ContractTests.Broken;

/// <summary>The kit rejects what is broken: for every suite backends with one defect each, and the test that must find it.</summary>
public sealed class KitBites
{
    /// <summary>Suite, flaw, test, and a part of the message that the author of the backend must see.</summary>
    public static TheoryData<Type, Type, string, string> Cases => new()
    {
        { typeof(BrokenBufferType<>), typeof(OtherRange), "Base_address_is_valid_for_an_ordinary_buffer", "The buffer answers to" },
        { typeof(BrokenBufferType<>), typeof(NoAddressWhenEmpty), "Base_address_is_valid_for_an_empty_buffer", "The buffer answers to" },
        { typeof(BrokenBufferType<>), typeof(TakesTooLarge), "Over_the_largest_length_is_refused", "must fail with TooLarge, and succeeded" },
        { typeof(BrokenBufferType<>), typeof(UntypedFailures), "Misaligned_range_is_refused", "must fail with Misaligned, and threw InvalidOperationException" },
        { typeof(BrokenBufferType<>), typeof(NoPadding), "Allocation_size_covers_the_tensor_and_grows_with_it", "fewer than the tensor has" },
        { typeof(BrokenBufferType<>), typeof(SizeJumpsBack), "Allocation_size_covers_the_tensor_and_grows_with_it", "fewer bytes" },
        { typeof(BrokenBufferType<>), typeof(UsageForgotten), "Usage_is_kept", "Weights" },
        { typeof(BrokenBufferAccess<>), typeof(FirstRowIgnored), "Rows_round_trip_at_every_boundary", "written in pieces cut at row" },
        { typeof(BrokenBufferAccess<>), typeof(LastRowLost), "Large_tensor_round_trips", "byte" },
        { typeof(BrokenBufferAccess<>), typeof(ClearsAByteMore), "Cleared_tensor_reads_as_zeros", "was cleared" },
        { typeof(BrokenBufferAccess<>), typeof(BadRangesIgnored), "Out_of_range_is_refused", "must throw ArgumentException, and succeeded" },
        { typeof(BrokenBufferAccess<>), typeof(DisposedIsIgnored), "Disposed_buffer_says_so", "must throw ObjectDisposedException, and succeeded" },
        { typeof(BrokenBufferAccess<>), typeof(AddressTakenForMemory), "No_rows_are_legal_at_every_row", "its addresses were used as memory" },
        { typeof(BrokenBufferAccess<>), typeof(PaddingOverrun), "Tensors_side_by_side_do_not_touch_each_other", "byte" },
        { typeof(BrokenMemoryPressure<>), typeof(EveryThirdBufferLeaks), "Buffers_made_and_disposed_leave_nothing", "" },
        { typeof(BrokenMemoryPressure<>), typeof(UntypedFailures), "Full_device_fails_typed_and_recovers", "InvalidOperationException" },
        { typeof(BrokenMemoryPressure<>), typeof(ZeroForUnknown), "Memory_is_known_or_unknown_but_not_zero", "unknown is null" },
        { typeof(BrokenSupports<>), typeof(YesToEverything), "Foreign_memory_is_refused", "is said to be supported" },
        { typeof(BrokenSupports<>), typeof(YesToEverything), "Yes_prepares_for_every_tensor_type", "Preparing" },
        { typeof(BrokenSupports<>), typeof(NoWithoutReason), "Answer_is_constant_and_has_a_reason", "No without a reason" },
        { typeof(BrokenSupports<>), typeof(AnswersInTurn), "Answer_is_constant_and_has_a_reason", "Another answer" },
        { typeof(BrokenSupports<>), typeof(BiasForgotten), "Yes_runs_and_is_right", "must be" },
        { typeof(BrokenOperation<>), typeof(BiasForgotten), "Operation_matches_the_reference", "MatMul" },
        { typeof(BrokenOperation<>), typeof(EpsilonTooLarge), "Operation_matches_the_reference", "RmsNorm" },
        { typeof(BrokenOperation<>), typeof(NoCausality), "Operation_matches_the_reference", "Attention" },
        { typeof(BrokenOperation<>), typeof(WeightsMatterByUsage), "Usage_of_weights_does_not_matter", "for KvCache" },
        { typeof(BrokenSlice<>), typeof(OutputsReadInsideLost), "Outputs_may_be_read_inside", "something read what nobody wrote" },
        { typeof(BrokenSlice<>), typeof(ThirtyInputsAtMost), "Hundreds_of_inputs_are_taken", "inputs" },
        { typeof(BrokenSlice<>), typeof(OutputRowsIgnored), "One_slice_matches_the_reference", "the results differ" },
        { typeof(BrokenSlice<>), typeof(WrongWhenCut), "Cut_at_every_node_gives_the_same", "cut before operation" },
        { typeof(BrokenKvCache<>), typeof(CopyForgetsValues), "Copied_page_equals_its_source", "Values of layer" },
        { typeof(BrokenKvCache<>), typeof(FirstCellIgnored), "Neutral_form_round_trips_at_every_cell", "byte" },
        { typeof(BrokenKvCache<>), typeof(PagesInOrderOfNumber), "Growing_and_page_order_change_nothing", "pages" },
        { typeof(BrokenKvCache<>), typeof(CachedLengthTooLong), "Rolled_back_cells_leave_no_trace", "Cache of" },
        { typeof(BrokenRepeat<>), typeof(NoiseNowAndThen), "Same_step_gives_the_same_again", "of a deterministic device" },
        { typeof(BrokenRepeat<>), typeof(LastResultAgain), "Other_steps_between_change_nothing", "" },
        { typeof(BrokenRepeat<>), typeof(RunsWhenWaitedFor), "Read_follows_the_run_before_it", "read before the fence was asked" },
        { typeof(BrokenRepeat<>), typeof(RunsWhenWaitedFor), "Write_follows_the_run_before_it", "in flight" },
        { typeof(BrokenRepeat<>), typeof(NeighboursMatter), "Rows_do_not_depend_on_their_neighbours", "alone and with a neighbour" },
        { typeof(BrokenRepeat<>), typeof(Garbage), "Run_allocates_nothing", "bytes on the calling thread" },
        { typeof(BrokenPlanOnly<>), typeof(PlanningAllocates), "Planning_allocates_nothing", "" },
        { typeof(BrokenPlanOnly<>), typeof(PlansAreKept), "Plan_is_not_kept", "plans are alive" },
        { typeof(BrokenPlanOnly<>), typeof(ZeroForUnknown), "Memory_is_known_or_unknown", "unknown is null" },
        { typeof(BrokenDeviceLoss<>), typeof(UntypedFailures), "Buffers_fail_typed", "must fail with DeviceLost, and threw InvalidOperationException" },
        { typeof(BrokenDeviceLoss<>), typeof(LossGoesUnnoticed), "Work_fails_typed", "must fail with DeviceLost, and succeeded" },
        { typeof(BrokenDeviceLoss<>), typeof(ZeroForUnknown), "Facts_stay_and_memory_is_unknown", "" },
        { typeof(BrokenDisposal<>), typeof(MemoryKept), "Backend_without_use_leaves_nothing", "still held 1 host allocations" },
        { typeof(BrokenDisposal<>), typeof(WorkersKept), "Backend_without_use_leaves_nothing", "worker groups (kept)" },
        { typeof(BrokenDisposal<>), typeof(SecondDisposalThrows), "Any_legal_order_leaves_nothing", "" },
        { typeof(BrokenDisposal<>), typeof(RunsWhenWaitedFor), "Disposal_waits_for_work", "its work goes on" },
        { typeof(BrokenDisposal<>), typeof(UnknownSettingsIgnored), "Unknown_setting_is_refused", "and was accepted" },
        { typeof(BrokenFault<>), typeof(FirstAllocationKeptWhenSecondFails), "Failing_allocations_leave_nothing", "the plugin kept 1 host allocations" },
        { typeof(BrokenFault<>), typeof(HostFailureBecomesNull), "Failing_allocations_leave_nothing", "NullReferenceException" },
        { typeof(BrokenFault<>), typeof(TakesTooLarge), "Failed_allocation_leaves_the_device_usable", "must fail with TooLarge" },
        { typeof(BrokenComposite<>), typeof(OtherRange), "Every_buffer_has_a_base_address", "answers to" },
        { typeof(BrokenComposite<>), typeof(ClearsAByteMore), "Every_operation_reaches_the_right_part", "" },
        { typeof(BrokenComposite<>), typeof(UsageForgotten), "Facts_are_the_conjunction_of_the_parts", "instead of" },
        { typeof(BrokenCompositeLoad<>), typeof(LastRowLost), "Loads_or_is_refused_with_a_reason", "byte" },
        { typeof(BrokenUnload<>), typeof(Flaw), "Started_plugin_is_unloaded", "something of it is still referenced" },
        { typeof(BrokenCompliance<>), typeof(Flaw), "Every_suite_is_derived", "BufferTypeSuite" },
        { typeof(BrokenCompliance<>), typeof(Flaw), "Every_buffer_type_is_tested", "BufferTypeSuite for tiny" },
        { typeof(BrokenCompliance<>), typeof(Flaw), "Every_device_is_tested", "OperationSuite for tiny" },
    };

    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public async Task Broken_backend_is_rejected(Type suite, Type flaw, string test, string message)
    {
        var failures = (await SuiteRunner.Run(suite.MakeGenericType(flaw), test)).Where(result => result.Failure is not null).ToList();
        Assert.True(failures.Count != 0, $"{suite.Name.Split('`')[0]}.{test} accepts {flaw.Name}.");
        Assert.True(failures.Any(result => result.Failure!.ToString().Contains(message, StringComparison.Ordinal)),
            $"{suite.Name.Split('`')[0]}.{test} rejects {flaw.Name}, but says nothing of \"{message}\": {failures[0].Failure}");
    }

    /// <summary>The decorators themselves are right: without a flaw every test passes.</summary>
    [Theory]
    [InlineData(typeof(BrokenBufferType<>))]
    [InlineData(typeof(BrokenBufferAccess<>))]
    [InlineData(typeof(BrokenMemoryPressure<>))]
    [InlineData(typeof(BrokenSupports<>))]
    [InlineData(typeof(BrokenSlice<>))]
    [InlineData(typeof(BrokenKvCache<>))]
    [InlineData(typeof(BrokenRepeat<>))]
    [InlineData(typeof(BrokenPlanOnly<>))]
    [InlineData(typeof(BrokenDeviceLoss<>))]
    [InlineData(typeof(BrokenDisposal<>))]
    [InlineData(typeof(BrokenFault<>))]
    [InlineData(typeof(BrokenComposite<>))]
    [InlineData(typeof(BrokenCompositeLoad<>))]
    public async Task Backend_without_a_flaw_is_accepted(Type suite)
    {
        foreach (var (test, failure) in await SuiteRunner.Run(suite.MakeGenericType(typeof(Flaw))))
            Assert.True(failure is null, $"{test}: {failure}");
    }

    /// <summary>Every suite of the kit has a case here.</summary>
    [Fact]
    public void Every_suite_is_seen_to_bite()
    {
        var bitten = Cases.Select(row => row.Data.Item1.BaseType!.Name.Split('`')[0]).ToHashSet();
        var suites = typeof(Hotplug.Testing.Suites.BackendSuite<>).Assembly.GetExportedTypes()
            .Where(type => type.IsAbstract && type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute)))).Select(type => type.Name.Split('`')[0]);
        Assert.Equal([], suites.Except(bitten));
    }
}
