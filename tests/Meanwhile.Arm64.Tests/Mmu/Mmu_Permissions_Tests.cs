using Meanwhile.Arm64.Mmu;
using static Meanwhile.Arm64.Tests.Mmu.PagedMachine;

namespace Meanwhile.Arm64.Tests.Mmu;

/// <summary>DDI0487 D8.4: permissions, in the manual's tables.</summary>
public sealed class Mmu_Permissions_Tests
{
    private const ulong Va = 0x12_3456_7000;
    private const ulong PermissionLevel3 = 0xF;

    /// <summary>Table D8-34 (data access permissions): AP[2:1], then what EL1 and EL0 may.</summary>
    [Theory]
    [InlineData(0b00, "rw", "")]
    [InlineData(0b01, "rw", "rw")]
    [InlineData(0b10, "r", "")]
    [InlineData(0b11, "r", "r")]
    public void AP_gives_data_access(uint ap, string el1, string el0)
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | ap << 6);
        AssertData(m, El1, el1);
        AssertData(m, El0, el0);
    }

    /// <summary>APTable[1:0]: 01 removes EL0's access, 10 removes writes, 11 both; nothing is added.</summary>
    [Theory]
    [InlineData(0b00, 0b01, "rw", "")]
    [InlineData(0b01, 0b01, "rw", "")]
    [InlineData(0b01, 0b10, "r", "r")]
    [InlineData(0b00, 0b10, "r", "")]
    [InlineData(0b01, 0b11, "r", "")]
    [InlineData(0b11, 0b01, "r", "")]
    [InlineData(0b11, 0b00, "r", "r")]
    public void APTable_limits_what_AP_gives(uint ap, uint apTable, string el1, string el0)
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | ap << 6, tableAttributes: (ulong)apTable << 61);
        AssertData(m, El1, el1);
        AssertData(m, El0, el0);
    }

    [Fact]
    public void HPD_ignores_hierarchical_permissions()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | User, tableAttributes: ApTableNoUser | ApTableReadOnly | PxnTable | UxnTable);
        m.Tcr |= 1UL << 41;
        AssertData(m, El1, "rw");
        AssertData(m, El0, "rw");
        AssertFetch(m, El0, true);
    }

    [Fact]
    public void PAN_refuses_privileged_access_to_what_EL0_can_access()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | User);
        m.Map(Va + 0x1000, DataPhysical, Af);
        m.Map(Va + 0x2000, DataPhysical, Af | User | ReadOnly);
        AssertData(m, El1 | Pan, "", Va);
        AssertData(m, El1 | Pan, "rw", Va + 0x1000);
        AssertData(m, El1 | Pan, "", Va + 0x2000);
        AssertData(m, El1, "rw", Va);
        AssertData(m, El1 | Pan, "", Va);
        AssertData(m, El0, "rw", Va);
    }

    [Fact]
    public void Unprivileged_accesses_have_EL0s_permissions_and_ignore_PAN()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | User);
        m.Map(Va + 0x1000, DataPhysical, Af);
        m.Pstate = El1 | Pan;
        Assert.Equal(0ul, m.Read(Va, AccessFlags.Unprivileged));
        Assert.Equal(0ul, m.Write(Va, AccessFlags.Unprivileged));
        // Taken from EL1: the exception class is that of the same EL.
        Assert.Equal(0x25UL << 26 | 1 << 25 | PermissionLevel3, m.Read(Va + 0x1000, AccessFlags.Unprivileged));
    }

    [Fact]
    public void UAO_gives_unprivileged_accesses_the_privilege_of_EL1_PAN_included()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | User);
        m.Map(Va + 0x1000, DataPhysical, Af);
        m.Pstate = El1 | Uao;
        Assert.Equal(0ul, m.Read(Va + 0x1000, AccessFlags.Unprivileged));
        m.Pstate = El1 | Uao | Pan;
        Assert.Equal(PermissionLevel3, m.Read(Va, AccessFlags.Unprivileged) & 0x3F);
    }

    /// <summary>Table D8-35 and D8.4.1.2: UXN, PXN; what EL0 can write EL1 cannot execute.</summary>
    [Theory]
    [InlineData(0, true, true)]
    [InlineData(Pxn, false, true)]
    [InlineData(Uxn, true, false)]
    [InlineData(Pxn | Uxn, false, false)]
    [InlineData(User, false, true)]
    [InlineData(User | ReadOnly, true, true)]
    [InlineData(User | Uxn, false, false)]
    [InlineData(ReadOnly | Pxn, false, true)]
    public void UXN_and_PXN_give_instruction_access(ulong attributes, bool el1, bool el0)
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | attributes);
        AssertFetch(m, El1, el1);
        AssertFetch(m, El0, el0);
    }

    [Theory]
    [InlineData(PxnTable, false, true)]
    [InlineData(UxnTable, true, false)]
    [InlineData(ApTableNoUser, true, true)]
    public void Table_attributes_limit_instruction_access(ulong tableAttributes, bool el1, bool el0)
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | User | ReadOnly, tableAttributes: tableAttributes);
        AssertFetch(m, El1, el1);
        AssertFetch(m, El0, el0);
    }

    [Theory]
    [InlineData(0, false, true)]
    [InlineData(ReadOnly, true, true)]
    [InlineData(User, false, false)]
    [InlineData(User | ReadOnly, true, true)]
    public void WXN_makes_writable_memory_not_executable(ulong attributes, bool el1, bool el0)
    {
        using var m = new PagedMachine();
        m.Core.WriteSctlr(0x30D0_0981 | 1 << 19);
        m.Map(Va, DataPhysical, Af | attributes);
        AssertFetch(m, El1, el1);
        AssertFetch(m, El0, el0);
    }

    [Fact]
    public void PAN_does_not_concern_instruction_fetches()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | User | ReadOnly);
        AssertFetch(m, El1 | Pan, true);
    }

    [Fact]
    public void E0PD_makes_unprivileged_accesses_translation_faults_of_level_0()
    {
        using var m = new PagedMachine();
        const ulong Upper = 0xFFFF_8000_0000_0000;
        m.Map(Upper, DataPhysical, Af | User);
        m.Map(Va, DataPhysical, Af | User);
        m.Tcr |= 1UL << 56;
        m.Pstate = El0;
        Assert.Equal(4ul, m.Read(Upper) & 0x3F);
        Assert.Equal(4ul, m.Fetch(Upper) & 0x3F);
        Assert.Equal(0ul, m.Read(Va));
        m.Pstate = El1;
        Assert.Equal(0ul, m.Read(Upper));
        Assert.Equal(4ul, m.Read(Upper, AccessFlags.Unprivileged) & 0x3F);
        m.Tcr = (m.Tcr & ~(1UL << 56)) | 1UL << 55;
        m.Pstate = El0;
        Assert.Equal(0ul, m.Read(Upper));
        Assert.Equal(4ul, m.Read(Va) & 0x3F);
    }

    private static void AssertData(PagedMachine m, ulong pstate, string permitted, ulong va = Va)
    {
        m.Pstate = pstate;
        ulong lower = (pstate & 4) == 0 ? 0x24UL : 0x25UL;
        Assert.Equal(permitted.Contains('r') ? 0 : lower << 26 | 1 << 25 | PermissionLevel3, m.Read(va));
        Assert.Equal(permitted.Contains('w') ? 0 : lower << 26 | 1 << 25 | 1 << 6 | PermissionLevel3, m.Write(va));
        // And again, now that a TLB entry may be there.
        Assert.Equal(permitted.Contains('r'), m.Read(va) == 0);
        Assert.Equal(permitted.Contains('w'), m.Write(va) == 0);
    }

    private static void AssertFetch(PagedMachine m, ulong pstate, bool permitted)
    {
        m.Pstate = pstate;
        ulong ec = (pstate & 4) == 0 ? 0x20UL : 0x21UL;
        Assert.Equal(permitted ? 0 : ec << 26 | 1 << 25 | PermissionLevel3, m.Fetch(Va));
        Assert.Equal(permitted, m.Fetch(Va) == 0);
    }
}
