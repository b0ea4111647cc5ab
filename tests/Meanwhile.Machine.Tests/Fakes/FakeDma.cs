using System.Runtime.InteropServices;
using Meanwhile.Hypervisor.Devices;

namespace Meanwhile.Machine.Tests.Fakes;

/// <summary>RAM with pages that can be absent; guards its ends, and counts pins.</summary>
public sealed unsafe class FakeDma : IDmaMemory, IDisposable
{
    public const ulong Base = 0x4000_0000;
    private const int PageSize = 4096;

    private readonly byte* memory;
    private readonly HashSet<ulong> absent = [];
    private readonly List<(ulong First, ulong Last, Action Retry)> waiting = [];

    public FakeDma(int size)
    {
        Size = size;
        memory = (byte*)NativeMemory.AllocZeroed((nuint)size);
    }

    public int Size { get; }

    public int Pins { get; private set; }

    public int MostPins { get; private set; }

    public int Waiters => waiting.Count;

    public ulong MaximumLength => 255 * PageSize;

    public Span<byte> this[ulong address, int length] => new Span<byte>(memory, Size).Slice((int)(address - Base), length);

    public ref T At<T>(ulong address)
        where T : unmanaged => ref MemoryMarshal.AsRef<T>(this[address, sizeof(T)]);

    public void MakeAbsent(ulong address) => absent.Add(address / PageSize);

    public void MakePresent(ulong address)
    {
        absent.Remove(address / PageSize);
        foreach (var waiter in waiting.ToArray())
        {
            if (IsAbsent(waiter.First, waiter.Last))
                continue;
            waiting.Remove(waiter);
            waiter.Retry();
        }
    }

    public bool TryPin(ulong guestPhysicalAddress, ulong length, bool write, Action<PinnedMemory> ready)
    {
        ulong offset = guestPhysicalAddress - Base;
        if (length == 0 || length > MaximumLength || offset >= (ulong)Size || length > (ulong)Size - offset)
            return false;
        ulong first = guestPhysicalAddress / PageSize;
        ulong last = (guestPhysicalAddress + length - 1) / PageSize;
        void Give() => ready(new Pin(this, memory + offset, (int)length));
        if (IsAbsent(first, last))
            waiting.Add((first, last, Give));
        else
            Give();
        return true;
    }

    public void Dispose() => NativeMemory.Free(memory);

    private bool IsAbsent(ulong first, ulong last)
    {
        for (ulong page = first; page <= last; page++)
        {
            if (absent.Contains(page))
                return true;
        }

        return false;
    }

    private sealed class Pin : PinnedMemory
    {
        private readonly FakeDma owner;
        private readonly byte* pointer;
        private readonly int length;
        private bool disposed;

        public Pin(FakeDma owner, byte* pointer, int length)
        {
            this.owner = owner;
            this.pointer = pointer;
            this.length = length;
            owner.Pins++;
            owner.MostPins = Math.Max(owner.MostPins, owner.Pins);
        }

        public override byte* Pointer => !disposed ? pointer : throw new ObjectDisposedException("pin");

        public override int Length => length;

        public override void Dispose()
        {
            if (disposed)
                throw new ObjectDisposedException("pin");
            disposed = true;
            owner.Pins--;
        }
    }
}
