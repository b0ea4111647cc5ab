using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Arm64.Tests.Mmu;
using Meanwhile.Arm64.Translator;
using static Meanwhile.Arm64.Tests.Mmu.PagedMachine;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>
/// System instructions that the translator has in line, on both engines. Each program runs twice: the first time its accesses miss the TLB, which
/// is the handlers' business, the second time they hit.
/// </summary>
public sealed unsafe class SystemTranslation_Tests
{
    private const ulong User = 0x12_3456_7000, Kernel = 0x12_3456_8000, Unmapped = 0x12_3456_A000;
    private const ulong UserPhysical = DataPhysical, KernelPhysical = DataPhysical + 0x1000;
    private const ulong UserValue = 0x1111_2222_3333_4444, KernelValue = 0x5555_6666_7777_8888;
    private const ulong PermissionFaultAtLevel3 = 0x25UL << 26 | 1 << 25 | 15, SystemTrapClass = 0x18;

    private const uint PanOff = 0xD500409F, PanOn = 0xD500419F, UaoOn = 0xD500417F, UaoOff = 0xD500407F;
    private const uint LdrX1X2 = 0xF9400041, LdrX3X2 = 0xF9400043, LdtrX4X2 = 0xF8400844, LdtrX4X5 = 0xF84008A4;
    private const uint DcZvaX2 = 0xD50B7422, DcCvauX2 = 0xD50B7B22, DcIvacX2 = 0xD5087622, DcCiswX2 = 0xD5087E42;

