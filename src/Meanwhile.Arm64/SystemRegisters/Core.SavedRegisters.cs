using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.SystemRegisters;

namespace Meanwhile.Arm64;

/// <content>
/// Registers as they are saved and restored: with the masks of MSR, and with what else follows from a write. Between runs, on the core's thread.
/// </content>
public sealed unsafe partial class Core
{
    /// <summary>Most completed device accesses of one instruction.</summary>
    public const int MaximumCompletedMmio = MmioLog.Capacity;

    private static readonly uint ElrEl1 = SystemRegister.Key(3, 0, 4, 0, 1);
    private static readonly uint SpsrEl1 = SystemRegister.Key(3, 0, 4, 0, 0);
    private static readonly uint CtrEl0 = SystemRegister.Key(3, 3, 0, 0, 1);
    private static readonly uint DczidEl0 = SystemRegister.Key(3, 3, 0, 0, 7);
    private static readonly uint MdscrEl1 = SystemRegister.Key(2, 0, 0, 2, 2);
    private static readonly uint OslsrEl1 = SystemRegister.Key(2, 0, 1, 1, 4);
    private static readonly uint DbgclaimclrEl1 = SystemRegister.Key(2, 0, 7, 9, 6);

    /// <summary>Registers of which a write changes more than a field.</summary>
    private static readonly Dictionary<uint, Action<Core, ulong>> Writers = new()
    {
        [SystemRegister.Key(3, 0, 1, 0, 0)] = static (core, value) => core.WriteSctlr(value),
        [SystemRegister.Key(3, 0, 1, 0, 2)] = static (core, value) => core.WriteCpacr(value),
        [SystemRegister.Key(3, 0, 2, 0, 0)] = static (core, value) => core.WriteTtbr0(value),
        [SystemRegister.Key(3, 0, 2, 0, 1)] = static (core, value) => core.WriteTtbr1(value),
        [SystemRegister.Key(3, 0, 2, 0, 2)] = static (core, value) => core.WriteTcr(value),
        [SystemRegister.Key(3, 0, 10, 2, 0)] = static (core, value) => core.WriteMair(value),
        [MdscrEl1] = static (core, value) => core.WriteMdscr(value),
    };

    /// <summary>
    /// Keys of the system registers that hold state, or that say what the PE is. PSTATE's fields, SP_EL0, ELR_EL1, SPSR_EL1, FPCR and FPSR are
    /// core registers, and what is on the bus is its owner's.
    /// </summary>
    public static IReadOnlyList<uint> SavedSystemRegisters { get; } = [.. SystemRegisterTable.Keys.Where(IsSaved)];

    /// <summary>Keys among <see cref="SavedSystemRegisters"/> that never change: what the PE is.</summary>
    public static IReadOnlyList<uint> IdentificationRegisters { get; } = [.. SavedSystemRegisters.Where(IsIdentification)];

    /// <summary>No instruction was completed since the last synchronous exception was taken; see <see cref="EnterException"/>.</summary>
    public bool IsAtException
    {
        get => lastExceptionAt == State->InstructionsRetired;
        set => lastExceptionAt = value ? State->InstructionsRetired : -1;
    }

    /// <summary>What the completed device accesses of the instruction at PC gave, which is to run again.</summary>
    public Span<ulong> CompletedMmio => mmio.Count != 0 && mmio.Pc == State->Pc ? mmio.Data : [];

    /// <summary>Says that the instruction at PC has completed so many device accesses; <see cref="CompletedMmio"/> is then to be filled.</summary>
    public void RestoreCompletedMmio(int count) => mmio.Restore(State->Pc, count);

    /// <summary>Reads one of <see cref="SavedSystemRegisters"/>.</summary>
    public ulong ReadSavedSystemRegister(uint key)
    {
        if (key == CtrEl0)
            return IdRegisters.Ctr;
        if (key == DczidEl0)
            return IdRegisters.DczidBlock;
        SystemRegisterEntry entry = SystemRegisterTable.Known(key)!;
        return IsConstant(entry) ? entry.Operand : *FieldOf(entry);
    }

    /// <summary>
    /// Writes a register as MSR does. False: it is not one of <see cref="SavedSystemRegisters"/>, or cannot have the value because it says what the
    /// PE is.
    /// </summary>
    public bool TryWriteSavedSystemRegister(uint key, ulong value)
    {
        if (SystemRegisterTable.Known(key) is not { } entry || !IsSaved(key))
            return false;
        if (IsIdentification(key))
            return ReadSavedSystemRegister(key) == value;
        if (Writers.TryGetValue(key, out Action<Core, ulong>? write))
            write(this, value & entry.Writable);
        else if (key == OslsrEl1)
            return TryRestoreOsLock(value);
        else if (key == DbgclaimclrEl1)
            State->System.DbgclaimEl1 = value & 0xFF;
        else
            *FieldOf(entry) = value & entry.Writable;
        return true;
    }

    /// <summary>Sets FPCR and FPSR as MSR does.</summary>
    public void RestoreFloatingPointStatus(uint fpcr, uint fpsr)
    {
        State->Fpcr = fpcr & SystemRegisterMoves.FpcrBits;
        State->Fpsr = fpsr & SystemRegisterMoves.FpsrBits;
    }

    /// <summary>The exclusive monitor: the size of its mark (0: it is open), the physical address, and what was read there.</summary>
    public (int Size, ulong Address, UInt128 Value) ExclusiveMonitor
    {
        get => State->ExclusiveSize == 0
            ? default
            : (State->ExclusiveSize, State->ExclusiveAddress, new UInt128(State->ExclusiveHigh, State->ExclusiveLow));
        set
        {
            State->ExclusiveSize = (byte)value.Size;
            State->ExclusiveAddress = value.Address;
            State->ExclusiveLow = (ulong)value.Value;
            State->ExclusiveHigh = (ulong)(value.Value >> 64);
        }
    }

    private static bool IsConstant(SystemRegisterEntry entry) => (entry.Field & FieldAccess.ConstantAtEl1) != 0;

    private static bool IsSaved(uint key)
    {
        if (key == ElrEl1 || key == SpsrEl1)
            return false;
        if (key == CtrEl0 || key == DczidEl0 || key == MdscrEl1 || key == DbgclaimclrEl1)
            return true;
        return SystemRegisterTable.Known(key) is { } entry && (entry.Field & (FieldAccess.ReadAtEl1 | FieldAccess.ConstantAtEl1)) != 0;
    }

    private static bool IsIdentification(uint key) =>
        key == CtrEl0 || key == DczidEl0 || (SystemRegisterTable.Known(key) is { } entry && entry.Write == null && key != OslsrEl1);

    /// <summary>OSLSR_EL1 is read-only: what can differ is the lock, which OSLAR_EL1 changes.</summary>
    private bool TryRestoreOsLock(ulong value)
    {
        if ((value & ~OslsrLocked) != (OslsrReset & ~OslsrLocked))
            return false;
        WriteOslar((value & OslsrLocked) != 0 ? 1u : 0u);
        return true;
    }

    /// <summary>The operand is an offset that the register table took from the same struct.</summary>
    private ulong* FieldOf(SystemRegisterEntry entry) => (ulong*)((byte*)State + entry.Operand);
}
