using CsCheck;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.State;
using Meanwhile.Memory;
using Meanwhile.Migration.State;

namespace Meanwhile.Migration.Tests.State;

/// <summary>The container and every section in it: what was saved comes back, and what somebody made up does no harm.</summary>
public sealed class MachineState_Tests
{
    private static readonly Lazy<byte[]> s_stirred = new(() =>
    {
        using SmallMachine machine = Stirred.Make();
        return MachineState.Save(machine.Board);
    });

    public static TheoryData<string> Sections()
    {
        using var machine = new SmallMachine();
        return [.. machine.Board.Hypervisor.StateSections.Select(section => section.SectionName)];
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void What_was_changed_and_saved_is_there_after_restoring(string section)
    {
        using SmallMachine fresh = new();
        fresh.Board.Quiesce();
        byte[] before = Content(MachineState.Save(fresh.Board), section);
        byte[] changed = Content(s_stirred.Value, section);
        // The device has no state of its own, but its transport has.
        Assert.NotEqual(before, changed);
        using SmallMachine restored = new();
        MachineState.Restore(restored.Board, s_stirred.Value);
        Assert.Equal(changed, Content(MachineState.Save(restored.Board), section));
    }

    [Fact]
    public void Saving_changes_nothing()
    {
        using SmallMachine machine = Stirred.Make();
        byte[] first = MachineState.Save(machine.Board);
        machine.Board.Continue();
        machine.Board.Quiesce();
        Assert.Equal(first, MachineState.Save(machine.Board));
    }

    [Fact]
    public void Every_byte_of_it_is_under_the_checksum()
    {
        byte[] state = [.. s_stirred.Value];
        using SmallMachine machine = new();
        for (int index = 0; index < state.Length; index++)
        {
            state[index] ^= 0x10;
            Assert.Throws<StateFormatException>(() => MachineState.Restore(machine.Board, state));
            state[index] ^= 0x10;
        }
    }

    [Fact]
    public void No_beginning_of_it_is_taken_for_the_whole()
    {
        using SmallMachine machine = new();
        for (int length = 0; length < s_stirred.Value.Length; length++)
        {
            Assert.Throws<StateFormatException>(() => MachineState.Restore(machine.Board, s_stirred.Value.AsSpan(0, length)));
            if (length >= 32)
                Assert.Throws<StateFormatException>(() => MachineState.Restore(machine.Board, StateAssembler.Sum(s_stirred.Value.AsSpan(0, length - 32))));
        }
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Any_byte_of_a_section_may_be_made_up(string name)
    {
        List<SavedSection> sections = StateAssembler.Disassemble(s_stirred.Value);
        int place = sections.FindIndex(section => section.Name == name);
        byte[] content = sections[place].Content;
        for (int index = 0; index < content.Length; index++)
        {
            foreach (byte change in (byte[])[0x01, 0xFF])
            {
                byte[] changed = [.. content];
                changed[index] ^= change;
                sections[place] = sections[place] with { Content = changed };
                RestoreAndRun(StateAssembler.Assemble(sections));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void A_section_that_is_too_short_or_too_long_is_refused(string name)
    {
        List<SavedSection> sections = StateAssembler.Disassemble(s_stirred.Value);
        int place = sections.FindIndex(section => section.Name == name);
        SavedSection whole = sections[place];
        int step = Math.Max(1, whole.Content.Length / 40);
        for (int length = whole.Content.Length - 1; length >= 0; length -= step)
        {
            sections[place] = whole with { Content = whole.Content[..length] };
            Assert.Throws<StateFormatException>(() => RestoreOnly(sections));
        }

        sections[place] = whole with { Content = [.. whole.Content, 0] };
        StateFormatException error = Assert.Throws<StateFormatException>(() => RestoreOnly(sections));
        Assert.Equal(name, error.Section);
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void A_section_of_another_version_is_refused(string name)
    {
        List<SavedSection> sections = StateAssembler.Disassemble(s_stirred.Value);
        int place = sections.FindIndex(section => section.Name == name);
        foreach (uint version in (uint[])[0, 99, uint.MaxValue])
        {
            sections[place] = sections[place] with { Version = version };
            StateFormatException error = Assert.Throws<StateFormatException>(() => RestoreOnly(sections));
            Assert.Equal(name, error.Section);
            Assert.Contains("version", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Sections_made_up_at_random_do_no_harm()
    {
        List<SavedSection> original = StateAssembler.Disassemble(s_stirred.Value);
        Gen<(int Section, int Place, byte[] Bytes)> change = Gen.Select(
            Gen.Int[0, original.Count - 1], Gen.Int[0, 100_000], Gen.Byte.Array[1, 24]);
        change.List[1, 6].Sample(
            changes =>
            {
                List<SavedSection> sections = [.. original];
                foreach ((int section, int place, byte[] bytes) in changes)
                {
                    byte[] content = [.. sections[section].Content];
                    for (int index = 0; index < bytes.Length && content.Length != 0; index++)
                        content[(place + index) % content.Length] = bytes[index];
                    sections[section] = sections[section] with { Content = content };
                }

                RestoreAndRun(StateAssembler.Assemble(sections));
            },
            iter: 500);
    }

    [Fact]
    public void A_machine_that_was_restored_in_part_never_runs()
    {
        List<SavedSection> sections = StateAssembler.Disassemble(s_stirred.Value);
        sections[^1] = sections[^1] with { Content = [] };
        using SmallMachine machine = new();
        Assert.Throws<StateFormatException>(() => MachineState.Restore(machine.Board, StateAssembler.Assemble(sections)));
        Assert.Throws<InvalidOperationException>(machine.Board.Continue);
        Assert.Throws<InvalidOperationException>(() => machine.Board.Hypervisor.Run());
    }

    [Fact]
    public void A_machine_of_other_parts_is_refused()
    {
        using SmallMachine machine = new(asyncPageFaults: false);
        StateFormatException error = Assert.Throws<StateFormatException>(() => MachineState.Restore(machine.Board, s_stirred.Value));
        Assert.Equal("saved state: another machine: async-pf there and nothing more here", error.Message);
    }

    [Fact]
    public void Another_disk_is_refused()
    {
        using SmallMachine machine = new(diskSize: 2 << 20);
        StateFormatException error = Assert.Throws<StateFormatException>(() => MachineState.Restore(machine.Board, s_stirred.Value));
        Assert.Equal("saved state of virtio-blk0: the disk has 2048 sectors there and 4096 here", error.Message);
    }

    [Fact]
    public void Another_rate_of_the_clock_is_refused()
    {
        using SmallMachine machine = new(options => options with { Clock = new Hypervisor.Clocks.VirtualClock(3) });
        StateFormatException error = Assert.Throws<StateFormatException>(() => MachineState.Restore(machine.Board, s_stirred.Value));
        Assert.Equal("saved state of clock: the time of instructions is 4 there and 3 here", error.Message);
    }

    [Fact]
    public void Less_memory_is_refused_when_a_part_needs_what_is_missing()
    {
        // The shared block of the stirred machine is inside; the rings are looked at by their device, as a guest's would be.
        using SmallMachine machine = new(options => options with { Memory = new GuestRamOptions { Size = 4096 } });
        StateFormatException error = Assert.Throws<StateFormatException>(() => MachineState.Restore(machine.Board, s_stirred.Value));
        Assert.Equal("async-pf", error.Section);
    }

    private static void RestoreOnly(IReadOnlyList<SavedSection> sections)
    {
        using SmallMachine machine = new();
        MachineState.Restore(machine.Board, StateAssembler.Assemble(sections));
    }

    /// <summary>It is refused, or it is the state of some guest, which may do anything a guest may.</summary>
    private static void RestoreAndRun(byte[] state)
    {
        using SmallMachine machine = new();
        try
        {
            MachineState.Restore(machine.Board, state);
        }
        catch (StateFormatException)
        {
            return;
        }

        machine.Board.Continue();
        RunOutcome outcome = Stirred.Execute(machine, 200);
        Assert.True(outcome.Kind != RunOutcomeKind.Fault, outcome.Exception?.ToString());
    }

    private static byte[] Content(byte[] state, string section) =>
        StateAssembler.Disassemble(state).Single(saved => saved.Name == section).Content;
}
