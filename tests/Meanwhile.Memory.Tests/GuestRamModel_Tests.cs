using CsCheck;

namespace Meanwhile.Memory.Tests;

/// <summary>Random operations on guest RAM, beside a model that is just an array of values.</summary>
public class GuestRamModel_Tests
{
    private const int Pages = 48;
    private const int Limit = 12;

    private enum Kind
    {
        Read,
        Write,
        WriteZero,
        Request,
        Pin,
        Unpin,
        ZeroFirstBlock,
        ZeroOtherBlocks,
        Prefetch,
        RunEvent,
        BlockBoundary,
        BreakStore,
        MendStore,
    }

    [Fact]
    public void Content_is_right_the_limit_holds_and_every_callback_comes_once()
    {
        Gen<(Kind Kind, int Page, int Length)> operation = Gen.Select(
            Gen.Frequency(
                (4, Gen.Const(Kind.Read)),
                (6, Gen.Const(Kind.Write)),
                (1, Gen.Const(Kind.WriteZero)),
                (4, Gen.Const(Kind.Request)),
                (1, Gen.Const(Kind.Pin)),
                (1, Gen.Const(Kind.Unpin)),
                (2, Gen.Const(Kind.ZeroFirstBlock)),
                (2, Gen.Const(Kind.ZeroOtherBlocks)),
                (1, Gen.Const(Kind.Prefetch)),
                (9, Gen.Const(Kind.RunEvent)),
                (3, Gen.Const(Kind.BlockBoundary))),
            Gen.Int[0, Pages - 1],
            Gen.Int[1, 3]);
        operation.Array[0, 600].Sample(operations => Check(operations, slots: 256), iter: 300);
    }

    [Fact]
    public void Nothing_is_lost_when_the_store_breaks_and_is_too_small()
    {
        Gen<(Kind Kind, int Page, int Length)> operation = Gen.Select(
            Gen.Frequency(
                (4, Gen.Const(Kind.Read)),
                (6, Gen.Const(Kind.Write)),
                (2, Gen.Const(Kind.WriteZero)),
                (4, Gen.Const(Kind.Request)),
                (9, Gen.Const(Kind.RunEvent)),
                (3, Gen.Const(Kind.BlockBoundary)),
                (1, Gen.Const(Kind.BreakStore)),
                (1, Gen.Const(Kind.MendStore))),
            Gen.Int[0, Pages - 1],
            Gen.Int[1, 3]);
        operation.Array[0, 600].Sample(operations => Check(operations, slots: Pages - Limit + 4), iter: 300);
    }

    private static void Check((Kind Kind, int Page, int Length)[] operations, int slots)
    {
        using var machine = new SmallMachine(Pages, Limit, slots, batch: 3);
        machine.Tlb.Inline = false;
        ulong[] model = new ulong[Pages];
        List<(int First, int Count, bool[] Ready)> pins = [];
        List<int> answers = [];
        ulong value = 1;
        foreach ((Kind kind, int page, int length) in operations)
        {
            int count = Math.Min(length, Pages - page);
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
                case Kind.WriteZero:
                    if (machine.Tlb.TryWrite(page, 0, 0))
                        model[page] = 0;
                    break;
                case Kind.Request:
                    int answer = answers.Count;
                    answers.Add(0);
                    machine.Ram.Request(page, () => answers[answer]++);
                    break;
                case Kind.Pin:
                    bool[] ready = [false];
                    pins.Add((page, count, ready));
                    machine.Ram.Pin((long)page * GuestRam.PageSize, (long)count * GuestRam.PageSize, write: true, () => ready[0] = true);
                    break;
                case Kind.Unpin:
                    int index = pins.FindIndex(pin => pin.Ready[0]);
                    if (index >= 0)
                        UsePinAndUnpin(machine, pins, index, model, value++);
                    break;
                case Kind.ZeroFirstBlock:
                    // The model's value is in the first block.
                    if (machine.Ram.TryZeroBlock((long)page * GuestRam.PageSize))
                        model[page] = 0;
                    break;
                case Kind.ZeroOtherBlocks:
                    for (int block = 1; block < GuestRam.PageSize / GuestRam.ZeroBlockSize; block++)
                        machine.Ram.TryZeroBlock(((long)page * GuestRam.PageSize) + (block * GuestRam.ZeroBlockSize));
                    break;
                case Kind.Prefetch:
                    machine.Ram.Prefetch(page, 4);
                    break;
                case Kind.RunEvent:
                    machine.Clock.RunNext();
                    break;
                case Kind.BlockBoundary:
                    machine.Tlb.BlockBoundary();
                    break;
                case Kind.BreakStore:
                    machine.Store.WriteError = machine.Store.ReadError = "broken";
                    break;
                default:
                    machine.Store.WriteError = machine.Store.ReadError = null;
                    machine.Ram.Resume();
                    break;
            }
            Assert.True(machine.Ram.Statistics().Resident <= Limit);
        }
        Drain(machine, pins, model, ref value);
        Assert.All(answers, count => Assert.Equal(1, count));
        Assert.True(machine.Ram.Statistics().PeakResident <= Limit);
        for (int page = 0; page < Pages; page++)
            Assert.Equal(model[page], machine.Read(page));
    }

    private static void Drain(SmallMachine machine, List<(int First, int Count, bool[] Ready)> pins, ulong[] model, ref ulong value)
    {
        machine.Store.WriteError = machine.Store.ReadError = null;
        machine.Tlb.BlockBoundary();
        machine.Tlb.Inline = true;
        machine.Clock.RunAll(); // What failed before the store was mended says so now.
        machine.Ram.Resume();
        machine.Clock.RunAll();
        while (pins.Count != 0)
        {
            int index = pins.FindIndex(pin => pin.Ready[0]);
            Assert.True(index >= 0, "A pin that can be granted is not.");
            UsePinAndUnpin(machine, pins, index, model, value++);
            machine.Clock.RunAll();
        }
    }

    // A device's write to its first pinned page, past the TLB.
    private static unsafe void UsePinAndUnpin(
        SmallMachine machine, List<(int First, int Count, bool[] Ready)> pins, int index, ulong[] model, ulong value)
    {
        (int first, int count, _) = pins[index];
        pins.RemoveAt(index);
        ulong* host = (ulong*)machine.Ram.HostAddress((long)first * GuestRam.PageSize);
        Assert.Equal(model[first], *host);
        *host = value;
        model[first] = value;
        machine.Ram.Unpin((long)first * GuestRam.PageSize, (long)count * GuestRam.PageSize);
    }
}
