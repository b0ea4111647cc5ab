using CsCheck;

namespace Meanwhile.Hypervisor.Tests.Arm64.GicV3;

/// <summary>IHI0069 12: register values and access sizes; and whatever a guest may write.</summary>
public class GicRegister_Tests
{
    [Fact]
    public void S12_9_The_distributor_identifies_itself()
    {
        GicBench gic = new(started: false);
        Assert.Equal(0x50u, gic.ReadD(0)); // ARE and DS read as one.
        gic.WriteD(0, 0xFFFF_FFFF);
        Assert.Equal(0x53u, gic.ReadD(0));
        uint typer = gic.ReadD(4);
        Assert.Equal(2u, typer & 0x1F); // 32 * (2 + 1) INTIDs.
        Assert.Equal(0u, typer & (1 << 17)); // No LPIs.
        Assert.Equal(0x43Bu, gic.ReadD(8) & 0xFFF);
        Assert.Equal(0x3Bu, gic.ReadD(0xFFE8));
    }

    [Fact]
    public void S12_11_Each_redistributor_names_its_PE_and_the_last_says_so()
    {
        GicBench gic = new(vcpus: 17, started: false);
        Assert.Equal(0u, gic.ReadR(0, 8));
        Assert.Equal(0u, gic.ReadR(0, 0xC));
        Assert.Equal(15u << 8, gic.ReadR(15, 8));
        Assert.Equal((16u << 8) | (1 << 4), gic.ReadR(16, 8));
        Assert.Equal(0x100u, gic.ReadR(16, 0xC));
        Assert.Equal(0x0000_0100_0000_1010UL, gic.Gic.Redistributors.Read((16 * 0x2_0000) + 8, 8));
        Assert.Equal(0x3Bu, gic.ReadR(16, 0xFFE8));
        Assert.Equal(6u, gic.ReadR(16, 0x14));
    }

    [Fact]
    public void S12_9_12_ICFGR_holds_bit_1_of_each_field_and_SGIs_are_always_edge()
    {
        GicBench gic = new();
        gic.WriteD(0xC08, 0xFFFF_FFFF);
        Assert.Equal(0xAAAA_AAAAu, gic.ReadD(0xC08));
        gic.WriteD(0xC0C, 2u << 30);
        Assert.Equal(2u << 30, gic.ReadD(0xC0C));
        Assert.Equal(0xAAAA_AAAAu, gic.ReadD(0xC08));
        gic.WriteR(0, 0x1_0C00, 0);
        Assert.Equal(0xAAAA_AAAAu, gic.ReadR(0, 0x1_0C00));
        gic.WriteR(0, 0x1_0C04, 8);
        Assert.Equal(8u, gic.ReadR(0, 0x1_0C04));
    }

    [Fact]
    public void S12_9_With_affinity_routing_the_distributor_has_no_private_interrupts()
    {
        GicBench gic = new();
        foreach (uint offset in (uint[])[0x80, 0x100, 0x200, 0x300, 0x400, 0x41C, 0xC00, 0xC04, 0x6000, 0x60F8])
        {
            gic.WriteD(offset, 0xFFFF_FFFF);
            Assert.Equal(0u, gic.ReadD(offset));
        }
    }

    [Fact]
    public void S12_1_3_Priorities_can_be_accessed_by_byte_and_routes_by_doubleword_or_word()
    {
        GicBench gic = new();
        gic.Gic.Distributor.Write(0x42A, 1, 0x58);
        Assert.Equal(0x58u, gic.Gic.Distributor.Read(0x42A, 1));
        Assert.Equal(0xA058_A0A0u, gic.ReadD(0x428));
        gic.Gic.Distributor.Write(0x6140, 8, ulong.MaxValue);
        Assert.Equal(0xFF_80FF_FFFFUL, gic.Gic.Distributor.Read(0x6140, 8));
        gic.WriteD(0x6144, 0);
        Assert.Equal(0x80FF_FFFFUL, gic.Gic.Distributor.Read(0x6140, 8));
    }

    [Fact]
    public void S12_2_Interface_registers_that_five_priority_bits_do_not_have_are_undefined()
    {
        GicBench gic = new();
        Assert.False(gic.Gic.CpuInterface(0).TryRead(GicBench.Icc(12, 9, 1), out _));
        Assert.False(gic.Gic.CpuInterface(0).TryWrite(GicBench.Icc(12, 8, 5), 0));
        Assert.False(gic.Gic.CpuInterface(0).TryRead(GicBench.Eoir1, out _));
        Assert.False(gic.Gic.CpuInterface(0).TryWrite(GicBench.Iar1, 0));
        Assert.Equal(7u, gic.Read(GicBench.Sre));
    }

    [Fact]
    public void Whatever_a_guest_accesses_the_interrupt_controller_does_not_throw()
    {
        Gen<(int Kind, ulong Where, int Size, ulong Value)> access = Gen.Select(
            Gen.Int[0, 5],
            Gen.OneOf(Gen.ULong[0, 0x1_0000], Gen.ULong[0, 0x6_0000], Gen.ULong),
            Gen.Int[0, 3].Select(shift => 1 << shift),
            Gen.OneOf(Gen.ULong, Gen.ULong[0, 64], Gen.Const(ulong.MaxValue)));
        Gen<uint> icc = Gen.Select(Gen.Bool.Select(wide => wide ? 12u : 4u), Gen.UInt[6, 12], Gen.UInt[0, 7]).Select((crn, crm, op2) => GicBench.Icc(crn, crm, op2));
        Gen.Select(access, icc).Array[1, 200].Sample(
            accesses =>
            {
                GicBench gic = new(vcpus: 2);
                foreach (((int kind, ulong where, int size, ulong value), uint register) in accesses)
                {
                    switch (kind)
                    {
                        case 0:
                            gic.Gic.Distributor.Write(where, size, value);
                            break;
                        case 1:
                            gic.Gic.Redistributors.Write(where, size, value);
                            break;
                        case 2:
                            Assert.True(size == 8 || gic.Gic.Distributor.Read(where, size) >> (8 * size) == 0);
                            break;
                        case 3:
                            Assert.True(size == 8 || gic.Gic.Redistributors.Read(where, size) >> (8 * size) == 0);
                            break;
                        case 4:
                            gic.Gic.CpuInterface((int)(where & 1)).TryWrite(register, value);
                            break;
                        default:
                            gic.Gic.CpuInterface((int)(where & 1)).TryRead(register, out _);
                            break;
                    }

                    Assert.False(gic.Irq() && gic.Fiq());
                }
            },
            iter: 500,
            threads: 1);
    }
}
