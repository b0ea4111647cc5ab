using System.Runtime.InteropServices;

namespace Meanwhile.Memory.Host;

/// <summary>
/// How the kernel schedules the calling thread among others, where it lets us say so: what it refuses makes a guest slower and no worse. Unsafe: the
/// attributes are a local of the size that is passed.
/// </summary>
public static unsafe class ThreadScheduling
{
    private const int OrdinaryPolicy = 0; // SCHED_OTHER
    private const int BatchPolicy = 3; // SCHED_BATCH
    private const ulong UrgentSlice = 100_000;

    /// <summary>Nanoseconds of a thread's turn beside a guest's.</summary>
    private const ulong TurnTime = 800_000;

    /// <summary>
    /// Somebody waits for what this thread does next. A short slice makes it run as soon as it can when it wakes up (sched(7), since Linux 6.12), instead of at the end
    /// of another's; its share of a processor stays the same.
    /// </summary>
    public static void MakeUrgent() => Set(OrdinaryPolicy, Nice, UrgentSlice);

    /// <summary>
    /// Nobody waits for what this thread does: it interrupts no guest and no request when it has something to do. Its share of a processor is that of others:
    /// the guest has enough, and the sooner its memory is there, the better. But it is to <see cref="GiveWay"/> each fraction of a millisecond: the kernel ends the turns
    /// of threads that are always busy at its tick, every 4 ms, and for so long a guest would stand still.
    /// </summary>
    public static void MakeBackground() => Set(BatchPolicy, Nice, TurnTime);

    /// <summary>Lets another thread have this processor, if one wants it (sched_yield(2)).</summary>
    public static void GiveWay() => Thread.Yield();

    // Of this thread: PRIO_PROCESS of getpriority(2).
    private static int Nice => Libc.Priority(0, 0);

    private static void Set(uint policy, int nice, ulong slice)
    {
        var attributes = new SchedulingAttributes { Size = (uint)sizeof(SchedulingAttributes), Policy = policy, Nice = nice, Runtime = slice };
        nint call = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 314,
            Architecture.Arm64 => 274,
            _ => -1,
        };
        _ = Libc.SetScheduling(call, 0, &attributes, 0);
    }

    // struct sched_attr of sched_setattr(2), first version.
    [StructLayout(LayoutKind.Sequential)]
    internal struct SchedulingAttributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }
}
