using Meanwhile.Arm64.Mmu;
using static Meanwhile.Arm64.Tests.Mmu.PagedMachine;

namespace Meanwhile.Arm64.Tests.Mmu;

/// <summary>Data TLBs that grow: which page is where must not show.</summary>
public sealed unsafe class Mmu_TlbSize_Tests
{
    private const ulong Va = 0x12_3400_0000, Upper = 0xFFFF_8000_1240_0000;
    private const int Small = 4, Pages = 200;

    [Fact]
    public void It_grows_until_pages_that_are_used_in_turn_fit_and_then_stays()
    {
        using PagedMachine m = Make();
        ReadAll(m, times: 20);
        Assert.InRange(m.Core.TlbSize, Pages, 4 * Pages);
        int size = m.Core.TlbSize;
        long fills = m.Core.DataTlbFills;
        ReadAll(m, times: 20);
        Assert.Equal(fills, m.Core.DataTlbFills);
        Assert.Equal(size, m.Core.TlbSize);
    }

    [Fact]
    public void Pages_that_never_come_back_do_not_make_it_grow()
    {
        using PagedMachine m = Make();
        ReadAll(m, times: 1);
        Assert.Equal(Small, m.Core.TlbSize);
    }

    [Fact]
    public void Other_address_spaces_do_not_make_it_grow()
    {
        using PagedMachine m = Make();
        for (ulong asid = 1; asid < 200; asid++)
        {
            m.Core.WriteTtbr0(m.LowerRoot | asid << 48);
            for (ulong n = 0; n < Small; n++)
                Assert.Equal(0ul, m.Read(Va + (n << 12)));
        }
        Assert.Equal(Small, m.Core.TlbSize);
    }

    /// <summary>More than 128 blocks of 2 MiB, all of one place, in each array.</summary>
    [Fact]
    public void It_stops_at_the_size_that_there_is_room_for()
    {
        using PagedMachine m = Make();
        for (ulong block = 0; block < 130; block++)
        {
            m.Map(Va + 0x4000_0000 + (block << 21), DataPhysical, Af | User, level: 2);
            m.Map(Upper + 0x4000_0000 + (block << 21), DataPhysical, level: 2);
        }
        foreach (ulong pstate in (ulong[])[El1, El0, El1 | Pan])
        {
            m.Pstate = pstate;
            ulong from = pstate == El0 ? Va + 0x4000_0000 : Upper + 0x4000_0000;
            for (int time = 0; time < 4; time++)
            {
                for (ulong page = 0; page < 130 << 9; page++)
                    Assert.Equal(0x1000 + (page & 0x1FF), m.ReadValue(from + (page << 12)));
            }
        }
        Assert.Equal(TlbEntry.MaximumCount, m.Core.TlbSize);
    }

    [Fact]
    public void A_page_is_forgotten_by_address_after_growth()
    {
        using PagedMachine m = Grown();
        for (ulong n = 0; n < Pages; n++)
        {
            m.Map(Va + (n << 12), DataPhysical + 0x10_0000, Af | Ng);
            m.Core.Maintain(n % 2 == 0 ? MaintenanceKind.Address : MaintenanceKind.LastLevelAddress, (Va >> 12) + n);
            Assert.Equal(0x1100ul, m.ReadValue(Va + (n << 12)));
            if (n + 1 < Pages)
                Assert.Equal(0x1001 + n, m.ReadValue(Va + ((n + 1) << 12)));
        }
    }

    [Fact]
    public void A_block_is_forgotten_by_any_address_of_it_after_growth()
    {
        using PagedMachine m = Make();
        m.Map(Upper, DataPhysical, level: 2);
        for (int time = 0; time < 20; time++)
        {
            for (ulong n = 0; n < 512; n++)
                Assert.Equal(0x1000 + n, m.ReadValue(Upper + (n << 12)));
        }
        Assert.InRange(m.Core.TlbSize, 512, 2048);
        m.SetDescriptor(Upper, 0, level: 2);
        m.Core.Maintain(MaintenanceKind.LastLevelAddress, (Upper + 0x7000) >> 12);
        for (ulong n = 0; n < 512; n++)
            Assert.Equal(6ul, m.Read(Upper + (n << 12)) & 0x3F);
    }

