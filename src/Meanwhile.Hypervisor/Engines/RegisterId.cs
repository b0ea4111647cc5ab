using Meanwhile.Arm64.SystemRegisters;

namespace Meanwhile.Hypervisor.Engines;

/// <summary>
/// Names of a vCPU's registers as KVM_GET_ONE_REG has them (Linux, Documentation/virt/kvm/api.rst 4.68): architecture, size, group, and the
/// register in its group. So saved state names the same things whatever engine saved it.
/// </summary>
public static class RegisterId
{
    private const ulong Arm64 = 0x6000_0000_0000_0000;
    private const ulong Size32 = 2UL << 52;
    private const ulong Size64 = 3UL << 52;
    private const ulong Size128 = 4UL << 52;
    private const ulong SizeMask = 0xFUL << 52;

    private const ulong CoreGroup = 0x10 << 16;
    private const ulong SystemGroup = 0x13 << 16;
    private const ulong GroupMask = 0x0FFF_0000;

    /// <summary>What KVM has no register for, because its own kernel keeps it or another call gives it.</summary>
    private const ulong OwnGroup = 0xFFF << 16;

    // Offsets in struct kvm_regs, in words of 32 bits.
    private const ulong CoreX = 0;
    private const ulong CoreSpsr = 72;
    private const ulong CoreV = 84;

    /// <summary>SP_EL0.</summary>
    public const ulong SpEl0 = Arm64 | Size64 | CoreGroup | 62;

    /// <summary>PC.</summary>
    public const ulong Pc = Arm64 | Size64 | CoreGroup | 64;

    /// <summary>PSTATE, as SPSR_EL1 holds it.</summary>
    public const ulong Pstate = Arm64 | Size64 | CoreGroup | 66;

    /// <summary>SP_EL1.</summary>
    public const ulong SpEl1 = Arm64 | Size64 | CoreGroup | 68;

    /// <summary>ELR_EL1.</summary>
    public const ulong ElrEl1 = Arm64 | Size64 | CoreGroup | 70;

    /// <summary>SPSR_EL1.</summary>
    public const ulong SpsrEl1 = Arm64 | Size64 | CoreGroup | CoreSpsr;

    /// <summary>FPSR.</summary>
    public const ulong Fpsr = Arm64 | Size32 | CoreGroup | 212;

    /// <summary>FPCR.</summary>
    public const ulong Fpcr = Arm64 | Size32 | CoreGroup | 213;

    /// <summary>MPIDR_EL1: which PE of its machine it is.</summary>
    public const ulong Mpidr = Arm64 | Size64 | SystemGroup | (3 << 14) | 5;

    /// <summary>Instructions that the engine has counted.</summary>
    public const ulong InstructionsRetired = Arm64 | Size64 | OwnGroup | 0;

    /// <summary>1 when no instruction was completed since the last synchronous exception.</summary>
    public const ulong AtException = Arm64 | Size64 | OwnGroup | 1;

    /// <summary>The event register that WFE waits for.</summary>
    public const ulong EventRegister = Arm64 | Size64 | OwnGroup | 2;

    /// <summary>Size in bytes of the access that the exclusive monitor has marked, 0 while it is open.</summary>
    public const ulong ExclusiveSize = Arm64 | Size64 | OwnGroup | 3;

    /// <summary>Physical address of the exclusive monitor's mark.</summary>
    public const ulong ExclusiveAddress = Arm64 | Size64 | OwnGroup | 4;

    /// <summary>What the marking load read.</summary>
    public const ulong ExclusiveValue = Arm64 | Size128 | OwnGroup | 5;

    /// <summary>Device accesses of the instruction at PC that are done and will not be made again when it runs.</summary>
    public const ulong MmioCount = Arm64 | Size64 | OwnGroup | 6;

    private const ulong MmioFirst = Arm64 | Size64 | OwnGroup | 0x100;

    /// <summary>X0..X30.</summary>
    public static ulong X(int number) => Arm64 | Size64 | CoreGroup | (CoreX + (2 * (ulong)number));

    /// <summary>V0..V31.</summary>
    public static ulong V(int number) => Arm64 | Size128 | CoreGroup | (CoreV + (4 * (ulong)number));

    /// <summary>A system register, by the key that <see cref="SystemRegister.Key"/> makes.</summary>
    public static ulong System(uint key) => Arm64 | Size64 | SystemGroup | key;

    /// <summary>What completed device access number <paramref name="index"/> gave.</summary>
    public static ulong MmioData(int index) => MmioFirst + (ulong)index;

    /// <summary>Size of a register's value in bytes; 0 for an id that is none.</summary>
    public static int Size(ulong id) => (id & ~(SizeMask | 0xFFF_FFFF)) != Arm64 ? 0 : (id & SizeMask) switch
    {
        Size32 => 4,
        Size64 => 8,
        Size128 => 16,
        _ => 0,
    };

    /// <summary>The key of a system register's id.</summary>
    public static bool TryGetSystem(ulong id, out uint key)
    {
        key = (uint)id & 0xFFFF;
        return (id & ~0xFFFFUL) == (Arm64 | Size64 | SystemGroup);
    }

    /// <summary>A register's name for people: the manual's where there is one, else the id in hexadecimal.</summary>
    public static string Describe(ulong id)
    {
        if (TryGetSystem(id, out uint key))
            return SystemRegister.NameOf(key);
        ulong number = id & 0xFFFF;
        if ((id & GroupMask) == CoreGroup && id == X((int)(number / 2)) && number < 62)
            return $"X{number / 2}";
        if ((id & GroupMask) == CoreGroup && number is >= CoreV and < 212 && id == V((int)((number - CoreV) / 4)))
            return $"V{(number - CoreV) / 4}";
        return id switch
        {
            SpEl0 => "SP_EL0",
            SpEl1 => "SP_EL1",
            Pc => "PC",
            Pstate => "PSTATE",
            ElrEl1 => "ELR_EL1",
            SpsrEl1 => "SPSR_EL1",
            Fpsr => "FPSR",
            Fpcr => "FPCR",
            InstructionsRetired => "the instruction count",
            AtException => "the mark of an exception",
            EventRegister => "the event register",
            ExclusiveSize or ExclusiveAddress or ExclusiveValue => "the exclusive monitor",
            MmioCount => "the number of completed device accesses",
            >= MmioFirst and < MmioFirst + 64 => "a completed device access",
            _ => $"0x{id:x16}",
        };
    }
}
