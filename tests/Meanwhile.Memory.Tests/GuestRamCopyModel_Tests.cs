using CsCheck;

namespace Meanwhile.Memory.Tests;

/// <summary>
/// Random operations on guest RAM while somebody copies it by the dirty log: each page written is in the next log or, when its round was
/// still under way, in that one; nothing else is; and who copies what the logs name ends with the same memory.
/// </summary>
public class GuestRamCopyModel_Tests
{
    private const int Pages = 48;
    private const int Limit = 12;

    private enum Kind
    {
        Read,
        Write,
        Request,
        Pin,
        Unpin,
        ZeroFirstBlock,
        ZeroPage,
        Prefetch,
        Fetch,
        Discard,
        MarkAbsent,
        Collect,
        Copy,
        RunEvent,
        BlockBoundary,
        BreakSources,
        MendSources,
    }

    [Theory]
    [InlineData(true, 256)]
    [InlineData(false, 256)]
    [InlineData(true, Pages - Limit + 4)]
    public void A_copy_by_the_log_ends_the_same(bool originKeepsContent, int slots)
    {
        Gen<(Kind Kind, int Page, int Length)> operation = Gen.Select(
            Gen.Frequency(
                (4, Gen.Const(Kind.Read)),
                (8, Gen.Const(Kind.Write)),
                (4, Gen.Const(Kind.Request)),
                (1, Gen.Const(Kind.Pin)),
                (1, Gen.Const(Kind.Unpin)),
                (2, Gen.Const(Kind.ZeroFirstBlock)),
                (1, Gen.Const(Kind.ZeroPage)),
                (1, Gen.Const(Kind.Prefetch)),
                (1, Gen.Const(Kind.Fetch)),
                (1, Gen.Const(Kind.Discard)),
                (1, Gen.Const(Kind.MarkAbsent)),
                (2, Gen.Const(Kind.Collect)),
                (4, Gen.Const(Kind.Copy)),
                (9, Gen.Const(Kind.RunEvent)),
                (3, Gen.Const(Kind.BlockBoundary)),
                (slots < 256 ? 1 : 0, Gen.Const(Kind.BreakSources)),
                (1, Gen.Const(Kind.MendSources))),
            Gen.Int[0, Pages - 1],
            Gen.Int[1, 5]);
        operation.Array[0, 700].Sample(
            operations =>
            {
                using var run = new Run(originKeepsContent, slots);
                foreach ((Kind kind, int page, int length) in operations)
                    run.Do(kind, page, Math.Min(length, Pages - page));
                run.Finish();
            },
            iter: 300);
    }

    private sealed class Run : IDisposable
    {
        private readonly SmallMachine machine;
        private readonly ulong[] model = new ulong[Pages];
        private readonly ulong[] copy = new ulong[Pages];
        private readonly HashSet<long> written = []; // Since the last log was taken; all at first.
        private readonly HashSet<long> mayBeLogged = []; // These, those of rounds under way, and what is pinned for writing.
        private readonly List<PageBitmap> rounds = [];
        private readonly PageBitmap toCopy = new(Pages);
        private readonly List<(int First, int Count, bool[] Ready)> pins = [];
        private readonly List<int> answers = [];
        private readonly HashSet<long> origin = [];
        private FakeStore originStore = null!;
        private ulong value = 1;
        private readonly PageReader reader;
        private int copies;

        public Run(bool originKeepsContent, int slots)
        {
            machine = new SmallMachine(Pages, Limit, slots, batch: 3, origin: clock => originStore = new FakeStore(clock, 0)
            {
                KeepsContent = originKeepsContent,
            });
            reader = new PageReader(machine.Ram);
            machine.Tlb.Inline = false;
            machine.Ram.StartDirtyLog();
            for (int page = 0; page < Pages; page++)
                Written(page);
        }

        public void Dispose() => machine.Dispose();

        public void Do(Kind kind, int page, int count)
        {
            switch (kind)
            {
                case Kind.Read:
                    if (machine.Tlb.TryRead(page, 0, out ulong read))
                        Assert.Equal(model[page], read);
                    break;
                case Kind.Write:
                    if (machine.Tlb.TryWrite(page, 0, value))
                        Set(page, value++);
                    break;
                case Kind.Request:
                    int answer = answers.Count;
                    answers.Add(0);
                    machine.Ram.Request(page, () => answers[answer]++);
                    break;
                case Kind.Pin:
                    count = Math.Min(count, 3);
                    bool[] ready = [false];
                    pins.Add((page, count, ready));
                    machine.Ram.Pin((long)page * GuestRam.PageSize, (long)count * GuestRam.PageSize, write: true, () => ready[0] = true);
                    break;
                case Kind.Unpin:
                    int index = pins.FindIndex(pin => pin.Ready[0]);
                    if (index >= 0)
                        UsePinAndUnpin(index);
                    break;
                case Kind.ZeroFirstBlock:
                    if (machine.Ram.TryZeroBlock((long)page * GuestRam.PageSize))
                        Set(page, 0);
                    break;
                case Kind.ZeroPage:
                    if (machine.ZeroPage(page) != 0)
                        Set(page, 0);
                    break;
                case Kind.Prefetch:
                    machine.Ram.Prefetch(page, 4);
                    break;
                case Kind.Fetch:
                    int fetched = answers.Count;
                    answers.Add(0);
                    machine.Ram.TryFetch(page, count, () => answers[fetched]++, out int started);
                    answers[fetched] += 1 - started;
                    break;
                case Kind.Discard:
                    if (!IsPinned(page, 1))
                    {
                        machine.Tlb.Forget();
                        machine.Ram.Discard(page);
                        Set(page, 0);
                    }
                    break;
                case Kind.MarkAbsent:
                    if (!IsPinned(page, count))
                        MarkAbsent(page, count);
                    break;
                case Kind.Collect:
                    Collect();
                    break;
                case Kind.Copy:
                    Copy(page);
                    break;
                case Kind.RunEvent:
                    machine.Clock.RunNext();
                    break;
                case Kind.BlockBoundary:
                    machine.Tlb.BlockBoundary();
                    break;
                case Kind.BreakSources:
                    machine.Store.WriteError = machine.Store.ReadError = originStore.ReadError = "broken";
                    break;
                default:
                    machine.Store.WriteError = machine.Store.ReadError = originStore.ReadError = null;
                    machine.Ram.Resume();
                    break;
            }
            Assert.True(machine.Ram.Statistics().Resident <= Limit);
        }