    [Fact]
    public void They_are_translated_and_not_left_to_their_handlers()
    {
        Encoding[] encodings =
        [
            SystemEncodings.MSR_PAN, SystemEncodings.MSR_UAO, SystemEncodings.MRS, SystemEncodings.MSR_reg, SystemEncodings.DSB,
            SystemEncodings.WFE, SystemEncodings.SEVL, SystemEncodings.SB, SystemEncodings.DC_ZVA, SystemEncodings.DC_IVAC, SystemEncodings.DC_CVAC,
            SystemEncodings.DC_CVAU, SystemEncodings.DC_CVAP, SystemEncodings.DC_CIVAC, SystemEncodings.DC_ISW, SystemEncodings.DC_CSW, SystemEncodings.DC_CISW,
        ];
        Assert.All(encodings, e => Assert.True(TranslationTable.For(HostFeatures.Host).Has(e), $"{e.Name} has no translation"));
    }

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void Code_at_EL1_reaches_user_pages_only_while_PAN_is_clear(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        for (int time = 0; time < 2; time++)
        {
            Run(m, El1 | Pan, PanOff, LdrX1X2, PanOn, PanOn, PanOff, PanOff, LdrX1X2, PanOn, LdrX3X2);
            Assert.Equal(UserValue, m.Machine.X[1]);
            Assert.Equal(0ul, m.Machine.X[3]);
            Assert.Equal(PermissionFaultAtLevel3, m.State->System.EsrEl1);
            Run(m, El1, LdrX1X2, PanOn, LdrX3X2);
            Assert.Equal(0ul, m.Machine.X[3]);
            Assert.Equal(PermissionFaultAtLevel3, m.State->System.EsrEl1);
        }
    }

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void Unprivileged_loads_have_the_permissions_of_EL1_under_UAO(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        for (int time = 0; time < 2; time++)
        {
            Run(m, El1, UaoOn, LdtrX4X5, UaoOff, LdtrX4X2);
            Assert.Equal(UserValue, m.Machine.X[4]);
            Assert.Equal(0ul, m.State->System.EsrEl1);
            Run(m, El1, UaoOn, UaoOff, LdtrX4X5);
            Assert.Equal(PermissionFaultAtLevel3, m.State->System.EsrEl1);
            Run(m, El1, PanOn, UaoOn, LdtrX4X5);
            Assert.Equal(KernelValue, m.Machine.X[4]);
            Run(m, El1, PanOn, UaoOff, LdtrX4X2);
            Assert.Equal(UserValue, m.Machine.X[4]);
            Run(m, El1, UaoOn, PanOn, LdtrX4X2);
            Assert.Equal(PermissionFaultAtLevel3, m.State->System.EsrEl1);
        }
    }

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void DC_ZVA_zeroes_its_block_and_EL0_needs_DZE_for_it(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        for (int time = 0; time < 2; time++)
        {
            for (ulong offset = 0; offset < 256; offset += 8)
                m.Machine.Write(UserPhysical + offset, ulong.MaxValue);
            m.Core.WriteSctlr(0x30D0_0981 | 1 << 14);
            Run(m, El0, User + 0x7B, DcZvaX2);
            Assert.Equal(0ul, m.State->System.EsrEl1);
            for (ulong offset = 0; offset < 256; offset += 8)
                Assert.Equal(offset is >= 64 and < 128 ? 0 : ulong.MaxValue, m.Machine.Read<ulong>(UserPhysical + offset));
            m.Core.WriteSctlr(0x30D0_0981);
            Run(m, El0, User, DcZvaX2);
            Assert.Equal(SystemTrapClass, m.State->System.EsrEl1 >> 26);
            Run(m, El1, Unmapped + 0x7B, DcZvaX2);
            Assert.Equal(Unmapped + 0x7B, m.State->System.FarEl1);
            Assert.Equal(ulong.MaxValue, m.Machine.Read<ulong>(UserPhysical));
        }
    }

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void Cache_maintenance_by_address_faults_where_there_is_no_page_and_EL0_needs_UCI(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        const ulong uci = 1 << 26;
        for (int time = 0; time < 2; time++)
        {
            Run(m, El1, LdrX1X2, DcCvauX2, DcIvacX2, DcCiswX2, LdrX3X2);
            Assert.Equal(UserValue, m.Machine.X[3]);
            Run(m, El1, Unmapped, DcCvauX2);
            Assert.Equal(0x25UL << 26 | 1 << 25 | 1 << 8 | 1 << 6 | 7, m.State->System.EsrEl1);
            m.Core.WriteSctlr(0x30D0_0981 | uci);
            Run(m, El0, LdrX1X2, DcCvauX2, LdrX3X2);
            Assert.Equal(UserValue, m.Machine.X[3]);
            m.Core.WriteSctlr(0x30D0_0981);
            Run(m, El0, DcCvauX2);
            Assert.Equal(SystemTrapClass, m.State->System.EsrEl1 >> 26);
        }
    }

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void NZCV_is_written_and_read_as_a_register(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        for (ulong flags = 0; flags < 16; flags++)
        {
            m.Machine.X[0] = flags << 28 | 0xFFFF_FFFF_0000_0FFF;
            // msr nzcv, x0; mrs x2, nzcv; cset x3, eq; cset x4, cs; cset x5, mi; cset x6, vs; mrs x7, nzcv
            Run(m, El1, 0xD51B4200, 0xD53B4202, 0x9A9F17E3, 0x9A9F37E4, 0x9A9F57E5, 0x9A9F77E6, 0xD53B4207);
            Assert.Equal(flags << 28, m.Machine.X[2]);
            Assert.Equal(flags >> 2 & 1, m.Machine.X[3]);
            Assert.Equal(flags >> 1 & 1, m.Machine.X[4]);
            Assert.Equal(flags >> 3, m.Machine.X[5]);
            Assert.Equal(flags & 1, m.Machine.X[6]);
            Assert.Equal(flags << 28, m.Machine.X[7]);
            Assert.Equal(flags, m.Machine.Nzcv);
        }
    }

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void Only_the_bits_of_a_register_that_exist_are_written(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        m.Machine.X[0] = ulong.MaxValue;
        // msr spsr_el1, x0; msr elr_el1, x0; msr csselr_el1, x0; msr vbar_el1, x0; msr afsr0_el1, x0; msr cntkctl_el1, x0; and reading them
        Run(
            m, El1, 0xD5184000, 0xD5184020, 0xD51A0000, 0xD518C000, 0xD5185100, 0xD518E100,
            0xD5384001, 0xD5384022, 0xD53A0003, 0xD538C004, 0xD5385105, 0xD538E106);
        Assert.Equal(uint.MaxValue, m.Machine.X[1]);
        Assert.Equal(ulong.MaxValue, m.Machine.X[2]);
        Assert.Equal(0xFul, m.Machine.X[3]);
        Assert.Equal(~0x7FFul, m.Machine.X[4]);
        Assert.Equal(0ul, m.Machine.X[5]);
        Assert.Equal(0x3FFul, m.Machine.X[6]);
    }

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void Identification_and_PSTATE_registers_are_read(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        // mrs x0, id_aa64pfr0_el1; x1, id_aa64isar0_el1; x2, id_aa64mmfr5_el1 (reserved); x3, currentel; x4, spsel; x5, pan; x6, uao; x7, ctr_el0; x8, dczid_el0
        Run(m, El1 | Pan, 0xD5380400, 0xD5380601, 0xD53807C2, 0xD5384243, 0xD5384204, 0xD5384265, 0xD5384286, 0xD53B0027, 0xD53B00E8);
        Assert.Equal(IdRegisters.Pfr0, m.Machine.X[0]);
        Assert.Equal(IdRegisters.Isar0, m.Machine.X[1]);
        Assert.Equal(0ul, m.Machine.X[2]);
        Assert.Equal(4ul, m.Machine.X[3]);
        Assert.Equal(1ul, m.Machine.X[4]);
        Assert.Equal(Pan, m.Machine.X[5]);
        Assert.Equal(0ul, m.Machine.X[6]);
        Assert.Equal(IdRegisters.Ctr, m.Machine.X[7]);
        Assert.Equal(4ul, m.Machine.X[8]);
        // EL0 without UCT and DZE: CTR_EL0 is trapped, DCZID_EL0 says that ZVA is prohibited.
        Run(m, El0, 0xD53B00E8, 0xD53B0027);
        Assert.Equal(0x14ul, m.Machine.X[8]);
        Assert.Equal(SystemTrapClass, m.State->System.EsrEl1 >> 26);
        // An identification register at EL0 is undefined.
        Run(m, El0, 0xD5380400);
        Assert.Equal(1ul << 25, m.State->System.EsrEl1);
    }

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void WFE_takes_an_event_or_waits(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        // sevl; wfe; dsb ish; mov x0, #1
        Run(m, El1, 0xD50320BF, 0xD503205F, 0xD5033B9F, 0xD2800020);
        Assert.Equal(1ul, m.Machine.X[0]);
        Assert.Equal(0, m.State->EventRegister);
        m.Machine.X[0] = 0;
        RunResult run = Run(m, El1, 0xD503205F, 0xD2800020);
        Assert.Equal(RunReason.Exit, run.Reason);
        Assert.Equal(PendingKind.WaitForEvent, run.Event.Kind);
        Assert.Equal(0ul, m.Machine.X[0]);
    }

