using System.Text.Json;
using CsCheck;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Memory.Interop;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Memory.Receipts;
using Hotplug.UnitTests.Memory.Fakes;
using Xunit;

namespace Hotplug.UnitTests.Memory;

[Collection(ProcessLocks.Name)]
public sealed class CompositionLoaderTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void What_is_loaded_is_what_was_planned_and_what_the_files_say() => Composition.Allowed.Sample(c =>
    {
        var plan = c.Plan().Required();
        var (contents, files) = Create(c);
        var space = new AddressSpace(new ScriptedPlatform { LockForReal = false, Limits = c.Limits });
        using (var weights = CompositionLoader.Load(plan, files, space))
        {
            Assert.Equal(plan.Parts.Count, weights.Buffer.Parts.Count);
            Assert.Equal((nuint)0, weights.Buffer.Range.Start % plan.Alignment);
            foreach (var part in plan.Parts)
            {
                var buffer = weights.Buffer.Parts[part.Index];
                Assert.Same(part.BufferType, buffer.Type);
                Assert.Equal((weights.Buffer.Range.Start + part.Offset, part.Length, BufferUsage.Weights), (buffer.Range.Start, buffer.Length, buffer.Usage));
                Assert.Equal(part.Backing == PartBacking.FileMapping, buffer.IsReadOnly);
            }
            foreach (var tensor in plan.Tensors)
            {
                var reference = weights[tensor.Request];
                Assert.Same(weights.Buffer.Parts[tensor.Part], reference.Buffer);
                Assert.Equal((tensor.Offset, tensor.Spec), (reference.Offset, reference.Spec));
                var read = new byte[tensor.Bytes];
                reference.Buffer.Read(reference, 0, read);
                Assert.Equal(contents[tensor.File].AsSpan((int)tensor.FileOffset, read.Length).ToArray(), read);
            }
            var receipt = weights.Receipt;
            Assert.Equal((plan.TensorBytes, plan.MappedBytes, plan.DeviceBytes), (receipt.Asked, receipt.Mapped, receipt.OnDevice));
            Assert.Equal((plan.LockAsked, plan.LockBytes), (receipt.LockAsked, receipt.Locked));
            Assert.Equal(plan.Tensors.Count(t => t.Lock is LockFate.Refused or LockFate.OverLimit), receipt.Unlocked.Count);
            Assert.Equal(receipt.NotLocked != 0, receipt.Unlocked.Count != 0);
            Assert.All(receipt.Parts, part => Assert.Equal(part.NotLocked != 0, part.Why.Length != 0));
            Assert.Equal((plan.LockBytes, plan.MappedBytes), (space.Usage.LockedBytes, space.Usage.MappedBytes));
        }
        Assert.Equal(default, space.Usage);
        Assert.All(c.Types, type => Assert.Equal(0, type.Alive));
        foreach (var file in files)
            file.Dispose();
    }, iter: 150, threads: 2);

    [Fact]
    public void The_receipt_is_what_the_system_says()
    {
        // Asked before the property: to skip within it would look like a failure to shrink.
        ProcessLocks.Need(6 << 20);
        Composition.Allowed.Sample(c =>
        {
            var plan = c.Plan().Required();
            var (_, files) = Create(c);
            var space = new AddressSpace();
            var before = ProcessLocks.VmLck;
            using (var weights = CompositionLoader.Load(plan, files, space))
            {
                var receipt = weights.Receipt;
                Assert.Equal(plan.LockBytes, (long)(ProcessLocks.VmLck - before));
                Assert.Equal(plan.LockBytes, receipt.ProcessLockedAfter - receipt.ProcessLockedBefore);
                foreach (var (part, planned) in receipt.Parts.Zip(plan.Parts))
                {
                    if (planned.Backing == PartBacking.Device)
                        continue;
                    Assert.True(part.Measured);
                    Assert.Equal((planned.LockBytes, planned.Backing == PartBacking.FileMapping ? (long)planned.Length : 0), (part.Locked, part.Mapped));
                    Assert.Equal(planned.Backing == PartBacking.Committed ? ((long)(planned.Length == 0 ? planned.BufferType.BaseAlignment : planned.Length) + 4095) / 4096 * 4096 : 0, part.Committed);
                    // A page of the file that two parts map is shared between them; all others are whole.
                    Assert.InRange(part.LockedShare!.Value, part.Locked - 8192, part.Locked);
                    if (planned.Backing == PartBacking.Committed)
                        Assert.Equal(part.Locked, part.LockedShare);
                }
                Assert.DoesNotContain(receipt.Notices, notice => notice.Contains("the system says"));
            }
            Assert.Equal(before, ProcessLocks.VmLck);
            Assert.Equal(default, space.Usage);
            foreach (var file in files)
                file.Dispose();
        }, iter: 40, threads: 1);
    }

    [Fact]
    public void A_mapped_load_touches_no_page_of_the_weights()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc, which only Linux has.");
        var (plan, files, _) = Simple(FakeBufferType.Cpu(), 40, 50_000, new());
        using var weights = CompositionLoader.Load(plan, files, new AddressSpace());
        Assert.Equal(0, weights.Receipt.Parts.Sum(part => part.InMemory));
        Assert.True(weights.Receipt.Mapped > 2_000_000);
        Assert.Equal((0L, 0L), (weights.Receipt.Committed, weights.Receipt.OnDevice));
        weights.Prefetch();
    }

    [Fact]
    public void A_failure_of_the_system_at_any_call_leaves_nothing() => EveryFailure((plan, files, failAt) =>
    {
        var platform = new ScriptedPlatform { FailAt = failAt };
        return (new AddressSpace(platform), null, default, () => platform.Calls >= failAt);
    }, typeof(HostMemoryException), typeof(MemoryRefusedException));

    [Fact]
    public void A_plugin_that_throws_at_any_call_leaves_nothing()
    {
        EveryFailure((plan, files, failAt) =>
        {
            var calls = 0;
            foreach (var type in plan.Parts.Select(part => (FakeBufferType)part.BufferType).Distinct())
                type.OnCall = call => { if (call != "Dispose" && ++calls == failAt) throw new ForeignException(); };
            return (new AddressSpace(), null, default, () => calls >= failAt);
        }, typeof(BackendFaultException));
    }

    [Fact]
    public void Cancelling_at_any_report_leaves_nothing() => EveryFailure((plan, files, failAt) =>
    {
        var source = new CancellationTokenSource();
        var reports = 0;
        return (new AddressSpace(), new Reports(_ => { if (++reports == failAt) source.Cancel(); }), source.Token, () => reports >= failAt);
    }, typeof(OperationCanceledException));

    [Fact]
    public void A_caller_that_throws_at_any_report_leaves_nothing() => EveryFailure((plan, files, failAt) =>
    {
        var reports = 0;
        return (new AddressSpace(), new Reports(_ => { if (++reports == failAt) throw new ForeignException(); }), default, () => reports >= failAt);
    }, typeof(ForeignException));

    private void EveryFailure(Func<CompositionPlan, WeightFile[], int, (AddressSpace, IProgress<LoadProgress>?, CancellationToken, Func<bool> Failed)> arrange, params Type[] expected)
    {
        ProcessLocks.Need(1 << 20);
        var before = ProcessLocks.VmLck;
        for (var failAt = 1; ; failAt++)
        {
            FakeBufferType[] types = [FakeBufferType.Cpu(20_000), FakeBufferType.Interleaved(20_000), FakeBufferType.Far(20_000)];
            var (plan, files, _) = Simple(types, 12, 5_000, new() { Lock = LockPolicy.Require, Overrides = [new() { Pattern = "t1", Map = MapPolicy.Off }, new() { Pattern = "t3", Map = MapPolicy.Off }] });
            Assert.Equal(3, plan.Parts.Select(part => part.Backing).Distinct().Count());
            var (space, progress, cancellation, failed) = arrange(plan, files, failAt);
            var failure = Record.Exception(() => CompositionLoader.Load(plan, files, space, progress, cancellation).Dispose());
            Assert.Equal(default, space.Usage);
            Assert.Equal(before, ProcessLocks.VmLck);
            Assert.All(types, type => Assert.Equal(0, type.Alive));
            if (failure is null && !failed())
            {
                Assert.True(failAt > 5, "hardly anything was tried");
                return;
            }
            // Only the very last report may come too late to cancel.
            if (failure is not null)
                Assert.Contains(expected, type => type.IsInstanceOfType(failure));
        }
    }

    [Fact]
    public void A_file_that_changed_is_found_before_and_during_the_load()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let an open file be written.");
        var (plan, files, paths) = Simple([FakeBufferType.Far(100_000)], 10, 50_000, new());
        var space = new AddressSpace();
        var once = false;
        var progress = new Reports(_ =>
        {
            if (once)
                return;
            once = true;
            using var stream = new FileStream(paths[0], FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            stream.SetLength(1_000);
        });
        Assert.Throws<WeightFileChangedException>(() => CompositionLoader.Load(plan, files, space, progress));
        Assert.Equal(default, space.Usage);
        Assert.Throws<WeightFileChangedException>(() => CompositionLoader.Load(plan, files, space));
        Assert.Equal(default, space.Usage);
    }

    [Fact]
    public void A_file_written_to_during_the_load_is_found_although_every_byte_could_be_read()
    {
        var (plan, files, paths) = Simple([FakeBufferType.Far(100_000), FakeBufferType.Cpu()], 4, 5_000, new());
        var space = new AddressSpace();
        var progress = new Reports(report => File.SetLastWriteTimeUtc(paths[0], DateTime.UtcNow.AddDays(1)));
        Assert.Throws<WeightFileChangedException>(() => CompositionLoader.Load(plan, files, space, progress));
        Assert.Equal(default, space.Usage);
    }

    [Fact]
    public void Under_try_a_lock_that_the_system_refuses_is_a_line_in_the_receipt()
    {
        var (plan, files, _) = Simple(FakeBufferType.Cpu(), 3, 20_000, new() { Lock = LockPolicy.Try, Map = MapPolicy.Off });
        var platform = new ScriptedPlatform { LockForReal = false, FailAt = 4 };
        var space = new AddressSpace(platform);
        using (var weights = CompositionLoader.Load(plan, files, space))
        {
            // Reserve and commit are calls 1 and 2; of the three locks the second fails.
            Assert.Equal("t1", Assert.Single(weights.Receipt.Unlocked).Tensor);
            Assert.True(weights.Receipt.NotLocked > 0);
            Assert.Contains(weights.Receipt.Notices, notice => notice.Contains("the system refused"));
            Assert.Equal(platform.LockedPages.Count * 4096L, weights.Receipt.Locked);
        }
        Assert.Empty(platform.LockedPages);
    }

    [Theory, InlineData(MapPolicy.Off, 1), InlineData(MapPolicy.Require, 0)]
    public void Copied_weights_ask_for_huge_pages_and_mapped_ones_do_not(MapPolicy map, int asked)
    {
        var (plan, files, _) = Simple(FakeBufferType.Cpu(), 3, 20_000, new() { Map = map });
        var platform = new ScriptedPlatform();
        using var weights = CompositionLoader.Load(plan, files, new AddressSpace(platform));
        var ranges = platform.Advised.Where(a => a.Advice == MemoryAdvice.HugePages).Select(a => a.Range).ToList();
        Assert.Equal(asked, ranges.Count);
        Assert.All(ranges, range => Assert.Equal(plan.Parts.Single().Span, range.Length));
    }

    [Fact]
    public void A_tensor_that_could_be_locked_in_part_only_is_not_locked_at_all()
    {
        var path = _files.Create([]);
        using (var sparse = File.OpenWrite(path))
            sparse.SetLength(70 << 20);
        using var file = WeightFile.Open(path);
        var plan = CompositionPlanner.Plan([new() { Spec = new() { Name = "big", Type = TensorType.I8, Shape = new(70 << 20) }, FileOffset = 0, BufferType = FakeBufferType.Cpu() }],
            [file.Length], new() { Lock = LockPolicy.Try }, new() { PageSize = HostMemoryPlatform.Current.PageSize }).Required();
        // Reserve, map, the first piece, the second piece.
        var platform = new ScriptedPlatform { LockForReal = false, FailAt = 4 };
        using var weights = CompositionLoader.Load(plan, [file], new AddressSpace(platform));
        Assert.Empty(platform.LockedPages);
        Assert.Equal((0L, 70L << 20, "big"), (weights.Receipt.Locked, weights.Receipt.NotLocked, Assert.Single(weights.Receipt.Unlocked).Tensor));
    }

    [Fact]
    public void A_lock_that_the_system_refuses_half_way_leaves_nothing_locked()
    {
        ProcessLocks.Need(1 << 16);
        var space = new AddressSpace();
        using var reservation = space.Reserve(3 * space.PageSize);
        reservation.Commit(0, 2 * space.PageSize);
        var before = ProcessLocks.VmLck;
        Assert.False(space.Locks.TryLock(reservation.Range, out _, out var reason));
        Assert.NotEmpty(reason!);
        Assert.Equal(before, ProcessLocks.VmLck);
    }

    [Fact]
    public void A_file_of_the_same_name_is_not_the_same_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let an open file's name go.");
        var space = new AddressSpace();
        var (plan, files, paths) = Simple(FakeBufferType.Cpu(), 2, 5_000, new());
        using var first = CompositionLoader.Load(plan, files, space);
        File.Move(_files.Create(_files.Content((int)files[0].Length, 99)), paths[0], overwrite: true);
        File.SetLastWriteTimeUtc(paths[0], DateTime.UtcNow.AddDays(1));
        using var file = WeightFile.Open(paths[0]);
        using var second = CompositionLoader.Load(plan, [file], space, beside: first);
        Assert.False(second.Buffer.Range.Overlaps(first.Buffer.Range));
    }

    [Fact]
    public void Two_generations_stand_on_one_range_and_lock_it_once()
    {
        var policy = new MemoryPolicy { Lock = LockPolicy.Try };
        var platform = new ScriptedPlatform { LockForReal = false };
        var space = new AddressSpace(platform);
        var (plan, files, _) = Simple(FakeBufferType.Cpu(20_000), 8, 9_000, policy);
        var other = CompositionPlanner.Plan([.. plan.Tensors.Select(t => new WeightRequest { Spec = t.Spec, FileOffset = t.FileOffset, BufferType = FakeBufferType.Interleaved() })], [files[0].Length], policy, new() { PageSize = 4096 }).Required();
        var newer = FakeBufferType.Cpu(20_000);
        var same = CompositionPlanner.Plan([.. plan.Tensors.Select(t => new WeightRequest { Spec = t.Spec, FileOffset = t.FileOffset, BufferType = newer })], [files[0].Length], policy, new() { PageSize = 4096 }).Required();

        var first = CompositionLoader.Load(plan, files, space);
        var held = space.Usage;
        var second = CompositionLoader.Load(same, files, space, beside: first);
        Assert.Equal(first.Buffer.Range, second.Buffer.Range);
        Assert.Equal(held with { Buffers = held.Buffers * 2 }, space.Usage);
        Assert.Same(second.Buffer.Parts[1], space.Resolve(second.Buffer.Parts[1].BaseAddress).Buffer);
        using (var apart = CompositionLoader.Load(other, files, space, beside: first))
            Assert.False(apart.Buffer.Range.Overlaps(first.Buffer.Range));
        first.Dispose();
        Assert.Equal(held, space.Usage);
        Assert.Same(second.Buffer.Parts[1], space.Resolve(second.Buffer.Parts[1].BaseAddress).Buffer);
        var row = new byte[9_000];
        second[7].Buffer.Read(second[7], 0, row);
        Assert.Equal(File.ReadAllBytes(files[0].Path).AsSpan((int)plan.Tensors[7].FileOffset, 9_000).ToArray(), row);
        second.Dispose();
        Assert.Equal(default, space.Usage);
        Assert.Empty(platform.LockedPages);
    }

    [Fact]
    public void Progress_adds_up_to_the_whole() => Composition.Allowed.Sample(c =>
    {
        var plan = c.Plan().Required();
        var (_, files) = Create(c);
        var reports = new List<LoadProgress>();
        CompositionLoader.Load(plan, files, new AddressSpace(new ScriptedPlatform { LockForReal = false }), new Reports(reports.Add)).Dispose();
        Assert.Equal(reports.Select(report => report.TotalDone), reports.Select(report => report.TotalDone).Order());
        Assert.All(reports.GroupBy(report => (report.Stage, report.BufferType, report.Device)), group => Assert.Equal(group.Last().Total, group.Last().Done));
        if (reports.Count != 0)
            Assert.Equal(reports[^1].GrandTotal, reports[^1].TotalDone);
        foreach (var file in files)
            file.Dispose();
    }, iter: 50);

    [Fact]
    public void A_receipt_is_text_and_json_and_takes_the_other_buffers_in()
    {
        var space = new AddressSpace(new ScriptedPlatform { LockForReal = false });
        var policy = new MemoryPolicy { Lock = LockPolicy.Try, Scope = LockScope.All };
        var (plan, files, _) = Simple([FakeBufferType.Cpu(), FakeBufferType.Far()], 4, 5_000, policy);
        using var weights = CompositionLoader.Load(plan, files, space);
        using var cache = new BufferAllocator(space, policy).Allocate(FakeBufferType.Far(residency: Residency.Unknown), 777, BufferUsage.KvCache, device: "gpu0");
        var receipt = weights.Receipt.With(cache.Receipt!);
        Assert.Equal(weights.Receipt.Asked + 777, receipt.Asked);
        Assert.Equal(777, receipt.NotLocked);
        var text = receipt.ToText();
        foreach (var word in (string[])["map auto", "lock try", "kvCache", "gpu0", "far", $"0x{cache.Range.Start:x}", "cannot tell", "map auto was chosen"])
            Assert.Contains(word, text);
        var json = JsonSerializer.Serialize(receipt);
        var back = JsonSerializer.Deserialize<LoadReceipt>(json)!;
        Assert.Equal(json, JsonSerializer.Serialize(back));
        Assert.Contains("\"Asked\":", json);
    }

    [Fact]
    public void Rows_are_read_in_pieces_whatever_their_size()
    {
        // More than one staging area of 4 MiB, a row that is no divisor of it, and a row larger than it.
        foreach (var (columns, rows) in ((int, int)[])[(3_000_000, 3), (1_000_003, 9), (5_000_000, 2)])
        {
            var spec = new TensorSpec { Name = "w", Type = TensorType.I8, Shape = new(columns, rows) };
            var content = _files.Content(columns * rows, columns);
            var file = _files.Open(content);
            FakeBufferType[] types = [FakeBufferType.Far(), FakeBufferType.Interleaved(), FakeBufferType.Cpu(), new() { Name = "inverted", Traits = new() { HostVisible = true } }];
            var plan = CompositionPlanner.Plan([.. types.Select(type => new WeightRequest { Spec = spec, FileOffset = 0, BufferType = type })], [content.Length], new() { Map = MapPolicy.Off }, new() { PageSize = 4096 }).Required();
            using var weights = CompositionLoader.Load(plan, [file], new AddressSpace());
            for (var i = 0; i < types.Length; i++)
            {
                var read = new byte[content.Length];
                weights[i].Buffer.Read(weights[i], 0, read);
                Assert.True(content.AsSpan().SequenceEqual(read));
            }
        }
    }

    private (byte[][] Contents, WeightFile[] Files) Create(Composition c)
    {
        var contents = c.FileLengths.Select((length, i) => _files.Content((int)length, i)).ToArray();
        lock (_files)
            return (contents, [.. contents.Select(content => WeightFile.Open(_files.Create(content)))]);
    }

    private (CompositionPlan, WeightFile[], string[]) Simple(FakeBufferType type, int tensors, int bytes, MemoryPolicy policy) => Simple([type], tensors, bytes, policy);

    private (CompositionPlan, WeightFile[], string[]) Simple(FakeBufferType[] types, int tensors, int bytes, MemoryPolicy policy)
    {
        var step = (bytes + 31) / 32 * 32;
        var file = _files.Open(_files.Content(step * tensors, tensors));
        var requests = Enumerable.Range(0, tensors).Select(i => new WeightRequest
        {
            Spec = new() { Name = $"t{i}", Type = TensorType.I8, Shape = new(bytes) },
            FileOffset = (long)i * step,
            BufferType = types[i % types.Length],
            UseOrder = i,
        }).ToArray();
        return (CompositionPlanner.Plan(requests, [file.Length], policy, new() { PageSize = HostMemoryPlatform.Current.PageSize }).Required(), [file], [file.Path]);
    }

    private sealed class Reports(Action<LoadProgress> report) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value) => report(value);
    }
}