        public void Finish()
        {
            Do(Kind.MendSources, 0, 1);
            machine.Tlb.BlockBoundary();
            machine.Tlb.Inline = true;
            machine.Clock.RunAll();
            Do(Kind.MendSources, 0, 1);
            machine.Clock.RunAll();
            while (pins.Count != 0)
            {
                int index = pins.FindIndex(pin => pin.Ready[0]);
                Assert.True(index >= 0, "A pin that can be granted is not.");
                UsePinAndUnpin(index);
                machine.Clock.RunAll();
            }
            Assert.All(answers, count => Assert.Equal(1, count));
            Collect();
            Assert.Empty(rounds);
            for (int i = 0; !toCopy.IsEmpty; i++)
            {
                Assert.True(i < 100, "A read never ends.");
                Copy(0);
                machine.Clock.RunAll();
            }
            Assert.Equal(0, copies);
            Assert.Equal(model, copy);
            for (int page = 0; page < Pages; page++)
                Assert.Equal(model[page], machine.Read(page));
            Assert.Equal(0, machine.Ram.Statistics().Pinned);
            Assert.True(machine.Ram.Statistics().PeakResident <= Limit);
        }

        private void Set(int page, ulong to)
        {
            model[page] = to;
            Written(page);
        }

        private void Written(int page)
        {
            if (!rounds.Exists(round => round[page]))
                written.Add(page);
            mayBeLogged.Add(page);
        }

        private bool IsPinned(int first, int count) => pins.Exists(pin => pin.First < first + count && first < pin.First + pin.Count);

        private void MarkAbsent(int first, int count)
        {
            machine.Tlb.Forget();
            var pages = new PageBitmap(Pages);
            for (int page = first; page < first + count; page += 2)
            {
                // What does not keep its content is never asked for a page twice, so it must have a new one.
                if (!originStore.KeepsContent && !origin.Add(page))
                    continue;
                pages.Add(page);
                originStore.Put(page, value);
                Set(page, value++);
            }
            machine.Ram.MarkAbsent(pages);
        }

        private void Collect()
        {
            var log = new PageBitmap(Pages);
            var round = new PageBitmap(Pages);
            rounds.Add(round);
            machine.Ram.CollectDirty(log, () =>
            {
                rounds.Remove(round);
                toCopy.UnionWith(log);
            });
            foreach ((int first, int count, _) in pins)
                mayBeLogged.UnionWith(Enumerable.Range(first, count).Select(page => (long)page));
            Assert.All(written, page => Assert.True(log[page], $"Page {page} was written and is not in the log."));
            for (long page = log.NextPage(0); page < Pages; page = log.NextPage(page + 1))
                Assert.True(mayBeLogged.Contains(page), $"Page {page} is in the log and was not written.");
            round.UnionWith(log);
            written.Clear();
            mayBeLogged.Clear();
            foreach ((int first, int count, _) in pins)
                mayBeLogged.UnionWith(Enumerable.Range(first, count).Select(page => (long)page));
        }

        private void Copy(int from)
        {
            // One read at a time, so that what was read earlier does not come after what was read later.
            if (copies != 0)
                return;
            List<long> pages = [];
            for (long page = toCopy.NextPage(from); page < Pages && pages.Count < 4; page = toCopy.NextPage(page + 1))
                pages.Add(page);
            foreach (long page in pages)
                toCopy.Remove(page);
            copies++;
            reader.Read(pages.ToArray(), error =>
            {
                copies--;
                for (int i = 0; i < reader.Count; i++)
                {
                    if (error is not null)
                        toCopy.Add(reader.Pages[i]);
                    else
                        copy[reader.Pages[i]] = reader.IsZero(i) ? 0 : BitConverter.ToUInt64(reader.Content(i));
                }
            });
        }

        // A device's write to its first pinned page, past the TLB.
        private unsafe void UsePinAndUnpin(int index)
        {
            (int first, int count, _) = pins[index];
            pins.RemoveAt(index);
            ulong* host = (ulong*)machine.Ram.HostAddress((long)first * GuestRam.PageSize);
            Assert.Equal(model[first], *host);
            *host = value;
            for (int page = first; page < first + count; page++)
                mayBeLogged.Add(page);
            Set(first, value++);
            machine.Ram.Unpin((long)first * GuestRam.PageSize, (long)count * GuestRam.PageSize);
        }
    }
}
