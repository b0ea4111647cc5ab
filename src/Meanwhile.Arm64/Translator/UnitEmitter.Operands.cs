using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <content>Guest registers as operands. A slot is an index of <see cref="CpuState.X"/>: 31 resolved to Sp, Zr or Sink.</content>
internal sealed unsafe partial class UnitEmitter
{
    /// <summary>The slot of a source field whose lowest bit is <paramref name="low"/>: 31 is XZR.</summary>
    public static int Source(uint word, int low) => Interpreter.Slot.Source(word, low);

    /// <summary>The slot of a destination field whose lowest bit is <paramref name="low"/>: 31 is XZR.</summary>
    public static int Target(uint word, int low) => Interpreter.Slot.Destination(word, low);

    /// <summary>The slot of a field whose lowest bit is <paramref name="low"/>: 31 is SP.</summary>
    public static int OrSp(uint word, int low) => Interpreter.Slot.OrSp(word, low);

    /// <summary>A host register that holds a slot's value: its own, or <paramref name="scratch"/>, loaded. The flags stay.</summary>
    public Register Read(int slot, Register scratch)
    {
        if (TryHost(slot, out Register host))
            return host;
        LoadTo(scratch, slot);
        return scratch;
    }

    /// <summary>Copies a slot's value into a host register. The flags stay.</summary>
    public void LoadTo(Register to, int slot)
    {
        if (slot == CpuState.Zr)
            A.MovImmediate(to, 0);
        else if (!TryHost(slot, out Register host))
            A.Load(8, to, Home(slot));
        else if (host != to)
            A.Mov(true, to, host);
    }

    /// <summary>The host register to compute a slot's new value in: its own, or <paramref name="scratch"/>.</summary>
    public Register Destination(int slot, Register scratch = Register.Rax) => TryHost(slot, out Register host) ? host : scratch;

    /// <summary>Makes a host register's 64-bit value the slot's. The flags stay.</summary>
    public void Commit(int slot, Register from)
    {
        if (slot == CpuState.Sink)
            return;
        if (!TryHost(slot, out Register host))
            A.Store(8, Home(slot), from);
        else if (host != from)
            A.Mov(true, host, from);
    }

    /// <summary>op register, slot.</summary>
    public void Alu(Arithmetic op, bool wide, Register to, int slot)
    {
        if (slot == CpuState.Zr)
            A.AluImmediate(op, wide, to, 0);
        else if (TryHost(slot, out Register host))
            A.Alu(op, wide, to, host);
        else
            A.Alu(op, wide, to, Home(slot));
    }

    /// <summary>Compares a slot with a constant.</summary>
    public void CompareImmediate(bool wide, int slot, int value)
    {
        if (slot == CpuState.Zr)
        {
            A.MovImmediate(Register.Rax, 0);
            A.AluImmediate(Arithmetic.Cmp, wide, Register.Rax, value);
        }
        else if (!TryHost(slot, out Register host))
        {
            A.AluImmediate(Arithmetic.Cmp, wide, Home(slot), value);
        }
        else if (value == 0)
        {
            // CF is clear as after a comparison with 0, and so is OF.
            A.Test(wide, host, host);
        }
        else
        {
            A.AluImmediate(Arithmetic.Cmp, wide, host, value);
        }
    }
}
