using Meanwhile.Arm64.Tests.Mmu;
using static Meanwhile.Arm64.Tests.Mmu.PagedMachine;

namespace Meanwhile.Arm64.Tests.SystemRegisters;

/// <summary>DC, IC, AT and TLBI as instructions: DDI0487 C5.3 to C5.5.</summary>
public sealed unsafe class SystemInstruction_Tests
{
    private const ulong Va = 0x12_3456_7000;
    private const uint DcZva = 0xD50B7420, DcCvac = 0xD50B7A20, DcIvac = 0xD5087620, IcIvau = 0xD50B7520;
    private const uint AtS1E1R = 0xD5087800, AtS1E0W = 0xD5087860, AtS1E1RP = 0xD5087900, MrsPar = 0xD5387400;

    [Fact]
    public void DC_ZVA_zeroes_the_64_byte_block_around_its_address()
    {
        using PagedMachine m = Identity();
        m.Map(Va, DataPhysical);
        for (ulong offset = 0; offset < 256; offset += 8)
            m.Machine.Write(DataPhysical + offset, ulong.MaxValue);
        m.Machine.X[0] = Va + 0x7B;
        m.Machine.Run(DcZva);
        for (ulong offset = 0; offset < 256; offset += 8)
            Assert.Equal(offset is >= 64 and < 128 ? 0 : ulong.MaxValue, m.Machine.Read<ulong>(DataPhysical + offset));
    }

    [Fact]
    public void DC_ZVA_faults_as_a_write_with_its_operand_in_FAR()
    {
        using PagedMachine m = Identity();
        m.Machine.X[0] = Va + 0x7B;
        Assert.Equal(0x25UL << 26 | 1 << 25 | 1 << 6 | 7, m.Machine.RunToException(DcZva));
        Assert.Equal(Va + 0x7B, m.State->System.FarEl1);
        m.Map(Va, DataPhysical, Af | Device);
        m.Machine.X[0] = Va + 0x40;
        Assert.Equal(0x25UL << 26 | 1 << 25 | 1 << 6 | 0x21, m.Machine.RunToException(DcZva));
    }

    [Theory]
    [InlineData(DcCvac)]
    [InlineData(IcIvau)]
    [InlineData(DcIvac)]
    public void Maintenance_by_address_reports_translation_faults_as_cache_maintenance(uint word)
    {
        using PagedMachine m = Identity();
        m.Machine.X[0] = Va + 8;
        Assert.Equal(0x25UL << 26 | 1 << 25 | 1 << 8 | 1 << 6 | 7, m.Machine.RunToException(word));
        Assert.Equal(Va + 8, m.State->System.FarEl1);
        m.Map(Va, DataPhysical);
        m.Machine.X[0] = Va + 8;
        m.Machine.Run(word);
        Assert.Equal(TestMachine.CodeBase + 4, m.Machine.Pc);
    }

    [Fact]
    public void DC_IVAC_needs_permission_to_write_and_DC_CVAC_none_at_EL1()
    {
        using PagedMachine m = Identity();
        m.Map(Va, DataPhysical, Af | ReadOnly);
        m.Machine.X[0] = Va;
        m.Machine.Run(DcCvac);
        Assert.Equal(TestMachine.CodeBase + 4, m.Machine.Pc);
        Assert.Equal(0x25UL << 26 | 1 << 25 | 1 << 8 | 1 << 6 | 0xF, m.Machine.RunToException(DcIvac));
    }

    [Fact]
    public void IC_IVAU_makes_new_instructions_visible()
    {
        using PagedMachine m = Identity();
        const ulong Code = TestMachine.CodeBase + 0x4000;
        m.Machine.X[1] = 0;
        m.Machine.Load(Code, 0x91000421); // add x1, x1, #1
        m.Machine.Pc = Code;
        m.Core.Run(1);
        m.Machine.Write(Code, 0x91002821u); // add x1, x1, #10
        m.Machine.X[0] = Code;
        m.Machine.Run(IcIvau);
        m.Machine.Pc = Code;
        m.Core.Run(1);
        Assert.Equal(11ul, m.Machine.X[1]);
    }

