using Meanwhile.Machine.Devices;
using Meanwhile.Machine.Tests.Fakes;

namespace Meanwhile.Machine.Tests.Devices;

/// <summary>After the PL011 technical reference manual, DDI0183.</summary>
public class Pl011_Tests
{
    private const ulong Dr = 0x00, Rsr = 0x04, Fr = 0x18, Ibrd = 0x24, Fbrd = 0x28, LcrH = 0x2C, Cr = 0x30, Ifls = 0x34;
    private const ulong Imsc = 0x38, Ris = 0x3C, Mis = 0x40, Icr = 0x44, DmaCr = 0x48;
    private const uint FifoEnable = 0x10;
    private const uint Rx = 1 << 4, Tx = 1 << 5, Rt = 1 << 6, Oe = 1 << 10;

    private readonly FakeLine line = new();
    private readonly FakeConsole console = new();
    private readonly Pl011 uart;

    public Pl011_Tests() => uart = new Pl011(line, console);

    [Fact]
    public void Reset_values_are_those_of_table_3_1()
    {
        Assert.Equal(0x300u, Get(Cr));
        Assert.Equal(0x12u, Get(Ifls));
        Assert.Equal(0u, Get(Imsc));
        Assert.Equal(0u, Get(LcrH));
        Assert.Equal(0x90u, Get(Fr) & 0xF8);
    }

    [Fact]
    public void Input_that_came_before_a_reset_is_received_after_it_in_order()
    {
        Set(LcrH, FifoEnable);
        uart.PostInput("a line longer than the FIFO"u8);
        Assert.Equal('a', (char)Get(Dr));
        uart.Reset();
        uart.PostInput("!"u8);
        string received = "";
        while ((Get(Fr) & 0x10) == 0)
            received += (char)Get(Dr);
        Assert.Equal(" line longer than the FIFO!", received);
    }

    [Fact]
    public void Identification_registers_are_the_PL011s()
    {
        uint[] expected = [0x11, 0x10, 0x14, 0x00, 0x0D, 0xF0, 0x05, 0xB1];
        Assert.Equal(expected, Enumerable.Range(0, 8).Select(i => Get(0xFE0 + ((ulong)i * 4))));
    }

    [Fact]
    public void Written_characters_reach_the_host()
    {
        foreach (byte value in "hello"u8)
            Set(Dr, value);
        Assert.Equal("hello", console.Text);
        Assert.Equal(0u, Get(Fr) & 0x28); // neither BUSY nor TXFF
        Assert.Equal(5, uart.Statistics.Single(s => s.Name == "bytes-sent").Value);
    }

    [Fact]
    public void Transmitting_raises_the_transmit_interrupt_until_it_is_cleared()
    {
        Set(Imsc, Tx);
        Assert.False(line.IsHigh);
        Set(Dr, 'x');
        Assert.True(line.IsHigh);
        Assert.Equal(Tx, Get(Mis));
        Set(Icr, Tx);
        Assert.False(line.IsHigh);
    }

    [Fact]
    public void Input_is_read_in_order_and_the_FIFO_flags_follow()
    {
        Set(LcrH, FifoEnable);
        uart.PostInput("ab"u8);
        Assert.Equal(0u, Get(Fr) & 0x10);
        Assert.Equal('a', Get(Dr));
        Assert.Equal('b', Get(Dr));
        Assert.Equal(0x10u, Get(Fr) & 0x10);
        Assert.Equal(0u, Get(Dr));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 4)]
    [InlineData(2, 8)]
    [InlineData(3, 12)]
    [InlineData(4, 14)]
    public void The_receive_interrupt_comes_at_the_level_of_IFLS(uint select, int trigger)
    {
        Set(LcrH, FifoEnable);
        Set(Ifls, select << 3);
        uart.PostInput(new byte[trigger - 1]);
        Assert.Equal(0u, Get(Ris) & Rx);
        uart.PostInput(new byte[1]);
        Assert.Equal(Rx, Get(Ris) & Rx);
        Get(Dr);
        Assert.Equal(0u, Get(Ris) & Rx);
    }

    [Fact]
    public void A_single_key_raises_the_receive_timeout_until_it_is_read()
    {
        Set(LcrH, FifoEnable);
        Set(Imsc, Rx | Rt);
        uart.PostInput("k"u8);
        Assert.True(line.IsHigh);
        Assert.Equal(Rt, Get(Mis));
        Get(Dr);
        Assert.False(line.IsHigh);
    }

    [Fact]
    public void Without_FIFOs_the_holding_register_is_one_deep()
    {
        uart.PostInput("xy"u8);
        Assert.Equal(0x40u, Get(Fr) & 0x50); // full, not empty
        Assert.Equal(Rx, Get(Ris) & Rx);
        Assert.Equal('x', Get(Dr));
        Assert.Equal(0x40u, Get(Fr) & 0x50);
        Assert.Equal('y', Get(Dr));
        Assert.Equal(0x10u, Get(Fr) & 0x50);
    }

    [Fact]
    public void More_input_than_the_FIFO_holds_waits_at_the_host()
    {
        Set(LcrH, FifoEnable);
        byte[] input = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
        uart.PostInput(input);
        Assert.Equal(0x40u, Get(Fr) & 0x40);
        Assert.Equal(input, Enumerable.Range(0, 100).Select(_ => (byte)Get(Dr)));
        Assert.Equal(0u, Get(Ris) & (Rx | Rt | Oe));
    }

    [Fact]
    public void Loop_back_receives_what_is_sent_and_overruns_when_full()
    {
        Set(LcrH, FifoEnable);
        Set(Cr, 0x381);
        for (uint i = 0; i < 17; i++)
            Set(Dr, i);
        Assert.Equal("", console.Text);
        Assert.Equal(Oe, Get(Ris) & Oe);
        Assert.Equal(8u, Get(Rsr) & 8);
        for (uint i = 0; i < 16; i++)
            Assert.Equal(i, Get(Dr) & 0xFF);
        Set(Rsr, 0);
        Assert.Equal(0u, Get(Rsr));
    }

    [Fact]
    public void Loop_back_connects_RTS_to_CTS_and_raises_the_modem_interrupt()
    {
        Set(Cr, 0x380);
        Set(Icr, 0x7FF);
        Assert.Equal(0u, Get(Fr) & 1);
        Set(Cr, 0x380 | (1 << 11));
        Assert.Equal(1u, Get(Fr) & 1);
        Assert.Equal(1u << 1, Get(Ris));
    }

    [Fact]
    public void Registers_keep_their_implemented_bits()
    {
        (ulong Offset, uint Mask)[] registers = [(Ibrd, 0xFFFF), (Fbrd, 0x3F), (LcrH, 0xFF), (Ifls, 0x3F), (Imsc, 0x7FF), (DmaCr, 7), (0x20, 0xFF)];
        foreach ((ulong offset, uint mask) in registers)
        {
            Set(offset, uint.MaxValue);
            Assert.Equal(mask, Get(offset));
        }
    }

    [Fact]
    public void Unknown_offsets_read_zero() => Assert.Equal(0ul, uart.Read(0x80, 4) | uart.Read(0xFE2, 4) | uart.Read(0x2000, 8) | uart.Read(ulong.MaxValue, 1));

    private uint Get(ulong offset) => (uint)uart.Read(offset, 4);

    private void Set(ulong offset, uint value) => uart.Write(offset, 4, value);
}
