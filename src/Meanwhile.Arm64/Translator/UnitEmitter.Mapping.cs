using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <content>
/// The register mapping of the block that is emitted. Jumps between blocks of different mappings exchange registers on the way; everything that
/// leaves the unit, and every handler, has the canonical mapping. Moves alone, so the host's flags and RAX, RCX, RDX stay.
/// </content>
internal sealed unsafe partial class UnitEmitter
{
    private RegisterMapping mapping = RegisterMapping.Canonical;

    /// <summary>The host register of a slot; false when it lives in memory.</summary>
    public bool TryHost(int slot, out Register host) => mapping.TryHost(slot, out host);

    /// <summary>From the current mapping to that of the units' borders.</summary>
    private void ToCanonical() => Exchange(mapping, RegisterMapping.Canonical);

    /// <summary>After a handler, which left all registers in their homes as well.</summary>
    private void FromHandler()
    {
        for (int n = 0; n < Mapped.Length; n++)
        {
            if (mapping.Slots[n] != Mapped[n].Slot)
                A.Load(8, Mapped[n].Host, Home(mapping.Slots[n]));
        }
    }

    /// <summary>All stores come first: a register may move from one host register to another.</summary>
    private void Exchange(RegisterMapping from, RegisterMapping to)
    {
        if (from == to)
            return;
        for (int n = 0; n < Mapped.Length; n++)
        {
            if (from.Slots[n] != to.Slots[n])
                A.Store(8, Home(from.Slots[n]), Mapped[n].Host);
        }
        for (int n = 0; n < Mapped.Length; n++)
        {
            if (from.Slots[n] != to.Slots[n])
                A.Load(8, Mapped[n].Host, Home(to.Slots[n]));
        }
    }
}
