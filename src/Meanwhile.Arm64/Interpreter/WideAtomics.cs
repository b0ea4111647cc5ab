using System.Runtime.CompilerServices;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>
/// Compare and exchange of 16 bytes of guest memory. The host has an instruction for it (CMPXCHG16B), .NET has no way to it, so
/// these operations exclude each other with one lock of the process and touch memory with 8-byte atomics only.
/// </summary>
/// <remarks>
/// What that guarantees with several vCPUs: 16-byte operations are atomic to each other, and no store of any size by another vCPU is ever
/// lost (each half changes by a compare-exchange of its own, and the low half is put back when the high half has changed meanwhile).
/// What it does not: another vCPU's narrower load may see the low half exchanged before the high half is.
/// </remarks>
internal static unsafe class WideAtomics
{
    private static readonly Lock Gate = new();

    /// <summary>
    /// Writes <paramref name="newLow"/> and <paramref name="newHigh"/> at <paramref name="host"/> (16-byte aligned, resident guest RAM) if it holds
    /// the expected values. The out values are what was there before.
    /// </summary>
    internal static bool CompareExchange(
        byte* host, ulong expectedLow, ulong expectedHigh, ulong newLow, ulong newHigh, out ulong oldLow, out ulong oldHigh)
    {
        // The caller resolved host as aligned writable guest RAM, so both references are good for the call.
        ref ulong low = ref Unsafe.AsRef<ulong>(host);
        ref ulong high = ref Unsafe.AsRef<ulong>(host + sizeof(ulong));
        lock (Gate)
        {
            oldLow = Volatile.Read(ref low);
            oldHigh = Volatile.Read(ref high);
            if (oldLow != expectedLow || oldHigh != expectedHigh)
                return false;
            oldLow = Interlocked.CompareExchange(ref low, newLow, expectedLow);
            if (oldLow != expectedLow)
                return false;
            oldHigh = Interlocked.CompareExchange(ref high, newHigh, expectedHigh);
            if (oldHigh == expectedHigh)
                return true;
            Interlocked.CompareExchange(ref low, expectedLow, newLow);
            return false;
        }
    }
}
