using Meanwhile.Machine.Devices;
using Meanwhile.Machine.Tests.Fakes;

namespace Meanwhile.Machine.Tests.Devices;

/// <summary>After the PL061 technical reference manual, DDI0190.</summary>
public class Pl061_Tests
{
    private const ulong AllData = 0x3FC, Dir = 0x400, Is = 0x404, Ibe = 0x408, Iev = 0x40C, Ie = 0x410, Ris = 0x414, Mis = 0x418, Ic = 0x41C, Afsel = 0x420;

    private readonly FakeLine line = new();
    private readonly Pl061 gpio;

    public Pl061_Tests() => gpio = new Pl061(line);

    [Fact]
    public void After_reset_all_lines_are_inputs_and_no_interrupt_is_enabled()
    {
        Drive(0x28);
        Assert.Equal(0x28u, Get(AllData));
        Assert.All([Dir, Is, Ibe, Iev, Ie, Ris, Mis, Afsel], register => Assert.Equal(0u, Get(register)));
        Assert.False(line.IsHigh);
    }

    // Figures 2-3 and 2-4 of the manual: a write of 0xFB to address 0x098, and a read of 0x0C4.
    [Fact]
    public void Address_bits_9_to_2_mask_what_an_access_of_the_data_is_about()
    {
        Set(Dir, 0xFF);
        Set(0x098, 0xFB);
        Assert.Equal(0x22u, Get(AllData));
        Set(AllData, 0xFE);
        Assert.Equal(0x30u, Get(0x0C4));
        Assert.Equal(0u, Get(0x000));
        Set(0x000, 0x00);
        Assert.Equal(0xFEu, Get(AllData));
    }

    [Fact]
    public void Inputs_show_what_drives_them_and_outputs_what_was_written()
    {
        Set(Dir, 0xF0);
        Drive(0x33);
        Set(AllData, 0xA5);
        Assert.Equal(0xA3u, Get(AllData));
        // What was written while a line was an input is not kept for when it becomes an output.
        Set(Dir, 0xFF);
        Assert.Equal(0xA0u, Get(AllData));
        Set(Dir, 0x00);
        Assert.Equal(0x33u, Get(AllData));
    }

    [Theory]
    [InlineData(0x00, 0x00, 0, 1)] // IBE 0, IEV 0: falling edges
    [InlineData(0x00, 0x08, 1, 0)] // IBE 0, IEV 1: rising edges
    [InlineData(0x08, 0x00, 1, 1)] // IBE 1: both, whatever IEV is
    [InlineData(0x08, 0x08, 1, 1)]
    public void Edges_are_kept_until_they_are_cleared(uint both, uint kind, int rising, int falling)
    {
        Set(Ibe, both);
        Set(Iev, kind);
        Set(Ie, 0xFF);
        gpio.Input(3).SetLevel(true);
        Assert.Equal(8u * (uint)rising, Get(Ris));
        Assert.Equal(rising == 1, line.IsHigh);
        Set(Ic, 0xF7);
        Assert.Equal(8u * (uint)rising, Get(Ris));
        Set(Ic, 0x08);
        Assert.Equal(0u, Get(Ris));
        Assert.False(line.IsHigh);
        gpio.Input(3).SetLevel(true);
        Assert.Equal(0u, Get(Ris));
        gpio.Input(3).SetLevel(false);
        Assert.Equal(8u * (uint)falling, Get(Ris));
        Assert.Equal(falling == 1, line.IsHigh);
    }

    [Theory]
    [InlineData(0x00)] // IEV 0: low
    [InlineData(0x08)] // IEV 1: high
    public void Levels_are_there_as_long_as_the_line_has_them_and_are_not_cleared(uint kind)
    {
        bool active = kind != 0;
        gpio.Input(3).SetLevel(!active);
        Set(Iev, kind);
        Set(Is, 0x08);
        Set(Ie, 0x08);
        Assert.Equal((0u, 0u, false), (Get(Ris), Get(Mis), line.IsHigh));
        gpio.Input(3).SetLevel(active);
        Assert.Equal((8u, 8u, true), (Get(Ris), Get(Mis), line.IsHigh));
        Set(Ic, 0xFF);
        Assert.True(line.IsHigh);
        gpio.Input(3).SetLevel(!active);
        Assert.Equal((0u, 0u, false), (Get(Ris), Get(Mis), line.IsHigh));
    }

    [Fact]
    public void A_masked_interrupt_shows_only_in_RIS()
    {
        Set(Iev, 0xFF);
        Set(Ie, 0xF7);
        gpio.Input(3).SetLevel(true);
        Assert.Equal((8u, 0u, false), (Get(Ris), Get(Mis), line.IsHigh));
        Set(Ie, 0x08);
        Assert.Equal((8u, 8u, true), (Get(Ris), Get(Mis), line.IsHigh));
    }

    [Fact]
    public void Registers_have_eight_bits_and_status_is_not_written()
    {
        foreach (ulong register in (ulong[])[Dir, Is, Ibe, Iev, Ie, Afsel])
        {
            gpio.Reset();
            Set(register, 0x1A5);
            Assert.Equal(0xA5u, Get(register));
        }

        gpio.Reset();
        Set(Ris, 0xFF);
        Set(Mis, 0xFF);
        Assert.Equal((0u, 0u, 0u), (Get(Ris), Get(Mis), Get(Ic)));
    }

    [Fact]
    public void Reset_takes_the_registers_back_and_leaves_the_inputs()
    {
        Set(Iev, 0xFF);
        Set(Ie, 0xFF);
        gpio.Input(3).SetLevel(true);
        Assert.True(line.IsHigh);
        gpio.Reset();
        Assert.False(line.IsHigh);
        Assert.Equal((0u, 0u, 8u), (Get(Ris), Get(Ie), Get(AllData)));
    }

    [Fact]
    public void Identification_registers_are_the_PL061s()
    {
        uint[] expected = [0x61, 0x10, 0x04, 0x00, 0x0D, 0xF0, 0x05, 0xB1];
        Assert.Equal(expected, Enumerable.Range(0, 8).Select(i => Get(0xFE0 + ((ulong)i * 4))));
        Assert.Equal(0u, Get(0x424));
        Assert.Equal(0u, Get(0xFDC));
    }

    private void Drive(uint inputs)
    {
        for (int number = 0; number < Pl061.LineCount; number++)
            gpio.Input(number).SetLevel((inputs & (1u << number)) != 0);
    }

    private uint Get(ulong offset) => (uint)gpio.Read(offset, 4);

    private void Set(ulong offset, uint value) => gpio.Write(offset, 4, value);
}