    [Fact]
    public void AT_tells_address_and_attributes_in_PAR()
    {
        using PagedMachine m = Identity();
        m.Map(Va, DataPhysical, Af | 3 << 8);
        m.Map(Va + 0x1000, DataPhysical, Af | Device);
        Assert.Equal(0xFFUL << 56 | DataPhysical | 1 << 11 | 3 << 7, Par(m, AtS1E1R, Va + 0x123));
        Assert.Equal(0x04UL << 56 | DataPhysical | 1 << 11 | 2 << 7, Par(m, AtS1E1R, Va + 0x1123));
    }

    [Fact]
    public void AT_tells_faults_in_PAR_and_takes_no_exception()
    {
        using PagedMachine m = Identity();
        m.Map(Va, DataPhysical, Af | User | ReadOnly);
        Assert.Equal(1ul << 11 | 7 << 1 | 1, Par(m, AtS1E1R, Va + 0x1000));
        Assert.Equal(1ul << 11 | 0xF << 1 | 1, Par(m, AtS1E0W, Va));
    }

    /// <summary>As qemu-system-aarch64 7.2 does.</summary>
    [Fact]
    public void An_external_abort_on_the_walk_of_AT_is_taken()
    {
        using PagedMachine m = Identity();
        m.SetDescriptor(Va, TestMachine.DeviceBase | 3, level: 2);
        m.Machine.X[0] = Va;
        Assert.Equal(0x25UL << 26 | 1 << 25 | 1 << 8 | 1 << 6 | 0x17, m.Machine.RunToException(AtS1E1R));
    }

    [Fact]
    public void AT_S1E1RP_honours_PAN_and_AT_S1E1R_does_not()
    {
        using PagedMachine m = Identity();
        m.Map(Va, DataPhysical, Af | User);
        m.Pstate = El1 | Pan;
        Assert.Equal(0ul, Par(m, AtS1E1R, Va) & 1);
        Assert.Equal(1ul << 11 | 0xF << 1 | 1, Par(m, AtS1E1RP, Va));
    }

    [Fact]
    public void TLBI_VAE1IS_takes_the_page_number_and_ASID_from_its_register()
    {
        using PagedMachine m = Identity();
        m.Map(Va, DataPhysical, Af | Ng);
        m.ReadValue(Va);
        m.SetDescriptor(Va, 0);
        m.Machine.X[0] = Va >> 12;
        m.Machine.Run(0xD5088320); // tlbi vae1is, x0
        Assert.Equal(7ul, m.Read(Va) & 0x3F);
    }

    [Fact]
    public void A_broadcast_reaches_the_other_PEs_of_the_domain()
    {
        using var memory = new SharedMemory();
        using var bus = new TestMachine();
        using var first = new Core(memory, bus, 0);
        using var second = new Core(memory, bus, 1);
        first.Broadcast(Meanwhile.Arm64.Mmu.MaintenanceKind.AllTranslations, 0);
        ulong before = second.State->TlbTag[1];
        second.Run(0);
        Assert.NotEqual(before, second.State->TlbTag[1]);
        first.SendEvent();
        Assert.Equal(1, second.State->EventRegister);
    }

    private sealed class SharedMemory : Meanwhile.Arm64.Mmu.IPhysicalMemory, IDisposable
    {
        private readonly FlatMemory flat = new(1 << 20);

        public Meanwhile.Arm64.Mmu.InnerShareableDomain Domain { get; } = new();

        public Meanwhile.Arm64.Mmu.PhysicalPage Resolve(ulong physicalAddress, bool forWrite) => flat.Resolve(physicalAddress, forWrite);

        public void Dispose() => flat.Dispose();
    }

    /// <summary>Code, vectors and data stand at their physical addresses.</summary>
    private static PagedMachine Identity()
    {
        var m = new PagedMachine();
        m.Map(FlatMemory.Base, FlatMemory.Base, level: 2);
        // The data page's table is there, its entry is not.
        m.SetDescriptor(Va, 0);
        return m;
    }

    private static ulong Par(PagedMachine m, uint word, ulong va)
    {
        m.Machine.X[0] = va;
        m.Machine.Run(word, MrsPar);
        Assert.Equal(TestMachine.CodeBase + 8, m.Machine.Pc);
        return m.Machine.X[0];
    }
}
