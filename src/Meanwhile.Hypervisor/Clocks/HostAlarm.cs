using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Meanwhile.Hypervisor.Clocks;

/// <summary>
/// A wait of one thread with nanosecond time-outs, which the framework's own waits (whole milliseconds) are too coarse for: a guest's
/// high-resolution timers are tens of microseconds. Linux eventfd(2) and ppoll(2).
/// </summary>
internal sealed unsafe partial class HostAlarm : IDisposable
{
    private const int EventFdNonBlock = 0x800;
    private const int EventFdCloseOnExec = 0x80000;
    private const short PollIn = 1;
    private readonly Lock gate = new();
    private int descriptor;

    internal HostAlarm()
    {
        descriptor = CreateEventFd(0, EventFdNonBlock | EventFdCloseOnExec);
        if (descriptor < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "eventfd");
    }

    /// <summary>Ends the wait under way, or the next one. Any thread.</summary>
    internal void Wake()
    {
        ulong one = 1;
        lock (gate)
        {
            // A full counter (EAGAIN) is a wake-up already, so the result does not matter. The pointer is to this frame.
            if (descriptor >= 0)
                _ = Write(descriptor, &one, sizeof(ulong));
        }
    }

    /// <summary>Waits for <see cref="Wake"/>, at most <paramref name="nanoseconds"/>, or without limit when that is negative.</summary>
    internal void Wait(long nanoseconds)
    {
        // Pointers are to this frame, which outlives the calls. Only the waiting thread closes the descriptor.
        PollDescriptor poll = new() { Descriptor = descriptor, Events = PollIn };
        TimeSpecification time = new() { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        _ = Poll(&poll, 1, nanoseconds < 0 ? null : &time, null);
        ulong count;
        _ = Read(descriptor, &count, sizeof(ulong));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            if (descriptor >= 0)
                _ = Close(descriptor);
            descriptor = -1;
        }
    }

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int CreateEventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, void* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, TimeSpecification* timeout, void* signalMask);

    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short ReturnedEvents;
    }

    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
