using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// Which guest registers live in which host registers. Units start and end with <see cref="Canonical"/>; a loop may exchange some of its registers
/// for others that it uses more.
/// </summary>
internal sealed class RegisterMapping
{
    private readonly sbyte[] hostOfSlot = new sbyte[CpuState.Sink + 1];
    private readonly int[] slots;

    /// <summary>A mapping of as many slots of <see cref="CpuState.X"/> as there are host registers, in the order of <see cref="HostLayout.Mapped"/>.</summary>
    public RegisterMapping(int[] slots)
    {
        this.slots = slots;
        Array.Fill(hostOfSlot, (sbyte)-1);
        for (int n = 0; n < slots.Length; n++)
            hostOfSlot[slots[n]] = (sbyte)HostLayout.Mapped[n].Host;
    }

    /// <summary><see cref="HostLayout.Mapped"/>: what handlers, other units and the thunks expect.</summary>
    public static RegisterMapping Canonical { get; } = new([.. HostLayout.Mapped.Select(m => m.Slot)]);

    /// <summary>The slots, in the order of <see cref="HostLayout.Mapped"/>. The others live in their homes.</summary>
    public ReadOnlySpan<int> Slots => slots;

    /// <summary>The host register of a slot; false when it lives in memory.</summary>
    public bool TryHost(int slot, out Register host)
    {
        sbyte number = hostOfSlot[slot];
        host = (Register)number;
        return number >= 0;
    }
}
