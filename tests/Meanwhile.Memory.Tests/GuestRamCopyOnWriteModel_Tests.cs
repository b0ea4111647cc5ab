using CsCheck;

namespace Meanwhile.Memory.Tests;

/// <summary>Random operations on guest RAM while images of it are begun, read in any order and ended: an image has what the model had when it began.</summary>
public class GuestRamCopyOnWriteModel_Tests
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
        Begin,
        End,
        Copy,
        RunEvent,
        BlockBoundary,
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_image_has_what_was_there_when_it_began(bool originKeepsContent)
    {
        Gen<(Kind Kind, int Page)> operation = Gen.Select(
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
                (1, Gen.Const(Kind.Begin)),
                (1, Gen.Const(Kind.End)),
                (5, Gen.Const(Kind.Copy)),
                (9, Gen.Const(Kind.RunEvent)),
                (3, Gen.Const(Kind.BlockBoundary))),
            Gen.Int[0, Pages - 1]);
        operation.Array[0, 700].Sample(
            operations =>
            {
                using var run = new Run(originKeepsContent);
                foreach ((Kind kind, int page) in operations)
                    run.Do(kind, page);
                run.Finish();
            },
            iter: 300);
    }

    private sealed class Run : IDisposable
    {
        private readonly SmallMachine machine;
        private readonly ulong[] model = new ulong[Pages];
        private readonly List<(int Page, bool[] Ready)> pins = [];
        private FakeStore originStore = null!;
        private Copy? copy;
        private ulong value = 1;

        public Run(bool originKeepsContent)
        {
            machine = new SmallMachine(Pages, Limit, batch: 3, origin: clock => originStore = new FakeStore(clock, 0) { KeepsContent = originKeepsContent });
            machine.Tlb.Inline = false;
            var absent = new PageBitmap(Pages);
            for (int page = 0; page < Pages; page += 3)
            {
                absent.Add(page);
                originStore.Put(page, value);
                model[page] = value++;
            }
            machine.Ram.MarkAbsent(absent);
        }

        public void Dispose() => machine.Dispose();

        public void Do(Kind kind, int page)
        {
            switch (kind)
            {
                case Kind.Read:
                    if (machine.Tlb.TryRead(page, 0, out ulong read))
                        Assert.Equal(model[page], read);
                    break;
                case Kind.Write:
                    if (machine.Tlb.TryWrite(page, 0, value))
                        model[page] = value++;
                    break;
                case Kind.Request:
                    machine.Ram.Request(page, () => { });
                    break;
                case Kind.Pin:
                    bool[] ready = [false];
                    pins.Add((page, ready));
                    machine.Ram.Pin((long)page * GuestRam.PageSize, GuestRam.PageSize, write: true, () => ready[0] = true);
                    break;
                case Kind.Unpin:
                    UsePinAndUnpin();
                    break;
                case Kind.ZeroFirstBlock:
                    if (machine.Ram.TryZeroBlock((long)page * GuestRam.PageSize))
                        model[page] = 0;
                    break;
                case Kind.ZeroPage:
                    if (machine.ZeroPage(page) != 0)
                        model[page] = 0;
                    break;
                case Kind.Prefetch:
                    machine.Ram.Prefetch(page, 4);
                    break;
                case Kind.Fetch:
                    machine.Ram.TryFetch(page, 1, () => { }, out _);
                    break;
                case Kind.Begin when copy is null:
                    Begin();
                    break;
                case Kind.End:
                    copy?.End();
                    copy = null;
                    break;
                case Kind.Copy:
                    copy?.Read(page);
                    break;
                case Kind.RunEvent:
                    machine.Clock.RunNext();
                    break;
                case Kind.BlockBoundary:
                    machine.Tlb.BlockBoundary();
                    break;
                default:
                    break;
            }
            Assert.True(machine.Ram.Statistics().Resident <= Limit);
        }

        public void Finish()
        {
            machine.Tlb.BlockBoundary();
            machine.Tlb.Inline = true;
            machine.Clock.RunAll();
            while (pins.Count != 0)
            {
                int before = pins.Count;
                UsePinAndUnpin();
                Assert.True(pins.Count < before, "A pin that can be granted is not.");
                machine.Clock.RunAll();
            }
            for (int i = 0; copy is { IsWhole: false }; i++)
            {
                Assert.True(i < 100, "A read never ends.");
                copy.Read(0);
                machine.Clock.RunAll();
            }
            Assert.Equal(0, copy?.Copies ?? 0);
            copy?.End();
            for (int page = 0; page < Pages; page++)
                Assert.Equal(model[page], machine.Read(page));
        }

        // As between two instructions.
        private void Begin()
        {
            bool done = false;
            CopyOnWriteImage image = machine.Ram.BeginCopyOnWrite(() => done = true);
            machine.Tlb.BlockBoundary();
            Assert.True(done);
            copy = new Copy(machine.Ram, image, [.. model]);
        }

        // A device's write, past the TLB.
        private unsafe void UsePinAndUnpin()
        {
            int index = pins.FindIndex(pin => pin.Ready[0]);
            if (index < 0)
                return;
            int page = pins[index].Page;
            pins.RemoveAt(index);
            *(ulong*)machine.Ram.HostAddress((long)page * GuestRam.PageSize) = value;
            model[page] = value++;
            machine.Ram.Unpin((long)page * GuestRam.PageSize, GuestRam.PageSize);
        }
    }

    private sealed class Copy(GuestRam ram, CopyOnWriteImage image, ulong[] expected)
    {
        private readonly PageReader reader = new(ram, image);
        private readonly HashSet<long> read = [];
        private bool isReading;
        private bool hasEnded;

        public long Copies => image.Copies;

        public bool IsWhole => read.Count == Pages && !isReading;

        public void End()
        {
            hasEnded = true;
            image.Dispose();
        }

        public void Read(long from)
        {
            if (isReading)
                return;
            List<long> pages = [];
            for (long page = from; page < Pages && pages.Count < 4; page++)
            {
                if (read.Add(page))
                    pages.Add(page);
            }
            isReading = true;
            reader.Read(pages.ToArray(), error =>
            {
                isReading = false;
                Assert.Null(error);
                // A read that an image's end has overtaken is nobody's any more.
                for (int i = 0; i < reader.Count && !hasEnded; i++)
                    Assert.Equal(expected[reader.Pages[i]], reader.IsZero(i) ? 0 : BitConverter.ToUInt64(reader.Content(i)));
            });
        }
    }
}
