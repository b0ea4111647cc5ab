using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Translator;

/// <content>Constants that several instructions build (MOVZ, MOVK, MOVK): one host instruction at the last of them.</content>
internal sealed unsafe partial class UnitEmitter
{
    private int constantSlot;
    private int constantIndex = -2;
    private ulong constantValue;

    /// <summary>The current instruction makes <paramref name="slot"/> a constant.</summary>
    public void RememberConstant(int slot, ulong value)
    {
        constantSlot = slot;
        constantValue = value;
        constantIndex = index;
    }

    /// <summary>The constant that the instruction before this one has made of a slot.</summary>
    public bool TryConstant(int slot, out ulong value)
    {
        value = constantValue;
        return constantIndex == index - 1 && constantSlot == slot && !unit.IsBlockStart(index);
    }

    /// <summary>The next instruction is a MOVK that replaces the value of <paramref name="slot"/> before anything can see it.</summary>
    public bool NextCompletesConstant(int slot)
    {
        int next = index + 1;
        if (slot == CpuState.Sink || next >= unit.Length || unit.IsBlockStart(next) || !unit.IsReached[next])
            return false;
        uint word = unit.Words[next];
        return DataProcessingImmediateEncodings.MOVK.Matches(word) && Target(word, 0) == slot;
    }
}