    private static PagedMachine Make(ExecutionEngine engine)
    {
        var m = new PagedMachine(engine: engine);
        m.Map(TestMachine.CodeBase, TestMachine.CodeBase, Af | PagedMachine.User | ReadOnly);
        m.Map(TestMachine.VectorBase, TestMachine.VectorBase, Af | ReadOnly);
        m.Map(User, UserPhysical, Af | PagedMachine.User);
        m.Map(Kernel, KernelPhysical);
        m.Machine.Write(UserPhysical, UserValue);
        m.Machine.Write(KernelPhysical, KernelValue);
        return m;
    }

    /// <summary>Runs the words with X2 at the user page and X5 at the kernel's, then stays at a branch to itself, or at one in a vector.</summary>
    private static RunResult Run(PagedMachine m, ulong pstate, params ReadOnlySpan<uint> words) => Run(m, pstate, User, words);

    private static RunResult Run(PagedMachine m, ulong pstate, ulong x2, params ReadOnlySpan<uint> words)
    {
        m.Machine.Load(TestMachine.CodeBase, [.. words, 0x1400_0000]);
        m.Pstate = pstate;
        m.Machine.X[2] = x2;
        m.Machine.X[5] = Kernel;
        m.Machine.X[3] = m.Machine.X[4] = 0;
        m.State->System.EsrEl1 = 0;
        m.Machine.Pc = TestMachine.CodeBase;
        return m.Core.Run(8 * (words.Length + 1));
    }
}
