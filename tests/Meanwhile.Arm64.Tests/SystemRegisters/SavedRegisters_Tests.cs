using Meanwhile.Arm64.SystemRegisters;

namespace Meanwhile.Arm64.Tests.SystemRegisters;

/// <summary>System registers as they are saved: all that hold anything, with the bits that the guest can set.</summary>
public sealed unsafe class SavedRegisters_Tests
{
    // Not reached by a register that is saved: it has no state (DDI0487 D19.3.20).
    private static readonly string[] s_withoutState = [nameof(SystemRegisterFile.OslarEl1)];

    // All writable bits are zero here: no implementation defined ones (AMAIR_EL1, AFSR*_EL1, ACTLR_EL1).
    private static readonly string[] s_alwaysZero =
    [
        nameof(SystemRegisterFile.AmairEl1), nameof(SystemRegisterFile.Afsr0El1), nameof(SystemRegisterFile.Afsr1El1), nameof(SystemRegisterFile.ActlrEl1),
    ];

    [Fact]
    public void Every_word_of_the_register_file_comes_back()
    {
        using var source = new TestMachine();
        using var destination = new TestMachine();
        foreach (uint key in Core.SavedSystemRegisters.Except(Core.IdentificationRegisters))
            Assert.True(source.Core.TryWriteSavedSystemRegister(key, OneOf(key)), SystemRegister.NameOf(key));
        // These two are core registers of KVM's and go another way.
        source.State->System.ElrEl1 = destination.State->System.ElrEl1 = 1;
        source.State->System.SpsrEl1 = destination.State->System.SpsrEl1 = 1;
        foreach (uint key in Core.SavedSystemRegisters)
            Assert.True(destination.Core.TryWriteSavedSystemRegister(key, source.Core.ReadSavedSystemRegister(key)), SystemRegister.NameOf(key));
        foreach (System.Reflection.FieldInfo field in typeof(SystemRegisterFile).GetFields())
        {
            ReadOnlySpan<ulong> there = Words(source.State, field);
            Assert.True(there.SequenceEqual(Words(destination.State, field)), field.Name);
            bool isSet = !there.Contains(0UL);
            Assert.True(isSet != (s_withoutState.Contains(field.Name) || s_alwaysZero.Contains(field.Name)), $"{field.Name} is {there[0]:x}");
        }
    }

    [Fact]
    public void What_the_PE_is_cannot_be_changed()
    {
        using var machine = new TestMachine();
        foreach (uint key in Core.IdentificationRegisters)
        {
            ulong value = machine.Core.ReadSavedSystemRegister(key);
            Assert.True(machine.Core.TryWriteSavedSystemRegister(key, value));
            Assert.False(machine.Core.TryWriteSavedSystemRegister(key, value ^ 0x10));
            Assert.Equal(value, machine.Core.ReadSavedSystemRegister(key));
        }
    }

    // OSLSR_EL1 can be what it is, with or without the lock (D19.3.21).
    private static ulong OneOf(uint key) => key == SystemRegister.Key(2, 0, 1, 1, 4) ? 8u : ulong.MaxValue;

    private static ReadOnlySpan<ulong> Words(CpuState* state, System.Reflection.FieldInfo field)
    {
        int offset = (int)System.Runtime.InteropServices.Marshal.OffsetOf<SystemRegisterFile>(field.Name);
        int size = field.FieldType == typeof(ulong) ? 1 : 2;
        // Within the struct, which lives as long as the machine.
        return new ReadOnlySpan<ulong>((byte*)&state->System + offset, size);
    }
}