    [Theory]
    [InlineData(MaintenanceKind.Asid)]
    [InlineData(MaintenanceKind.AllTranslations)]
    internal void All_pages_are_forgotten_after_growth(MaintenanceKind kind)
    {
        using PagedMachine m = Grown();
        for (ulong n = 0; n < Pages; n++)
            m.SetDescriptor(Va + (n << 12), 0);
        m.Core.Maintain(kind, 0);
        for (ulong n = 0; n < Pages; n++)
            Assert.Equal(7ul, m.Read(Va + (n << 12)) & 0x3F);
    }

    /// <summary>More invalidations than there are context numbers: entries of the first must not be met under the same number again.</summary>
    [Fact]
    public void Numbers_that_come_again_meet_no_entry_from_before()
    {
        using PagedMachine m = Grown();
        for (int n = 0; n < 5000; n++)
        {
            bool mapped = (n & 1) != 0;
            ulong va = Va + ((ulong)(n % Pages) << 12);
            m.SetDescriptor(va, mapped ? DataPhysical | Af | Ng | 3 : 0);
            m.Core.Maintain(n % 3 == 0 ? MaintenanceKind.AllTranslations : MaintenanceKind.Asid, 0);
            Assert.Equal(mapped, m.Read(va) == 0);
        }
    }

    /// <summary>for (x0 = Va; x1 > 0; x0 += 4096, x1--) { x2 += *x0; x0[1] = x2; }, twenty times.</summary>
    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void It_grows_while_code_runs(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        m.Map(TestMachine.CodeBase, TestMachine.CodeBase);
        // ldr x3, [x0]; add x2, x2, x3; str x2, [x0, #8]; add x0, x0, #1, lsl #12; subs x1, x1, #1; b.ne .-20; b .
        m.Machine.Load(TestMachine.CodeBase, [0xF9400003, 0x8B030042, 0xF9000402, 0x91400400, 0xF1000421, 0x54FFFF61, 0x14000000]);
        m.Pstate = El1;
        m.Machine.X[2] = 0;
        ulong sum = 0;
        for (int time = 0; time < 20; time++)
        {
            m.Machine.Pc = TestMachine.CodeBase;
            m.Machine.X[0] = Va;
            m.Machine.X[1] = Pages;
            m.Core.Run(6 * Pages);
            for (ulong n = 0; n < Pages; n++)
            {
                sum += 0x1000 + n;
                Assert.Equal(sum, m.Machine.Read<ulong>(DataPhysical + (n << 12) + 8));
            }
            Assert.Equal(sum, m.Machine.X[2]);
        }
        Assert.InRange(m.Core.TlbSize, Pages, 4 * Pages);
    }

    private static void ReadAll(PagedMachine m, int times)
    {
        for (int time = 0; time < times; time++)
        {
            for (ulong n = 0; n < Pages; n++)
                Assert.Equal(0x1000 + n, m.ReadValue(Va + (n << 12)));
        }
    }

    private static PagedMachine Grown()
    {
        PagedMachine m = Make();
        ReadAll(m, times: 20);
        Assert.InRange(m.Core.TlbSize, Pages, 4 * Pages);
        return m;
    }

    /// <summary>Page n of physical memory holds 0x1000 + n.</summary>
    private static PagedMachine Make(ExecutionEngine engine = ExecutionEngine.Interpreter)
    {
        var m = new PagedMachine(engine: engine);
        m.Core.StartWithTlbSize(Small);
        for (ulong n = 0; n < 512; n++)
            m.Machine.Write(DataPhysical + (n << 12), 0x1000 + n);
        for (ulong n = 0; n < Pages; n++)
            m.Map(Va + (n << 12), DataPhysical + (n << 12), Af | Ng);
        return m;
    }
}
